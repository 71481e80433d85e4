nothing-is-here = لا شيء هنا
what-appears-here = يظهر هنا كل سجل يُؤرشف أو يُحذف، مع النص الذي لم يكن محفوظًا فيه.
archive-and-bin = الأرشيف وسلة المحذوفات
select-everything = تحديد الكل
title = العنوان
where-column = المكان
since = منذ
delete-for-ever = حذف نهائي…
clear = إلغاء التحديد
place-archive = الأرشيف
place-bin = سلة المحذوفات
how-long-it-stays =
    يبقى المؤرشف إلى أن يستعيده أحد. أما المحذوف فيُحذف نهائيًا بعد { $days ->
         [one] يوم واحد
         [two] يومين
         [few] { $days } أيام
         [many] { $days } يومًا
        *[other] { $days } يوم
    }.
