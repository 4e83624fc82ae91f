"""Addresses of the calls room."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "calls"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.call_list, name="list"),
    path("board/", views.board_page, name="board"),
    path("new/", views.new_call, name="new"),
    path("<int:pk>/", views.call_page, name="call"),
    path("<int:pk>/withdraw/", views.withdraw_call, name="withdraw"),
    path("<int:pk>/parts/<int:part>/step/", views.part_step, name="step"),
]
