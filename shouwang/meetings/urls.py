from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "meetings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.rhythm, name="rhythm"),
    path("records/", views.meeting_list, name="list"),
    path("records/new/", views.new, name="new"),
    path("records/<int:pk>/", views.meeting, name="meeting"),
    path("rules/<str:key>/", views.rule, name="rule"),
]
