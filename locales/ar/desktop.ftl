show-baton = إظهار Baton
hide-baton = إخفاء Baton
quit = إنهاء
asks-for-untitled = { $name } يطلب سجلًا تحرّره
asks-for = { $name } يطلب «{ $title }»
not-connected = غير متصل
no-server-yet = لا يوجد خادم بعد
person-says = يقول { $name }
sign-ins-paused = تسجيل الدخول باسم { $email } متوقف مؤقتًا
mentioned-you-at = { $name } ذكرك في «{ $title }»
answered-you-at = { $name } ردّ عليك في «{ $title }»
saved = { $name } حفظ «{ $title }»
asked-to-edit = { $name } طلب تحرير «{ $title }»
you-edit-now-after = أنت تحرّر «{ $title }» الآن بعد { $name }
handed-to-you = { $name } سلّمك «{ $title }»
took-over = { $name } تولّى «{ $title }»
import-is-over = انتهى استيرادك إلى { $title }
open = فتح
a-new-record = سجل جديد
asks-to-edit = { $name } يطلب تحرير { $title }
open-it-to-hand-it-over = أنت تحرّره. افتحه لتسليمه أو للمتابعة.
you-are-editing-now = أنت تحرّر الآن { $title }
it-is-your-turn = حان دورك.
quit-baton = إنهاء Baton
menu-file = ملف
menu-edit = تحرير
menu-view = عرض
larger = تكبير
smaller = تصغير
actual-size = الحجم الفعلي
menu-help = مساعدة
server-you-gave = الخادم الذي حدّدته
server-preset = { $address }، ما لم تحدّد خادمًا آخر
server-locked = { $address }، ولا خادم سواه
while-signed-in = ما دام الدخول مسجّلًا
updates-installed = تُجلب وتُثبَّت عند طلبك
updates-told = تُبلَّغ بها
updates-off = متوقفة
is-set = معيّن
is-not-set = لا يوجد
setting-server = الخادم
setting-plain = أجهزة أخرى دون تشفير
setting-remember = تذكّر تسجيل الدخول
setting-cache = تذكّر ما عُرض لك
setting-updates = التحديثات
setting-channel = قناة التحديث
setting-key = مفتاح التحديثات
setting-log-level = مستوى سجل الأحداث
debian-package = حزمة Debian
rpm-package = حزمة RPM
windows-setup = برنامج إعداد Windows
windows-installer-package = حزمة Windows Installer
macos-application = تطبيق macOS
built-from-its-sources = مبني من شفرته المصدرية
file-is-gone = لم يعد الملف موجودًا.
file-not-kept = تعذّر حفظ الملف على هذا الحاسوب: { $error }.
no-address-of-a-page = هذا ليس عنوان صفحة ولا عنوان بريد.
opens-no-links = هذا النظام لا يفتح الروابط. انسخ العنوان بدلًا من ذلك.
no-server-for-updates = لا يوجد خادم بعد.
did-not-start = لم يبدأ تشغيله على هذا الحاسوب، فأُعيد الإصدار السابق.
update-is-ready = Baton { $version } جاهز
installed-when-you-quit = يُثبَّت عند إنهاء Baton.
no-update-to-install = لا يوجد تحديث لتثبيته.
ask-your-administrator = اطلب من المسؤول تثبيته.
administrator-turned-off = أوقف المسؤول التحديثات.
updated-at-its-sources = بُني هذا البرنامج من شفرته المصدرية، ويُحدَّث منها.
no-release-key = لا يعرف هذا البرنامج مفتاحًا تُوقَّع به التحديثات.
server-does-not-answer = الخادم لا يستجيب، لذا قد لا يكون آخر ما كتبته قد وصل إليه بعد.
cannot-print = لا يستطيع هذا الحاسوب الطباعة من هنا.
sign-in-cancelled = أُلغي تسجيل الدخول.
nobody-came-back = لم يعد أحد من المتصفح. ابدأ من جديد.
no-browser-here = لا يتيح هذا الحاسوب لتطبيق Baton تلقّي ردّ المتصفح. سجّل الدخول بكلمة مرورك.
system-sees-to-it = يتولّى تثبيت النظام ذلك بنفسه.
could-not-be-set = تعذّر التعيين: { $error }.
no-window-opened = تعذّر فتح نافذة.
page-too-slow = كانت الصفحة بطيئة جدًا، وعليها أن تبدأ من جديد.
window-is-closing = النافذة قيد الإغلاق.
records-wait =
    { $records ->
         [one] سجل واحد في انتظار الخادم
         [two] سجلان في انتظار الخادم
         [few] { $records } سجلات في انتظار الخادم
         [many] { $records } سجلًا في انتظار الخادم
        *[other] { $records } سجل في انتظار الخادم
    }
ten-failed =
    فشلت عشر محاولات متتالية. يمكن تسجيل الدخول مجددًا بعد { $minutes ->
         [one] دقيقة واحدة
         [two] دقيقتين
         [few] { $minutes } دقائق
        *[other] { $minutes } دقيقة
    }.
keeps-days =
    { $days ->
         [one] يوم واحد
         [two] يومان
         [few] { $days } أيام
         [many] { $days } يومًا
        *[other] { $days } يوم
    }
go-back = عُد إلى Baton
goes-on = يتابع Baton من تلقاء نفسه. يمكنك إغلاق هذه الصفحة.
start-again = أغلق هذه النافذة بعد حلّ المشكلة، ثم ابدأ تشغيل Baton من جديد. ولن يضيع بذلك شيء مما كتبته من قبل.
