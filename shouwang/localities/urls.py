"""Addresses of the localities room."""

from django.urls import URLPattern, URLResolver, path

from .views import grids, water

app_name = "localities"
urlpatterns: list[URLPattern | URLResolver] = [
    path("water/", water.works_list, name="water"),
    path("water/new/", water.new_works, name="new-works"),
    path("water/import/", water.import_page, name="import-works"),
    path("water/import/template.xlsx", water.works_template, name="works-template"),
    path("water/problems/", water.problem_list, name="problems"),
    path("water/problems/<int:pk>/", water.problem_page, name="problem"),
    path("water/problems/<int:pk>/step/", water.problem_step, name="problem-step"),
    path("water/<int:pk>/", water.works_page, name="works"),
    path("water/<int:pk>/change/", water.change_works, name="change-works"),
    path("water/<int:pk>/test/", water.new_test, name="new-test"),
    path("grids/", grids.grid_list, name="grids"),
    path("grids/<int:pk>/", grids.village_page, name="village"),
    path("grids/<int:pk>/new/", grids.new_grid, name="new-grid"),
    path("grids/cells/<int:pk>/member/", grids.new_member, name="new-member"),
    path("grids/cells/<int:pk>/end/", grids.close_grid, name="end-grid"),
    path("grids/members/<int:pk>/end/", grids.close_member, name="end-member"),
]
