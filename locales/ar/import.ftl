collection-is-gone = لم تعد مجموعة البيانات هذه موجودة.
what-an-import-takes = جدول بصيغة CSV أو XLSX أو JSON، صفّه الأول يسمّي الأعمدة. لا يُنشأ شيء قبل أن ترى ما سينتج عنه.
step-file = 1. الملف
choose-another-file = اختيار ملف آخر
choose-a-file = اختيار ملف
the-file = الملف
sending = جارٍ الإرسال: { $there } من { $size } كيلوبايت
no-readable-table = «{ $name }» ليس جدولًا يمكن قراءته. اختر ملفًا بامتداد csv أو xlsx أو json.
sheet = ورقة العمل
one-of-the-sheets =
    { $sheets ->
         [two] واحدة من ورقتين؛ والأخرى لا تُستورد.
         [few] واحدة من { $sheets } أوراق؛ والأخرى لا تُستورد.
        *[other] واحدة من { $sheets } ورقة؛ والأخرى لا تُستورد.
    }
not-imported = لا يُستورد
columns = الأعمدة
column = العمود
first-values = القيم الأولى
field = الحقل
field-for = حقل العمود { $column }
rows = الصفوف
each-row-makes-a-record = كل صف يُنشئ سجلًا
all-or-nothing = الكل أو لا شيء: صف خاطئ واحد يمنع استيراد بقية الصفوف
row-changes-the-record = الصف يغيّر السجل الذي يطابقه في
key-field = الحقل الذي يُعثر به على السجلات
how-a-key-works = الصف الذي لا يطابق سجلًا يُنشئ سجلًا جديدًا، ولا فرق بين الأحرف الكبيرة والصغيرة. الخلايا الفارغة لا تغيّر شيئًا. وما يحرّره شخص يُتخطّى.
importing = جارٍ الاستيراد
looking-at-every-row = جارٍ فحص كل الصفوف
rows-to-be-skipped = الصفوف التي ستُتخطّى
notes = ملاحظات
step-result = 3. النتيجة
was-cancelled = أُلغي الاستيراد.
skipped-rows = الصفوف المتخطّاة
save-skipped-rows = حفظ الصفوف المتخطّاة في جدول
go-to = الانتقال إلى { $collection }
rows-would-be-skipped =
    سيتم تخطّي { $rows ->
         [one] صف واحد
         [two] صفين
         [few] { $rows } صفوف
         [many] { $rows } صفًا
        *[other] { $rows } صف
    }.
import-records =
    استيراد { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }
rows-were-skipped =
    تم تخطّي { $rows ->
         [one] صف واحد
         [two] صفين
         [few] { $rows } صفوف
         [many] { $rows } صفًا
        *[other] { $rows } صف
    }.
would-be-made =
    سيتم إنشاء { $made ->
         [one] سجل واحد
         [two] سجلين
         [few] { $made } سجلات
         [many] { $made } سجلًا
        *[other] { $made } سجل
    }.
would-be-changed =
    سيتم تغيير { $changed ->
         [one] سجل واحد
         [two] سجلين
         [few] { $changed } سجلات
         [many] { $changed } سجلًا
        *[other] { $changed } سجل
    }.
would-be-changed-and-made =
    سيتم تغيير { $changed ->
         [one] سجل واحد
         [two] سجلين
         [few] { $changed } سجلات
         [many] { $changed } سجلًا
        *[other] { $changed } سجل
    } وإنشاء { $made ->
         [one] سجل واحد
         [two] سجلين
         [few] { $made } سجلات
         [many] { $made } سجلًا
        *[other] { $made } سجل
    }.
match-already =
    { $records ->
         [one] سجل واحد مطابق أصلًا.
         [two] سجلان مطابقان أصلًا.
         [few] { $records } سجلات مطابقة أصلًا.
         [many] { $records } سجلًا مطابقًا أصلًا.
        *[other] { $records } سجل مطابق أصلًا.
    }
were-made =
    تم إنشاء { $made ->
         [one] سجل واحد
         [two] سجلين
         [few] { $made } سجلات
         [many] { $made } سجلًا
        *[other] { $made } سجل
    }.
were-changed =
    تم تغيير { $changed ->
         [one] سجل واحد
         [two] سجلين
         [few] { $changed } سجلات
         [many] { $changed } سجلًا
        *[other] { $changed } سجل
    }.
were-changed-and-made =
    تم تغيير { $changed ->
         [one] سجل واحد
         [two] سجلين
         [few] { $changed } سجلات
         [many] { $changed } سجلًا
        *[other] { $changed } سجل
    } وإنشاء { $made ->
         [one] سجل واحد
         [two] سجلين
         [few] { $made } سجلات
         [many] { $made } سجلًا
        *[other] { $made } سجل
    }.
step-columns =
    2. أعمدة { $file } ({ $rows ->
         [zero] بلا صفوف
         [one] صف واحد
         [two] صفان
         [few] { $rows } صفوف
         [many] { $rows } صفًا
        *[other] { $rows } صف
    })
