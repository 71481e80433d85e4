status-published = منشور
status-draft = مسودة
status-archived = مؤرشف
groups-only = عبر الفرق فقط
viewer = مُطّلع
editor = محرّر
admin = مسؤول
no-access = بلا صلاحية
access-view = اطّلاع
access-manage = إدارة
as-the-collection = مثل مجموعة البيانات
read-only = للقراءة فقط
hidden = مخفي
active = نشط
has-to-choose-a-password = عليه اختيار كلمة مرور
has-to-set-up-a-factor = عليه إعداد عامل ثانٍ
deactivated = معطّل
forgotten = مُحي الاسم
a-record = سجل
mentioned-you-at = { $name } ذكرك في { $title }
answered-you-at = { $name } ردّ عليك في { $title }
saved-title = { $name } حفظ { $title }
asked-to-edit = { $name } طلب تحرير { $title }
you-edit-now-after = أنت تحرّر { $title } الآن بعد { $name }
handed-to-you = { $name } سلّمك { $title }
took-over = { $name } تولّى { $title }
import-ended =
    اكتمل استيرادك إلى { $collection }: { $records ->
         [zero] لا سجلات
         [one] سجل واحد
         [two] سجلان
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }{ $rows ->
         [0] .
         [one] ، وتُخطي صف واحد.
         [two] ، وتُخطي صفان.
         [few] ، وتُخطيت { $rows } صفوف.
         [many] ، وتُخطي { $rows } صفًا.
        *[other] ، وتُخطي { $rows } صف.
    }
import-failed = فشل استيرادك إلى { $collection }
when-mentioned = يذكرني شخص في تعليق
when-answered = يردّ شخص في نقاش كتبت فيه
when-saved = يُحفظ سجل أتابعه
when-asked = يطلب شخص تحرير ما أحرّره
when-promoted = يحين دوري في التحرير
when-handed-over = يسلّمني شخص نموذجًا
when-import-ended = ينتهي استيراد لي
when-taken-over = يتولّى شخص ما كنت أحرّره
person-says = يقول { $name }: { $text }
page-list-of = قائمة { $collection }
page-record-of = سجل من { $collection }
page-definition-of = تعريف { $collection }
page-other = صفحة أخرى
text = نص
type-text-for = سطر واحد
long-text = نص طويل
type-textarea-for = عدة أسطر
formatted-text = نص منسّق
type-rich-text-for = عناوين وقوائم وروابط
e-mail = بريد إلكتروني
type-email-for = عنوان للمراسلة
web-address = عنوان ويب
type-url-for = عنوان صفحة
number = رقم
type-number-for = دقيق، مع كسور عشرية
yes-or-no = نعم أو لا
type-boolean-for = مفتاح تبديل
date = تاريخ
type-date-for = يوم
date-and-time = تاريخ ووقت
type-date-time-for = يوم ووقت كما تعرضه الساعة
choice = اختيار
type-select-for = واحد من عدة خيارات، في قائمة
choice-all-in-sight = اختيار ظاهر كله
type-radio-for = واحد من بضعة خيارات
several-choices = اختيار متعدد
type-checkboxes-for = أي عدد من عدة خيارات
link = ارتباط
type-relation-for = سجلات من نوع آخر
file = ملف
type-file-for = مستند يحتفظ به الخادم
picture = صورة
type-image-for = PNG أو JPEG أو GIF أو WebP
contains = يحتوي على
is = هو
is-not = ليس
is-at-least = لا يقل عن
is-at-most = لا يزيد على
is-between = بين
is-within = ضمن
is-me = هو أنا
is-empty = فارغ
is-not-empty = غير فارغ
no-colour = بلا لون
grey = رمادي
blue = أزرق
teal = أزرق مخضرّ
green = أخضر
yellow = أصفر
orange = برتقالي
red = أحمر
purple = بنفسجي
table = جدول
cards = بطاقات
board = لوحة
board-needs = تحتاج اللوحة إلى حقل من نوع «اختيار».
gallery = معرض
gallery-needs = يحتاج المعرض إلى حقل من نوع «صورة».
calendar = تقويم
calendar-needs = يحتاج التقويم إلى حقل من نوع «تاريخ».
today = اليوم
yesterday = أمس
this-week = هذا الأسبوع
this-month = هذا الشهر
this-year = هذا العام
the-last-7-days = آخر 7 أيام
the-last-30-days = آخر 30 يومًا
the-next-7-days = الأيام السبعة القادمة
the-next-30-days = الأيام الثلاثين القادمة
the-past = الماضي
the-future = المستقبل
newest-first = الأحدث أولًا
by-title = حسب العنوان
by-hand = يدويًا
half = نصف العرض
full = كامل العرض
link-kept = إبقاء الارتباط مع وسمه بأنه محذوف
link-refuses = رفض حذف السجل المرتبط
sign-ins-paused =
    فشلت عشر محاولات متتالية لتسجيل الدخول باسم { $email }. المحاولات الجديدة تنتظر { $minutes ->
         [one] دقيقة واحدة
         [two] دقيقتين
         [few] { $minutes } دقائق
        *[other] { $minutes } دقيقة
    }؛ وكلمة مرور جديدة تنهي ذلك.
access-edit = تحرير
