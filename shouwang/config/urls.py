"""Addresses of all rooms."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("", include("shouwang.core.urls")),
    path("audit/", include("shouwang.audit.urls")),
    path("divisions/", include("shouwang.divisions.urls")),
    path("accounts/", include("shouwang.accounts.urls")),
    path("meetings/", include("shouwang.meetings.urls")),
    path("documents/", include("shouwang.documents.urls")),
    path("exchange/", include("shouwang.exchange.urls")),
    path("registry/", include("shouwang.registry.urls")),
    path("feeds/", include("shouwang.feeds.urls")),
    path("screening/", include("shouwang.screening.urls")),
    path("cases/", include("shouwang.cases.urls")),
    path("baselines/", include("shouwang.baselines.urls")),
    path("localities/", include("shouwang.localities.urls")),
    path("calls/", include("shouwang.calls.urls")),
    path("consultations/", include("shouwang.consultations.urls")),
    path("outreach/", include("shouwang.outreach.urls")),
    path("support/", include("shouwang.support.urls")),
    path("workplans/", include("shouwang.workplans.urls")),
    path("indicators/", include("shouwang.indicators.urls")),
    path("evaluations/", include("shouwang.evaluations.urls")),
    path("inspections/", include("shouwang.inspections.urls")),
    path("campaigns/", include("shouwang.campaigns.urls")),
    path("assistance/", include("shouwang.assistance.urls")),
]

handler500 = views.server_error
