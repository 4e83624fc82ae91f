from django.urls import URLPattern, URLResolver, path

from .views import papers, tasks

app_name = "workplans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", tasks.task_list, name="tasks"),
    path("mine/", tasks.my_tasks, name="mine"),
    path("board/", tasks.unit_board, name="board"),
    path("calendar/", tasks.calendar, name="calendar"),
    path("dispatch/", tasks.dispatch, name="dispatch"),
    path("dispatch/word/", tasks.dispatch_word, name="dispatch-word"),
    path("import/", tasks.import_sheet, name="import"),
    path("new/", tasks.new, name="new"),
    path("<int:pk>/", tasks.task, name="task"),
    path("<int:pk>/edit/", tasks.edit, name="edit"),
    path("<int:pk>/split/", tasks.split, name="split"),
    path("<int:pk>/report/", tasks.report, name="report"),
    path("<int:pk>/step/", tasks.step, name="step"),
    path("reports/<int:pk>/check/", tasks.check, name="check"),
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
