your-own-text-is-kept = نصّك محتفَظ به
look-at-it = عرض النص
compare-and-decide = مقارنة واتخاذ قرار
fields-wait-for-you =
    { $fields ->
         [one] حقل واحد في انتظار قرارك
         [two] حقلان في انتظار قرارك
         [few] { $fields } حقول في انتظار قرارك
         [many] { $fields } حقلًا في انتظار قرارك
        *[other] { $fields } حقل في انتظار قرارك
    }
by-not-saved-yet = { $name }، لم يُحفظ بعد
your-text-and-the-forms = نصّك ونصّ النموذج
nothing-is-lost = لا يضيع شيء قبل أن تختار. يمكنك مغادرة هذه الصفحة والعودة إليها، حتى بعد إعادة التشغيل.
take-theirs = اعتماد النص الآخر
drop-mine = تجاهل نصّي
before = السابق
mine = نصّي
theirs = النص الآخر
take-mine = اعتماد نصّي
keep-both = الاحتفاظ بكليهما
do-not-edit = إلغاء التعديل
no-such-field-any-more = لم يعد هذا الحقل موجودًا في النموذج. انسخ ما تحتاج إليه.
as-soon-as-you-edit = يمكنك اعتماد نصّك حالما تحرّر هذا النموذج. وحتى ذلك الحين انسخ ما تحتاج إليه.
empty = فارغ
text = النص
use-this-text = استخدام هذا النص
decided = حسمت أمر { $field }.
