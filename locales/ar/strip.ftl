as-it-was = تراه كما كان.
unsaved-is-kept = نصّه غير المحفوظ محتفَظ به: استعده للمتابعة، أو انسخ ما تحتاج إليه.
restore-to-edit = استعده لتحريره من جديد.
nobody-is-editing = لا أحد يحرّر
as-it-was-left = ترى النموذج كما تُرك.
you-are-editing = أنت تحرّر
you-are-editing-elsewhere = أنت تحرّر في نافذة أخرى
your-typing-read-only = ترى هنا ما تكتبه، للقراءة فقط.
place-is-kept-for = انقطع اتصاله، ومكانه محجوز. الثواني المتبقية: { $seconds }
you-see-their-typing = ترى ما يكتبه.
you-watch-only = أنت تطّلع فقط.
you-are-next = أنت التالي في الانتظار.
you-are-number = رقمك في الانتظار { $place }.
somebody-is-editing = { $name } يحرّر
kept-until-reached = ما تكتبه يُحتفظ به على هذا الحاسوب ويُرسل حالما يتم الوصول إلى الخادم.
go-on-typing = واصل الكتابة: ما تكتبه محتفَظ به على هذا الحاسوب. ويراه الآخرون عند عودة الخادم.
as-when-it-broke = ترى النموذج كما كان عند انقطاع الاتصال.
as-remembered = ترى النموذج كما يتذكّره هذا الحاسوب.
you-are-offline = أنت غير متصل
set-by-administrator = المسؤول، في { $place }
set-by-start = طريقة تشغيل Baton
set-by-you = أنت
set-by-default = الإعداد الافتراضي
check-works = يعمل
check-fails = لا يعمل
check-skipped = لم يُجرَّب
one-watches = { $name } يطّلع.
two-watch = يطّلع { $name } و{ $other }.
many-watch =
    يطّلع { $name } { $others ->
         [one] وشخص آخر
         [two] وشخصان آخران
         [few] و{ $others } أشخاص آخرين
         [many] و{ $others } شخصًا آخر
        *[other] و{ $others } شخص آخر
    }.
nobody-else-is-here = لا أحد سواك هنا.
next-sees-your-typing = { $name } يرى ما تكتبه وهو التالي في الانتظار.
next-and-others-see =
    { $name } هو التالي في الانتظار؛ ويرى ما تكتبه أيضًا { $others ->
         [one] شخص آخر
         [two] شخصان آخران
         [few] { $others } أشخاص آخرين
         [many] { $others } شخصًا آخر
        *[other] { $others } شخص آخر
    }.
somebody-archived-this = { $name } أرشف هذا السجل
somebody-deleted-this = { $name } حذف هذا السجل
one-left-unsaved = ترك { $name } هنا تغييرات غير محفوظة.
two-left-unsaved = ترك { $name } و{ $other } هنا تغييرات غير محفوظة.
many-left-unsaved =
    ترك { $name } { $others ->
         [one] وشخص آخر
         [two] وشخصان آخران
         [few] و{ $others } أشخاص آخرين
         [many] و{ $others } شخصًا آخر
        *[other] و{ $others } شخص آخر
    } هنا تغييرات غير محفوظة.
