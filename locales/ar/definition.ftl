unnamed-field = حقل بلا اسم
required-to-publish = مطلوب للنشر
remove = إزالة { $named }
choose = اختر…
links-to = يرتبط بمجموعة البيانات
fields = الحقول
every-record-also-has = لكل سجل أيضًا عنوان وحالة واسم لطيف.
no-fields-yet = لا توجد حقول بعد. أضف ما يحتويه سجل من هذا النوع.
add-a-field = إضافة حقل
types-of-field = أنواع الحقول
the-collection = مجموعة البيانات
icon = الأيقونة
choose-an-icon = اختيار أيقونة
search = بحث
search-for-an-icon = البحث عن أيقونة
icons = الأيقونات
when-you-save-this = عند حفظ هذا
stays-in-history = ما كان في سجل يبقى في سجل إصداراته، ويمكن استعادته من هناك.
for-example = مثل
choices = الخيارات
add-a-choice = إضافة خيار
removed-choices = أُزيلت، ولا تزال في سجلات الإصدارات:
bring-back = استعادة { $option }
bring-it-back = استعادة
colour-of = لون { $named }
this-choice = هذا الخيار
choice-number = الخيار { $number }
preview = معاينة
a-new-record = سجل جديد: { $label }
is-removed =
    يُزال «{ $field }»{ $records ->
         [zero] . لا يحمل أي سجل قيمة فيه.
         [one] : يحمل سجل واحد قيمة فيه.
         [two] : يحمل سجلان قيمة فيه.
         [few] : تحمل { $records } سجلات قيمة فيه.
         [many] : يحمل { $records } سجلًا قيمة فيه.
        *[other] : يحمل { $records } سجل قيمة فيه.
    }
is-converted =
    يُحوَّل «{ $field }»: يمكن الاحتفاظ بجميع القيم في { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }.
loses-values =
    «{ $field }»: من أصل { $records ->
         [one] سجل واحد
         [two] سجلين
         [few] { $records } سجلات
         [many] { $records } سجلًا
        *[other] { $records } سجل
    }، لا يمكن الاحتفاظ بالقيمة في { $lost ->
         [one] سجل واحد
         [two] سجلين
         [few] { $lost } سجلات
         [many] { $lost } سجلًا
        *[other] { $lost } سجل
    }،
