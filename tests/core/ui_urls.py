"""Addresses of a tiny room, so that the page frame is tested without the real rooms."""

from django.urls import include, path

from . import ui_room

urlpatterns = [
    path("", ui_room.home, name="home"),
    path("search/", ui_room.search, name="search"),
    path("sample/", ui_room.jobs_list, name="sample"),
    path("sample/mass/", ui_room.mass, name="sample-mass"),
    path("sample/broken/", ui_room.broken, name="sample-broken"),
    path("sample/busy/", ui_room.busy, name="sample-busy"),
    path("sample/form/", ui_room.form, name="sample-form"),
    path("", include("shouwang.core.urls")),
]
