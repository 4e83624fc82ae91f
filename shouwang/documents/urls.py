from django.urls import path

from .views import attachments, letters

app_name = "documents"
urlpatterns = [
    path(
        "attachments/<str:target_type>/<str:target_id>/", attachments.attachments,
        name="attachments",
    ),
    path("files/<uuid:number>/", attachments.file_page, name="file"),
    path("files/<uuid:number>/thumbnail/", attachments.thumbnail, name="thumbnail"),
    path("files/<uuid:number>/view/", attachments.view, name="view"),
    path("files/<uuid:number>/download/", attachments.download, name="download"),
    path("files/<uuid:number>/withdraw/", attachments.withdraw, name="withdraw"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<str:code>/", letters.letter, name="letter"),
    path("letters/<str:code>/reset/", letters.reset, name="letter-reset"),
    path("letters/<str:code>/<int:version>/", letters.template, name="template"),
    path(
        "letters/<str:code>/<int:version>/file/", letters.template_file_view, name="template-file"
    ),
    path("letters/<str:code>/<int:version>/adopt/", letters.adopt, name="template-adopt"),
    path("letters/<str:code>/<int:version>/discard/", letters.discard, name="template-discard"),
]  # fmt: skip
