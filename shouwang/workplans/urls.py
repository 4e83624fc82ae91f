from django.urls import URLPattern, URLResolver, path

from .views import papers, work

app_name = "workplans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.task_list, name="tasks"),
    path("mine/", work.my_tasks, name="mine"),
    path("board/", work.unit_board, name="board"),
    path("calendar/", work.calendar, name="calendar"),
    path("dispatch/", work.dispatch, name="dispatch"),
    path("dispatch/word/", work.dispatch_word, name="dispatch-word"),
    path("import/", work.import_sheet, name="import"),
    path("new/", work.new, name="new"),
    path("<int:pk>/", work.task, name="task"),
    path("<int:pk>/edit/", work.edit, name="edit"),
    path("<int:pk>/split/", work.split, name="split"),
    path("<int:pk>/report/", work.report, name="report"),
    path("<int:pk>/step/", work.step, name="step"),
    path("reports/<int:pk>/check/", work.check, name="check"),
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
