from django.urls import URLPattern, URLResolver, path

from .views import boards, editing, papers, steps, work

app_name = "workplans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.task_list, name="tasks"),
    path("mine/", work.my_tasks, name="mine"),
    path("board/", boards.unit_board, name="board"),
    path("calendar/", boards.calendar, name="calendar"),
    path("dispatch/", boards.dispatch, name="dispatch"),
    path("dispatch/word/", boards.dispatch_word, name="dispatch-word"),
    path("import/", editing.import_sheet, name="import"),
    path("new/", editing.new, name="new"),
    path("<int:pk>/", work.task, name="task"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/split/", editing.split, name="split"),
    path("<int:pk>/report/", steps.report, name="report"),
    path("<int:pk>/step/", steps.step, name="step"),
    path("reports/<int:pk>/check/", steps.check, name="check"),
    path("<int:pk>/ask/", steps.ask, name="ask"),
    path("<int:pk>/figure/", steps.tie, name="tie"),
    path("requests/<int:pk>/answer/", steps.answer, name="answer"),
    path("recount/", steps.recount, name="recount"),
    path("papers/", papers.paper_list, name="papers"),
    path("papers/upload/", papers.upload, name="upload"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/add/", papers.add, name="add"),
    path("papers/<int:pk>/step/", papers.step, name="paper-step"),
    path("papers/<int:pk>/pieces/<int:piece_pk>/", papers.piece, name="piece"),
    path("papers/<int:pk>/pieces/<int:piece_pk>/decide/", papers.decide, name="decide"),
    path("papers/<int:pk>/pieces/<int:piece_pk>/split/", papers.split, name="piece-split"),
    path("papers/<int:pk>/pieces/<int:piece_pk>/merge/", papers.merge, name="piece-merge"),
]
