what-group-may-do-with = صلاحية { $group } على { $collection }
all-fields = كل الحقول
limits-of = { $limits } في { $collection }
limit-of = { $field } في { $collection }
only-groups-and-admins = الفرق المذكورة أدناه والمسؤولون فقط.
by-role = يحرّرها المحرّرون ويطّلع عليها المُطّلعون، كلٌّ بحسب دوره؛ ويعرّفها المسؤولون.
who-may-see-and-edit = من يمكنه الاطّلاع والتحرير
change-at-the-groups = التغيير في صفحة الفرق
choose-a-person = إضافة شخص…
add-a-person = إضافة شخص
nobody-in-this-group = لا أحد في هذا الفريق بعد.
remove-person = إزالة { $name }
name = الاسم
fields-limited =
    { $count ->
         [one] حقل واحد مقيّد
         [two] حقلان مقيّدان
         [few] { $count } حقول مقيّدة
         [many] { $count } حقلًا مقيّدًا
        *[other] { $count } حقل مقيّد
    }
e-mail = البريد الإلكتروني
role = الدور
none = بلا فريق
group = الفريق
name-and-address-of = اسم { $name } وبريده الإلكتروني
everybody-reads-the-name = يقرؤه الجميع فورًا أينما ذُكر هذا الشخص.
address = البريد الإلكتروني
signs-in-with-the-address = به يتم تسجيل الدخول من الآن فصاعدًا؛ ومن سبق تسجيل دخوله يبقى كذلك.
reads-it-in-every-window = يقرؤها { $name } في كل نافذة مفتوحة.
message-to = رسالة إلى { $name }
message = الرسالة
sees-it-at-once = يراها { $name } فورًا. لا يُحتفظ بها؛ ويدوّن سجل التدقيق أنك كتبت.
send = إرسال
let-in = منح { $name } إمكانية الدخول
send-this-link = أرسل هذا الرابط إلى { $name }. يفتح الرابط Baton على حاسوبه، ثم يختار كلمة مرور خاصة به.
or-with-this-password = أو يمكن تسجيل الدخول باسم { $email } بكلمة المرور هذه:
shown-only-now = كلاهما لا يظهر إلا الآن، ويعمل إلى أن تُختار كلمة مرور خاصة. سلّمهما بطريقة لا يقرؤهما بها غير صاحبهما.
role-of = دور { $name }
state = الحالة
with-a-second-factor = مع عامل ثانٍ
sign-ins = الجلسات
new-password = كلمة مرور جديدة
remove-second-factor = إزالة العامل الثاني
deactivate = تعطيل
reactivate = إعادة تفعيل
forget-name = محو الاسم
sign-ins-of = جلسات { $name }
ask-for-new-password = هل تريد كلمة مرور جديدة لحساب { $name }؟
what-a-new-password-does = يُسجَّل خروج { $name } من كل مكان، ولا تعود كلمة المرور الحالية صالحة.
ask-to-remove-second-factor = هل تريد إزالة العامل الثاني لحساب { $name }؟
what-removing-a-factor-does = لمن فقد تطبيق المصادقة ورموز الاسترداد. تكفي بعدها كلمة المرور وحدها لتسجيل دخول { $name }، إلى أن يُعدّ عامل ثانٍ جديد. تأكّد من أن { $name } هو من يطلب ذلك حقًا.
ask-to-forget = هل تريد محو اسم { $name }؟
what-forgetting-does = أينما ورد { $name } بوصفه كاتبًا يصبح زميلًا سابقًا من الآن فصاعدًا، ويزول عنوان البريد. ويحتفظ سجل التدقيق بما قاله. لا يمكن التراجع عن ذلك، ولا يُستخدم الحساب مرة أخرى أبدًا.
forget = محو
ask-to-deactivate = هل تريد تعطيل حساب { $name }؟
what-deactivating-does = يُسجَّل خروج { $name } من كل مكان فورًا، ولا يعود تسجيل الدخول ممكنًا. ويبقى ما أنجزه وما تركه دون حفظ. يمكنك إعادة التفعيل لاحقًا.
signed-in-nowhere = الدخول غير مسجّل في أي مكان.
unknown-computer = حاسوب غير معروف
this-one = هذا الحاسوب
connected-now = متصل الآن
last-used = آخر استخدام: { $when }
sign-in-since = منذ { $when } · { $now }
new-passwords-differ = كلمتا المرور الجديدتان غير متطابقتين.
new-password-again = كلمة المرور الجديدة مرة أخرى
password-advice = 10 أحرف على الأقل. الكلمات المتعددة سهلة التذكّر وصعبة التخمين.
change-password = تغيير كلمة المرور
go-on = متابعة
scan-and-enter-the-code = امسح هذا الرمز بتطبيق مصادقة، ثم أدخل الرمز الذي يظهر فيه.
qr-code-of-the-key = رمز QR للمفتاح
or-type-the-key = أو اكتب المفتاح:
turn-on = تفعيل
your-password = كلمة مرورك
code = الرمز
your-recovery-codes = رموز الاسترداد الخاصة بك
keep-the-recovery-codes = يعمل كلٌّ منها مرة واحدة بدلًا من رمز المصادقة، مثلًا عند فقدان هاتفك. لا تظهر إلا الآن: احفظها حيث تحفظ أوراقك المهمة الأخرى.
i-have-noted-them = دوّنتها
password-alone-again = تكفي كلمة المرور وحدها لتسجيل دخولك من جديد.
password-and-code = يتطلّب تسجيل الدخول بكلمة المرور رمزًا من تطبيق المصادقة أيضًا.
why-a-second-factor = بوجوده لا تكفي كلمة مرورك وحدها لتسجيل الدخول باسمك.
set-up-another-one = إعداد عامل آخر
set-up = إعداد
ask-to-remove-own-factor = هل تريد إزالة العامل الثاني؟
recovery-codes-end = لن تعود رموز الاسترداد صالحة بعد ذلك.
no-such-group = لم يعد هذا الفريق موجودًا.
rename = إعادة تسمية
members = الأعضاء
what-they-may-do = صلاحياتهم
all-groups = كل الفرق
another-name = اسم آخر
ask-to-remove-group = هل تريد إزالة الفريق «{ $group }»؟
what-removing-a-group-does = يحتفظ أعضاؤه بما يمنحهم إياه دورهم وفرقهم الأخرى. وما منحه هذا الفريق وحده ينتهي فورًا؛ أما النص الذي لم يحفظوه فيبقى مع السجلات.
no-groups-yet = لا توجد فرق بعد
make-a-group = أنشئ فريقًا، وأضف إليه أشخاصًا، واختر صلاحياته على كل مجموعة بيانات.
new-group = فريق جديد
how-groups-count = تسري أقوى صلاحية بين دور الشخص وفرقه. ومجموعة البيانات المفتوحة للفرق فقط لا وجود لها عند غيرهم؛ أما المسؤولون فيرون كل شيء.
make-the-group = إنشاء الفريق
what-groups-may-do = صلاحيات الفرق على مجموعات البيانات
groups-and-collections = الفرق ومجموعات البيانات
collection = مجموعة البيانات
roles = الأدوار
as-the-role-says = بحسب الدور
groups-only = الفرق فقط
what-roles-give-of = ما تمنحه الأدوار في { $collection }
name-or-e-mail = الاسم أو البريد الإلكتروني
search-people = البحث عن أشخاص
nobody-called-that = لا أحد بهذا الاسم
look-for-a-part = ابحث بجزء من الاسم أو من عنوان البريد الإلكتروني.
actions = الإجراءات
count-of-groups =
    { $count ->
         [zero] لا توجد فرق
         [one] فريق واحد
         [two] فريقان
         [few] { $count } فرق
         [many] { $count } فريقًا
        *[other] { $count } فريق
    }
count-of-people =
    { $count ->
         [zero] لا أشخاص
         [one] شخص واحد
         [two] شخصان
         [few] { $count } أشخاص
         [many] { $count } شخصًا
        *[other] { $count } شخص
    }
count-of-accounts =
    { $count ->
         [zero] لا حسابات
         [one] حساب واحد
         [two] حسابان
         [few] { $count } حسابات
         [many] { $count } حسابًا
        *[other] { $count } حساب
    }
end-sign-in = إنهاء
