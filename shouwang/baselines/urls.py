from django.urls import path

from . import views

app_name = "baselines"
urlpatterns = [
    path("", views.value_list, name="list"),
    path("new/", views.new_value, name="new"),
    path("import/", views.import_page, name="import"),
    path("import/template.xlsx", views.import_template, name="import-template"),
    path("series/<str:key>/", views.series_page, name="series"),
    path("exits/", views.exit_years, name="exits"),
    path("exits/missing/", views.exits_missing, name="exits-missing"),
    path("<int:pk>/", views.value_page, name="value"),
    path("<int:pk>/correct/", views.correct, name="correct"),
]
