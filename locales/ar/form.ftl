you-asked-to-edit = طلبت من { $owner } السماح لك بالتحرير.
yours-in-seconds = إن لم يفعل { $owner } شيئًا فسينتقل النموذج إليك. الثواني المتبقية: { $seconds }
somebody-asks-to-edit = { $name } يطلب التحرير.
passes-on-in-seconds = إن لم تفعل شيئًا فسينتقل النموذج، وتبقى المسودة. الثواني المتبقية: { $seconds }
not-now = ليس الآن
hand-over = تسليم
close-and-lose-text = هل تريد الإغلاق وفقدان آخر ما كتبته؟
close-anyway = إغلاق على أي حال
close-without-saving = هل تريد الإغلاق دون حفظ؟
close-keep-the-draft = إغلاق مع إبقاء المسودة
told-of-every-save = تصلك إشعارات بكل حفظ
tell-me-of-every-save = إعلامي بكل حفظ
back-to-the-form = العودة إلى النموذج
history = سجل الإصدارات
back-to-the-list = العودة إلى القائمة
since = منذ { $when }
hide-details = إخفاء التفاصيل
show-details = إظهار التفاصيل
you-are-editing-now = أنت تحرّر الآن.
editing-after = أنت تحرّر الآن، وتتابع من تغييرات { $name } غير المحفوظة.
saved-version = محفوظ، الإصدار { $version }
linked-from = السجلات المرتبطة به
and-more = وغيرها: { $more }
created-once-server-is-reached = يمكن إنشاؤه حالما يتم الوصول إلى الخادم.
create-and-link = إنشاء وربط
who-edited-when = من حرّر ومتى
nobody-edited-it = لم يُدوَّن شيء عنه.
archive = أرشفة
ask-to-delete = هل تريد حذف { $collection }؟
delete-with-records = حذف مع السجلات
ask-to-archive-record = هل تريد أرشفة هذا السجل؟
ask-to-delete-record = هل تريد حذف هذا السجل؟
is-editing-now = { $name } يحرّر في هذه اللحظة.
who-has-it-open = من فتحوا هذا النموذج، بالترتيب
roster-editing = يحرّر
roster-number-in-line = الرقم { $place } في الانتظار
roster-connection-broken = ، انقطع الاتصال
about-this-form = حول هذا النموذج
last-saves = آخر عمليات الحفظ
here-now = الموجودون الآن
nobody-has-it-open = لم يفتحه أحد للتحرير.
watching = يطّلع
show-the-field = إظهار الحقل
connection-broken = انقطع الاتصال
has-it-open = مفتوح لديه
editing = يحرّر
next-in-line = التالي في الانتظار
number-in-line = الرقم { $place } في الانتظار
show-what-it-changed = عرض ما غيّره
all-saves = كل عمليات الحفظ ({ $saves })
names-and-more = { $names } وغيرها: { $more }
details = التفاصيل
version = الإصدار
created = الإنشاء
last-saved = آخر حفظ
slug = الاسم المختصر
id = المعرّف
copy-link = نسخ الرابط
who-edits = من يحرّر
as-of = كما في { $when }
unsaved-changes = تغييرات غير محفوظة
any-letter-edits = اضغط أي حرف للتحرير
opening = جارٍ الفتح
you-see-what-is-remembered = ترى ما يتذكّره هذا الحاسوب إلى أن يستجيب الخادم.
not-saved = غير محفوظ
following = المتابعة جارية
scrolls-until-you-scroll = تنتقل الصفحة إلى الحقل الذي تجري الكتابة فيه، إلى أن تمرّرها بنفسك
follow = متابعة
scroll-to-what-is-typed = الانتقال إلى الحقل الذي تجري الكتابة فيه
discard = تجاهل
bring-back-discarded-changes = استعادة التغييرات المتجاهَلة
edit-in-this-window = التحرير في هذه النافذة
ask-to-edit = طلب التحرير
take-over = تولّي التحرير
ask-to-take-over = هل تريد تولّي هذا النموذج بدلًا من { $name }؟
what-a-take-over-does = ما كتبه { $name } يبقى في المسودة وينتقل إليك. يقرأ { $name } السبب الذي تذكره، ويحتفظ به سجل التدقيق.
reason = السبب
what-deletes-a-collection =
    { $records ->
         [zero] لا سجلات فيها
         [one] يُحذف معها سجلها الوحيد
         [two] يُحذف معها سجلاها
        *[other] تُحذف معها سجلاتها، وعددها { $records }
    }{ $unsaved ->
         [yes] ، ويبقى معها ما لم يُحفظ فيها. يمكن لأي مسؤول استعادة ذلك كله من صفحة مجموعات البيانات كلها.
        *[no] . يمكن لأي مسؤول استعادة ذلك كله من صفحة مجموعات البيانات كلها.
    }
