getting-ready = جارٍ التحضير…
done-of = { $done } من { $total }
why = السبب
row = الصف
title = العنوان
field = الحقل
restoring = جارٍ الاستعادة
deleting = جارٍ الحذف
undoing = جارٍ التراجع
restored =
    تمت استعادة { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }.
deleted =
    تم حذف { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    } نهائيًا.
undone =
    تم التراجع عن التغيير في { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }.
not-restored = ما لم يُستعد
not-deleted = ما لم يُحذف
not-undone = ما لم يُتراجع عنه
more-reasons =
    { $reasons ->
         [one] وسبب واحد آخر.
         [two] وسببان آخران.
         [few] و{ $reasons } أسباب أخرى.
         [many] و{ $reasons } سببًا آخر.
        *[other] و{ $reasons } سبب آخر.
    }
