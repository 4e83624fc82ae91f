"""Addresses of the divisions room."""

from django.urls import URLPattern, URLResolver, path

from .views import boundaries, browsing, changing, importing

app_name = "divisions"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", browsing.tree, name="list"),
    path("table/", browsing.table, name="table"),
    path("picker/", browsing.picker, name="picker"),
    path("import/", importing.upload, name="import"),
    path("import/<str:token>/", importing.confirm, name="import-confirm"),
    path("boundaries/", boundaries.upload, name="boundaries"),
    path("new/", changing.create_view, name="create"),
    path("<int:pk>/", browsing.detail, name="detail"),
    path("<int:pk>/children/", browsing.children, name="children"),
    path("<int:pk>/rename/", changing.rename_view, name="rename"),
    path("<int:pk>/merge/", changing.merge_view, name="merge"),
    path("<int:pk>/split/", changing.split_view, name="split"),
    path("<int:pk>/recode/", changing.recode_view, name="recode"),
]
