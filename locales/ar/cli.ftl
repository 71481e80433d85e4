no-kind-of-act = «{ $word }» ليس نوعًا من الأحداث.
password-was-given = كلمة المرور هذه أُعطيت لك. اختر كلمة مرور خاصة بك بالأمر «baton password».
set-up-a-factor-first = يطلب هذا الخادم عاملًا ثانيًا. أعدّه أولًا في تطبيق سطح المكتب.
no-such-collection = لا توجد مجموعة بيانات باسم «{ $name }».
is-editing-the-definition = { $name } يحرّر التعريف في هذه اللحظة.
only-whoever-manages-an = لا يعرّف مجموعة البيانات إلا من يديرها.
records-left-out =
    تم تخطّي { $count ->
         [one] سجل واحد
         [two] سجلين
         [few] { $count } سجلات
         [many] { $count } سجلًا
        *[other] { $count } سجل
    }.
nobody-has-the-address = لا أحد لديه عنوان البريد { $address }.
