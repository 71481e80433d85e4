january = يناير
february = فبراير
march = مارس
april = أبريل
may = مايو
june = يونيو
july = يوليو
august = أغسطس
september = سبتمبر
october = أكتوبر
november = نوفمبر
december = ديسمبر
monday = الاثنين
tuesday = الثلاثاء
wednesday = الأربعاء
thursday = الخميس
friday = الجمعة
saturday = السبت
sunday = الأحد
today = اليوم
yesterday = أمس
sun = أحد
mon = اثنين
tue = ثلاثاء
wed = أربعاء
thu = خميس
fri = جمعة
sat = سبت
jan = يناير
feb = فبراير
mar = مارس
apr = أبريل
may-short = مايو
jun = يونيو
jul = يوليو
aug = أغسطس
sep = سبتمبر
oct = أكتوبر
nov = نوفمبر
dec = ديسمبر
month-of-year = { $month } { $year }
day-and-time = { $day }، { $time }
day-of-month = { $day } { $month }
day-of-month-and-year = { $day } { $month } { $year }
weekday-and-day = { $weekday }، { $day }
seconds =
    { $count ->
         [one] ثانية واحدة
         [two] ثانيتين
         [few] { $count } ثوانٍ
        *[other] { $count } ثانية
    }
minutes =
    { $count ->
         [one] دقيقة واحدة
         [two] دقيقتين
         [few] { $count } دقائق
        *[other] { $count } دقيقة
    }
hours =
    { $count ->
         [one] ساعة واحدة
         [two] ساعتين
         [few] { $count } ساعات
        *[other] { $count } ساعة
    }
days =
    { $count ->
         [one] يوم واحد
         [two] يومين
         [few] { $count } أيام
         [many] { $count } يومًا
        *[other] { $count } يوم
    }
tomorrow = غدًا
