from django.urls import URLPattern, URLResolver, path

from .views import differences, people, referrals

app_name = "assistance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.tier_list, name="list"),
    path("refresh/", people.refresh, name="refresh"),
    path("households/<str:household_no>/", people.household, name="household"),
    path("differences/", differences.difference_list, name="differences"),
    path("differences/refer/", differences.refer, name="refer"),
    path("referrals/", referrals.referral_list, name="referrals"),
    path("referrals/<int:pk>/", referrals.referral, name="referral"),
]
