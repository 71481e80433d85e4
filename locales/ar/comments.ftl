comments = التعليقات
hide-resolved = إخفاء النقاشات المنتهية
show-resolved =
    { $open ->
         [one] إظهار نقاش منتهٍ واحد
         [two] إظهار نقاشين منتهيين
         [few] إظهار { $open } نقاشات منتهية
         [many] إظهار { $open } نقاشًا منتهيًا
        *[other] إظهار { $open } نقاش منتهٍ
    }
about = حول { $label }
write-a-comment = اكتب تعليقًا. استخدم @ لذكر شخص.
comment = إضافة تعليق
when-the-server-is-back = عند عودة الخادم
was-changed = ، عُدِّل
change-the-comment = تعديل التعليق
resolved-by = أنهاه { $name }، { $when }
answer = ردّ
resolve = إنهاء النقاش
open-again = إعادة الفتح
open =
    { $count ->
         [one] نقاش مفتوح واحد
         [two] نقاشان مفتوحان
         [few] { $count } نقاشات مفتوحة
         [many] { $count } نقاشًا مفتوحًا
        *[other] { $count } نقاش مفتوح
    }
not-sent-yet = تعليقات لم تُرسل بعد
not-taken = لم يُقبل: { $why }
being-sent = قيد الإرسال
sent-when-the-server-is-back = ينتظر على هذا الحاسوب؛ يُرسل حين يعود الخادم
discard = تجاهل
