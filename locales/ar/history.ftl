from = من
restore-version = استعادة الإصدار { $version }
version = الإصدار { $version }
versions-are-the-same = هذان الإصداران متطابقان.
in-the-form = في النموذج
bring-back = استعادة
nothing = لا شيء
to = إلى
