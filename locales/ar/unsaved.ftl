nobody-left-anything = لم يترك أحد شيئًا غير محفوظ
what-appears-here = يظهر هنا ما يكتبه شخص ولا يحفظه، مع اسم صاحبه.
typed-and-not-saved = تغييرات كُتبت ولم تُحفظ.
everybodys-unsaved-work = العمل غير المحفوظ للجميع
new-definition = تعريف جديد
definition = تعريف
new-record = سجل جديد
record = سجل
title = العنوان
collection = مجموعة البيانات
kind = النوع
whose = صاحبه
last-change = آخر تغيير
typed-and-removed-after =
    تغييرات كُتبت ولم تُحفظ. يُزال السجل الذي لم يُحفظ قط بعد { $days ->
         [one] يوم واحد
         [two] يومين
         [few] { $days } أيام
         [many] { $days } يومًا
        *[other] { $days } يوم
    } من آخر تغيير فيه.
