last-saved-by-you = آخر ما حفظته
nothing-for-you-yet = لا شيء لك هنا بعد
administrators-define-collections = يعرّف المسؤولون مجموعات البيانات ويختارون من يراها. وما يخصّك يظهر هنا فورًا.
nothing-is-defined-yet = لم يُعرَّف شيء بعد
define-what-this-server-keeps = عرّف ما يحتفظ به هذا الخادم: منتجات أو أشخاص أو فحوص.
what-the-server-keeps = كل ما يحتفظ به هذا الخادم. افتح مجموعة بيانات لعرض سجلاتها وتحريرها.
deleted = المحذوفة
definition-is-open = التعريف مفتوح في هذه اللحظة
is-editing-the-definition = { $name } يحرّر التعريف
definition-typed-not-saved = ما كُتب في التعريف محتفَظ به، ولم يُحفظ بعد
definition-unsaved-changes-of = التعريف: تغييرات غير محفوظة من { $name }
collection-and-records =
    { $collection } ({ $records ->
         [zero] بلا سجلات
         [one] سجل واحد
         [two] سجلان
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    })
records-deleted-by =
    { $records ->
         [zero] بلا سجلات
         [one] سجل واحد
         [two] سجلان
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }، حذفها { $name }، { $when }
favourites = المفضلة