goes-to-the-archive =
    { $unsaved ->
         [yes] ينتقل إلى الأرشيف، ويبقى معه ما لم يُحفظ فيه. يمكن لكل من يحرّر استعادته من هناك.
        *[no] ينتقل إلى الأرشيف. يمكن لكل من يحرّر استعادته من هناك.
    }
goes-to-the-bin =
    { $unsaved ->
         [yes] ينتقل إلى سلة المحذوفات، ويبقى معه ما لم يُحفظ فيه. يمكن لكل من يحرّر استعادته من هناك.
        *[no] ينتقل إلى سلة المحذوفات. يمكن لكل من يحرّر استعادته من هناك.
    }
changed-fields-on = غيّر { $name } الحقول التالية في { $when }: { $fields }.
fields-need-attention =
    { $count ->
         [one] لم يُحفظ. حقل واحد يحتاج إلى انتباهك:
         [two] لم يُحفظ. حقلان يحتاجان إلى انتباهك:
         [few] لم يُحفظ. { $count } حقول تحتاج إلى انتباهك:
         [many] لم يُحفظ. { $count } حقلًا تحتاج إلى انتباهك:
        *[other] لم يُحفظ. { $count } حقل تحتاج إلى انتباهك:
    }
the-list = القائمة
publish = نشر
previous-in-the-list = السابق في القائمة
next-in-the-list = التالي في القائمة
copy-of-title = { $title } (نسخة)
duplicate = تكرار
definition-changed = تغيّر تعريف هذا النموذج.
you-were-away = ابتعدت مدة، فانتقل النموذج مع المسودة إلى { $name }.
you-handed-over = سلّمت هذا النموذج إلى { $name }.
handed-over = سلّم { $from } هذا النموذج إلى { $to }.
typing = تجري الكتابة…
will-be-saved = يُحفظ عند عودة الخادم
not-saved-kept-here = غير محفوظ، محتفَظ به على هذا الحاسوب
kept-here-sending = محتفَظ به على هذا الحاسوب، جارٍ الإرسال…
sending = جارٍ الإرسال…
as-last-seen = كما شوهد آخر مرة
asking-the-server = جارٍ الاستعلام من الخادم…
not-saved-kept-on-server = غير محفوظ، محتفَظ به على الخادم
nothing-typed-yet = لم يُكتب شيء بعد
somebody-saved =
    { $you ->
         [yes] حفظت
        *[no] حفظ { $name }
    } الإصدار { $version }.
somebody-discarded =
    { $you ->
         [yes] تجاهلت
        *[no] تجاهل { $name }
    } التغييرات غير المحفوظة.
somebody-brought-back =
    { $you ->
         [yes] استعدت
        *[no] استعاد { $name }
    } التغييرات المتجاهَلة.
the-owner = من يحرّر
goes-on-editing = يواصل { $name } التحرير حاليًا.
somebody-archived =
    { $you ->
         [yes] أرشفت
        *[no] أرشف { $name }
    } هذا السجل.
somebody-deleted =
    { $you ->
         [yes] حذفت
        *[no] حذف { $name }
    } هذا السجل.
somebody-restored =
    { $you ->
         [yes] استعدت
        *[no] استعاد { $name }
    } هذا السجل.
taken-from-you = تولّى { $name } هذا النموذج. ما كتبته موجود في المسودة.
taken-from-you-because = تولّى { $name } هذا النموذج: «{ $reason }» ما كتبته موجود في المسودة.
taken-over-because = تولّى { $name } هذا النموذج بدلًا من { $from }: «{ $reason }»
taken-over = تولّى { $name } هذا النموذج بدلًا من { $from }.
make-it-a-favourite = إضافة إلى المفضلة
no-favourite-any-more = في المفضلة: إزالة
