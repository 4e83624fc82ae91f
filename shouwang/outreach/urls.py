"""Addresses of the outreach room; the first three work without a login."""

from django.urls import URLPattern, URLResolver, path

from .views import codes, public, publicity

app_name = "outreach"
urlpatterns: list[URLPattern | URLResolver] = [
    path("report/<uuid:token>/", public.report, name="report"),
    path("ask/", public.ask, name="ask"),
    path("policies/", public.policies, name="policies"),
    path("codes/", codes.code_list, name="codes"),
    path("codes/make/", codes.make_missing, name="make-codes"),
    path("codes/<int:pk>/", codes.code_page, name="code"),
    path("codes/<int:pk>/poster.pdf", codes.poster, name="poster"),
    path("codes/<int:pk>/renew/", codes.renew, name="renew"),
    path("codes/<int:pk>/withdraw/", codes.withdraw, name="withdraw"),
    path("leaflets/", publicity.leaflet_list, name="leaflets"),
    path("leaflets/new/", publicity.new_leaflet, name="new-leaflet"),
    path("leaflets/<int:pk>/", publicity.leaflet_page, name="leaflet"),
    path("leaflets/<int:pk>/households/", publicity.handout_list, name="handouts"),
    path("leaflets/<int:pk>/households/give/", publicity.give, name="hand-out"),
    path(
        "leaflets/<int:pk>/households/<str:household_no>/",
        publicity.household_handout,
        name="household-handout",
    ),
    path("leaflets/<int:pk>/sheet/<str:code>/", publicity.sheet, name="sheet"),
    path("leaflets/<int:pk>/papers/<str:code>/", publicity.papers, name="papers"),
    path("leaflets/<int:pk>/signed/", publicity.signed, name="signed"),
    path("events/", publicity.event_list, name="events"),
    path("events/new/", publicity.new_event, name="new-event"),
    path("events/<int:pk>/", publicity.event_page, name="event"),
]
