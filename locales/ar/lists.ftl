too-many-filters = الحد الأقصى لعدد عوامل التصفية المجتمعة: { $limit }.
no-nested-alternatives = بديل عامل التصفية لا بدائل له.
filter-not-complete = عامل تصفية { $field } غير مكتمل.
cannot-be-sorted-by = لا يمكن ترتيب القائمة حسب { $field }.
not-resolved = في أحد عوامل التصفية «ضمن» أو «أنا»، دون تحديد الأيام أو الشخص.
no-such-field-any-more = لم يعد الحقل «{ $field }» موجودًا.
