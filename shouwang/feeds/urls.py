from django.urls import URLPattern, URLResolver, path

from .views import batch, contents, correct, doubtful, household, overview, upload

app_name = "feeds"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.completeness_page, name="list"),
    path("batches/", overview.batch_list, name="batches"),
    path("upload/", upload.upload_page, name="upload"),
    path("upload/confirm/", upload.confirm_files, name="confirm"),
    path("upload/<uuid:number>/recognised/", upload.recognised, name="recognised"),
    path("upload/<uuid:number>/decide/", upload.decide_file, name="decide-file"),
    path("upload/<uuid:number>/remove/", upload.remove_file, name="remove-file"),
    path("batches/<uuid:number>/", batch.batch_page, name="batch"),
    path("batches/<uuid:number>/state/", batch.batch_state, name="batch-state"),
    path("batches/<uuid:number>/rows/", contents.rows, name="batch-rows"),
    path("batches/<uuid:number>/rejects/", contents.rejects, name="batch-rejects"),
    path("batches/<uuid:number>/history/", batch.history_page, name="batch-history"),
    path("batches/<uuid:number>/rejects.xlsx", contents.workbook, name="reject-workbook"),
    path("batches/<uuid:number>/links.csv", contents.links_file, name="batch-links"),
    path("batches/<uuid:number>/import/", batch.import_again, name="import-again"),
    path("batches/<uuid:number>/correct/", correct.correct_page, name="correct"),
    path("batches/<uuid:number>/withdraw/", batch.withdraw, name="withdraw"),
    path("doubtful/", doubtful.doubtful_page, name="doubtful"),
    path("households/<str:household_no>/facts/", household.facts, name="household-facts"),
]
