"""Addresses of the consultations room; those of the public work without a login."""

from django.urls import URLPattern, URLResolver, path

from . import public, views

app_name = "consultations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("public/", public.consultations, name="public"),
    path("public/result/", public.ask, name="ask"),
    path("public/<uuid:token>/", public.consultation, name="public-one"),
    path("", views.consultation_list, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.page, name="consultation"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/later/", views.later, name="later"),
    path("<int:pk>/step/", views.step, name="step"),
    path("<int:pk>/take-down/", views.write_down, name="take-down"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/comments/", views.comment_list, name="comments"),
    path("<int:pk>/word/", views.word, name="word"),
    path("comments/<int:pk>/", views.comment_page, name="comment"),
    path("comments/<int:pk>/contact/", views.contact, name="contact"),
]
