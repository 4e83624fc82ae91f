from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from .views import clues, rulebook, runs

app_name = "screening"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="screening:clues"), name="index"),
    path("clues/", clues.clue_list, name="clues"),
    path("clues/<int:pk>/", clues.clue, name="clue"),
    path("clues/<int:pk>/triage/", clues.triage, name="triage"),
    path("clues/<int:pk>/verdicts/<uuid:run_uuid>/", clues.verdicts, name="verdicts"),
    path("clues/<int:pk>/evidence/<int:hit_pk>/", clues.evidence_rows, name="evidence"),
    path("households/<str:household_no>/clues/", clues.household_clues, name="household-clues"),
    path("runs/", runs.run_list, name="runs"),
    path("runs/start/", runs.start, name="start"),
    path("runs/<uuid:uuid>/", runs.run, name="run"),
    path("runs/<uuid:uuid>/rules/", runs.run_rules, name="run-rules"),
    path("runs/<uuid:uuid>/inputs/", runs.run_inputs, name="run-inputs"),
    path("runs/<uuid:uuid>/replay/", runs.replay, name="replay"),
    path("runs/<uuid:uuid>/changes/<str:change>/", runs.changes, name="changes"),
    path("rulebook/", rulebook.rule_list, name="rulebook"),
    path("rulebook/parameters/", rulebook.parameters, name="parameters"),
    path("rulebook/sources/", rulebook.sources, name="sources"),
    path("rulebook/<str:rule_id>/", rulebook.rule, name="rule"),
]
