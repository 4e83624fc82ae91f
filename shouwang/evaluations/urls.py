from django.urls import URLPattern, URLResolver, path

from .views import rounds, schemes, sheets, surveys

app_name = "evaluations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", rounds.round_list, name="rounds"),
    path("mine/", sheets.mine, name="mine"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/heat/", rounds.heat, name="heat"),
    path("rounds/<int:pk>/trend/", rounds.trend, name="trend"),
    path("rounds/<int:pk>/compare/", rounds.compare, name="compare"),
    path("rounds/<int:pk>/appeals/", rounds.appeals, name="appeals"),
    path("rounds/<int:pk>/step/", rounds.step, name="round-step"),
    path("rounds/<int:pk>/count/", rounds.count, name="count"),
    path("rounds/<int:pk>/reviewers/new/", rounds.reviewer, name="reviewer"),
    path("rounds/<int:pk>/problems/", rounds.file_problems, name="file-problems"),
    path("rounds/<int:pk>/table/", rounds.table, name="table"),
    path("rounds/<int:pk>/word/<str:kind>/", rounds.word, name="word"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/assess/", sheets.assess, name="assess"),
    path("scores/<int:pk>/review/", sheets.review, name="review"),
    path("scores/<int:pk>/appeal/", sheets.appeal, name="appeal"),
    path("appeals/<int:pk>/answer/", sheets.answer, name="answer"),
    path("marks/<int:pk>/", sheets.mark, name="mark"),
    path("schemes/", schemes.scheme_list, name="schemes"),
    path("schemes/new/", schemes.new, name="scheme-new"),
    path("schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("schemes/<int:pk>/import/", schemes.import_items, name="scheme-import"),
    path("schemes/<int:pk>/step/", schemes.step, name="scheme-step"),
    path("schemes/<int:pk>/copy/", schemes.copy, name="scheme-copy"),
    path("schemes/<int:pk>/rounds/new/", rounds.new, name="round-new"),
    path("surveys/", surveys.survey_list, name="surveys"),
    path("surveys/new/", surveys.new, name="survey-new"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("surveys/<int:pk>/answers/", surveys.answers, name="answers"),
    path("surveys/<int:pk>/table/", surveys.table, name="survey-table"),
]
