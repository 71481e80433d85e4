waits-for-the-server = في انتظار الخادم
check-the-connection = فحص الاتصال
no-server = لا يوجد خادم
connecting = جارٍ الاتصال…
connected = متصل
update-needed = يلزم التحديث
offline-for = غير متصل منذ { $since }، تجري إعادة الاتصال
server = الخادم
state = الحالة
round-trip = زمن الاستجابة
under-1-ms = أقل من 1 ms
last-heard = آخر استجابة
ago = منذ { $span }
why = السبب
next-try = المحاولة التالية
signed-in-until = الدخول مسجّل حتى
you-can-work-until-then = يمكنك العمل دون الخادم حتى ذلك الحين.
this-computer = هذا الحاسوب
try-now = المحاولة الآن
now = الآن
in-span = بعد { $span }
server-cannot-be-reached = تعذّر الوصول إلى الخادم
everything-works = كل ما جُرّب يعمل.
needs-your-decision = في انتظار قرارك
a-new-record = سجل جديد
nothing-waits = لا شيء في الانتظار: كل شيء لدى الخادم.
kept-on-this-computer = ما كتبته محتفَظ به على هذا الحاسوب
sign-in-again-to-send = سجّل الدخول من جديد ليُرسل إلى الخادم.
deletion-waits =
    الحذف في انتظار { $until ->
         [network] الشبكة
        *[turn] دورك
    }
archiving-waits =
    الأرشفة في انتظار { $until ->
         [network] الشبكة
        *[turn] دورك
    }
discarding-waits =
    تجاهل المسودة في انتظار { $until ->
         [network] الشبكة
        *[turn] دورك
    }
save-waits =
    الحفظ في انتظار { $until ->
         [network] الشبكة
        *[turn] دورك
    }
fields-to-be-saved-wait =
    { $fields ->
         [one] حقل واحد للحفظ
         [two] حقلان للحفظ
         [few] { $fields } حقول للحفظ
         [many] { $fields } حقلًا للحفظ
        *[other] { $fields } حقل للحفظ
    }، في انتظار { $until ->
         [network] الشبكة
        *[turn] دورك
    }
comments-wait =
    { $comments ->
         [one] تعليق واحد
         [two] تعليقان
         [few] { $comments } تعليقات
         [many] { $comments } تعليقًا
        *[other] { $comments } تعليق
    } في انتظار الخادم
fields-wait =
    { $fields ->
         [one] حقل واحد
         [two] حقلان
         [few] { $fields } حقول
         [many] { $fields } حقلًا
        *[other] { $fields } حقل
    }، في انتظار { $until ->
         [network] الشبكة
        *[turn] دورك
    }
conflicts =
    { $count ->
         [one] تعارض واحد
         [two] تعارضان
         [few] { $count } تعارضات
         [many] { $count } تعارضًا
        *[other] { $count } تعارض
    }
changes-wait =
    { $count ->
         [one] تغيير واحد في الانتظار
         [two] تغييران في الانتظار
         [few] { $count } تغييرات في الانتظار
         [many] { $count } تغييرًا في الانتظار
        *[other] { $count } تغيير في الانتظار
    }
work-on-without-it = واصل العمل دونه: ما تكتبه يُحتفظ به على هذا الحاسوب ويُرسل عند عودة الخادم.
now-heading = الآن
the-way-to-the-server = الطريق إلى الخادم وإلى غيره
what-the-check-does = يجرّب كل خطوة على حدة، ثم يفتح نموذجًا مرتين ويكتب فيه، ويقول في جملة واحدة أين ينتهي الطريق. ولا يبقى من ذلك شيء.
milliseconds = { $count } ms
