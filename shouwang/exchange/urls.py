from django.urls import path

from . import views

app_name = "exchange"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("workbook/", views.workbook, name="workbook"),
    path("<uuid:uuid>/", views.comparison, name="comparison"),
    path("<uuid:uuid>/problems/", views.problems, name="problems"),
    path("<uuid:uuid>/again/", views.again, name="again"),
]
