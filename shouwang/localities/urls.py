"""Addresses of the localities room."""

from django.urls import URLPattern, URLResolver, path

from .place_kinds import book
from .views import alerts, damages, grids, medical, place_steps, places, water

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
    path("places/", places.overview, name="overview"),
    *(path(f"places/{key}/", places.place_list, {"key": key}, name=key) for key in book().kinds),
    path("places/<slug:key>/", places.place_list, name="places"),
    path("places/<slug:key>/new/", places.new_place, name="new-place"),
    path("places/<slug:key>/import/", places.import_page, name="import-places"),
    path("places/<slug:key>/import/template.xlsx", places.place_template, name="place-template"),
    path("places/<slug:key>/sample/", places.sample_places, name="sample-places"),
    path("places/<slug:key>/<int:pk>/", place_steps.problem_page, name="place-problem"),
    path("places/<slug:key>/<int:pk>/change/", place_steps.change_place, name="change-place"),
    path("places/<slug:key>/<int:pk>/plan/", place_steps.plan_place, name="plan-place"),
    path("places/<slug:key>/<int:pk>/step/", place_steps.place_step, name="place-step"),
    path("places/<slug:key>/<int:pk>/progress/", place_steps.place_progress, name="place-progress"),
    path("places/<slug:key>/<int:pk>/households/", place_steps.add_affected, name="add-affected"),
    path(
        "places/<slug:key>/<int:pk>/households/<int:row>/",
        place_steps.affected_step,
        name="affected-step",
    ),
    path("disasters/", damages.disaster_list, name="disasters"),
    path("disasters/new/", damages.new_disaster, name="new-disaster"),
    path("disasters/<int:pk>/", damages.disaster_page, name="disaster"),
    path("disasters/<int:pk>/change/", damages.change_disaster_page, name="change-disaster"),
    path("medical/", medical.medical_list, name="medical"),
    path("medical/coverage/", medical.coverage, name="coverage"),
    path("medical/import/", medical.import_medical_page, name="import-medical"),
    path("medical/import/template.xlsx", medical.medical_template, name="medical-template"),
    path("medical/<int:pk>/", medical.medical_village, name="medical-village"),
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/new/", alerts.new_alert, name="new-alert"),
    path("alerts/<int:pk>/", alerts.alert_page, name="alert"),
    path("alerts/<int:pk>/end/", alerts.alert_end, name="alert-end"),
    path("alerts/<int:pk>/villages/<int:row>/", alerts.alert_acknowledge, name="alert-acknowledge"),
]
