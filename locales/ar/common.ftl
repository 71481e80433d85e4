stay = البقاء
cancel = إلغاء
edit = تعديل
delete = حذف
save = حفظ
ask-to-delete-for-ever = حذف نهائي: { $what }؟
delete-for-ever = حذف نهائي
nothing-can-be-brought-back = لن يمكن استعادة أي شيء منه: تزول معه القيم والإصدارات والتعليقات وما لم يُحفظ فيه.
copy = نسخ
copied = تم النسخ
drag-or-arrow-keys = اسحب، أو استخدم مفاتيح الأسهم
move-by-arrow-keys = نقل { $name } بمفاتيح الأسهم
yes = نعم
no = لا
close = إغلاق
remove = إزالة
you-in-brackets = (أنت)
restore = استعادة
quoted = «{ $title }»
show-more = عرض المزيد
undo = تراجع
add = إضافة
done = تم
loading = جارٍ التحميل
where-you-are = مكانك الحالي
collections = مجموعات البيانات
what-is-selected = المحدّد
selected = المحدّد: { $count }
select-titled = تحديد { $title }
untitled = بلا عنوان
records =
    { $records ->
         [zero] لا سجلات
         [one] سجل واحد
         [two] سجلان
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }
more-than-records =
    أكثر من { $limit ->
         [one] سجل واحد
         [two] سجلين
         [few] { $limit } سجلات
         [many] { $limit } سجلًا
        *[other] { $limit } سجل
    }
