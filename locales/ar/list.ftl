exporting = جارٍ التصدير
saved-as = حُفظ باسم { $path }
without = بلا { $field }
too-many-options = خيارات { $field } أكثر مما تتسع له اللوحة. عدد غير المعروض منها: { $cut }
list-by = { $collection } حسب { $field }
more-than-in-brackets = أكثر من { $limit }
select-all = تحديد الكل ({ $total })
set-fields = تعيين حقول
archive = أرشفة
clear = إلغاء التحديد
field-is-gone = لم يعد هذا الحقل موجودًا.
another-field = حقل آخر
field = الحقل
do-not-set = عدم تعيين { $field }
new-value = القيمة الجديدة
working = جارٍ التنفيذ
skipped =
    تم تخطّي { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }.
skipped-records = السجلات المتخطّاة
only-some-are-shown = يُعرض { $shown } فقط من أصل { $total }.
drag-onto-another-day = اسحبه إلى يوم آخر، أو اضغط Shift مع أحد مفاتيح الأسهم
select-record = تحديد { $name }
open-in-a-form = مفتوح في نموذج في هذه اللحظة
typed-and-not-saved = ما كُتب محتفَظ به، ولم يُحفظ بعد
unsaved-changes-of = تغييرات غير محفوظة من { $name }
not-read-yet = لم تقرأ ما حدث هنا
unread = الجديد: { $count }
change-field = تغيير { $field }
no-such-field-any-more = لم يعد هذا الحقل موجودًا.
opening = جارٍ الفتح…
not-saved-either = { $field } من { $name } غير محفوظ أيضًا، وسيُحفظ معه.
open-the-form = فتح النموذج
is-editing-this-record = { $name } يحرّر هذا السجل. ترى ما يكتبه.
cannot-be-changed-now = لا يمكن تغيير هذا السجل الآن.
columns = الأعمدة
move-to-the-left = تقديم العمود { $field }
export-records = تصدير ({ $records })
format = الصيغة
all-columns = كل الأعمدة، لا المعروضة فقط
export = تصدير
all-of-this-holds = إظهار السجلات التي تستوفي كل ما يلي فقط
or = أو
comparison = المقارنة
value = القيمة
choose = اختر…
or-another = أو…
drop-filter-of = إزالة عامل تصفية { $field }
by = حسب
select-all-rows = تحديد كل الصفوف الموجودة هنا
title = العنوان
filters = عوامل التصفية
filters-of-count = عوامل التصفية ({ $count })
search = بحث
search-in-this-list = البحث في هذه القائمة
views = العروض المحفوظة
not-in-the-list-any-more = لم يعد { $title } في القائمة.
has-unsaved-changes = في { $title } تغييرات غير محفوظة. افتحه لحفظها أولًا.
cannot-be-changed-from-here = لا يمكن تغيير { $title } من هنا. افتحه.
is-editing-it-now = { $name } يحرّر { $title } في هذه اللحظة.
may-look-but-not-edit = يمكنك الاطّلاع على { $title } دون تحريره.
no-views-yet = لا توجد عروض محفوظة بعد. صفِّ القائمة ورتّبها، ثم احفظها هنا.
views-for-everybody = للجميع
view-by = من { $name }
delete-view = حذف العرض المحفوظ { $name }
name-of-the-view = اسم هذا العرض
for-everybody = للجميع
save-view = حفظ العرض
import = استيراد
definition = التعريف
as-remembered-from = كما يتذكّرها هذا الحاسوب، بتاريخ { $when }.
only-here-so-far = على هذا الحاسوب فقط حتى الآن
none-yet = لا توجد سجلات بعد في { $collection }
first-one-appears-here = أول سجل يحفظه أي شخص يظهر هنا فورًا للجميع.
nothing-contains = لا شيء يحتوي على «{ $words }».
nothing-contains-filtered = لا شيء يحتوي على «{ $words }» ويستوفي عوامل التصفية.
no-record-is-like-that = لا يوجد سجل بهذه الصفات.
search-instead-for = البحث عن «{ $words }» بدلًا من ذلك
show-all = إظهار الكل
set-in-records =
    تعيين في { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }
records-changed =
    تم تغيير { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }.
is-editing =
    { $name } يحرّر{ $others ->
         [0] { "" }
        *[other] ، في الانتظار: { $others }
    }
ask-to-undo =
    هل تريد التراجع عن التغيير في { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }؟
