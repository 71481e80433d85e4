notifications = الإشعارات
notifications-unread = الإشعارات، غير المقروء منها: { $unread }
nothing-yet = لا شيء بعد. تظهر هنا حالات ذكرك والردود عليك وطلبات التحرير وأخبار السجلات التي تتابعها.
mark-all-as-read = تعليم الكل كمقروء
tell-me-when = إعلامي عندما
