"""Addresses of the audit room."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "audit"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.entries, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("verify/", views.verify_view, name="verify"),
]
