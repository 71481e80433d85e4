choose = اختر…
no-longer-offered-value = { $value } (لم يعد متاحًا)
no-longer-offered = (لم يعد متاحًا)
choose-from-calendar = اختيار { $field } من تقويم
choose-value-of = اختيار { $field }
time = الوقت
no-file = لا يوجد ملف
sending-the-file = جارٍ إرسال الملف
sent-of = { $sent } من { $size }
choose-another-file = اختيار ملف آخر
choose-a-file = اختر ملفًا، أو أفلته هنا
not-put-in = لم يُدرج «{ $file }»: شخص آخر يحرّر الآن.
show-it-large = عرض مكبّر
show-file-large = عرض { $file } مكبّرًا
save-a-copy-of = حفظ نسخة من { $file }
save-a-copy = حفظ نسخة
take-file-out-of = إزالة { $file } من { $field }
too-large-to-show = حجمه { $size }. احفظ نسخة منه لعرضه.
the-month-before = الشهر السابق
the-next-month = الشهر التالي
not-there-any-more = (لم يعد موجودًا)
remove-the-link-to = إزالة الارتباط مع { $title }
no-record-is-linked = لا يوجد ارتباط
search-for-a-record-to-link = البحث عن سجل لربطه
find-a-record-for = البحث عن سجل للحقل { $field }
records = السجلات
nothing-found = لا نتائج
create-titled = إنشاء «{ $title }»
bold = غامق
italic = مائل
underlined = تحته خط
heading = عنوان
plain-paragraph = فقرة عادية
list = قائمة
numbered-list = قائمة مرقّمة
quotation = اقتباس
table = جدول
add-row = إضافة صف
delete-row = حذف الصف
add-column = إضافة عمود
delete-column = حذف العمود
delete-table = حذف الجدول
take-link-away = إزالة الرابط
no-formatting = إزالة التنسيق
formatting-of = تنسيق { $label }
link-address-hint = https:// للرابط
address-of-a-link = عنوان الرابط
link = رابط
changed-by = غيّره { $name }
changed-by-at = غيّره { $name }، { $when }
read-only = للقراءة فقط
needed = مطلوب
only-the-beginning-is-here = على هذا الحاسوب البداية فقط. ويظهر كاملًا حالما يتم الوصول إلى الخادم.
comment-on =
    التعليق على { $field }{ $threads ->
         [0] { "" }
         [one] : نقاش مفتوح واحد
         [two] : نقاشان مفتوحان
         [few] : { $threads } نقاشات مفتوحة
         [many] : { $threads } نقاشًا مفتوحًا
        *[other] : { $threads } نقاش مفتوح
    }
file-too-large = الملف كبير جدًا: الحد الأقصى { $size }.
file-unreadable = تعذّرت قراءة الملف.
changed = تغيّر
