"""Addresses of the registry room."""

from django.urls import URLPattern, URLResolver, path

from .views import export, households, imports, quality

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", households.household_list, name="households"),
    path("households/<str:household_no>/", households.household_page, name="household"),
    path(
        "households/<str:household_no>/reveal/<str:level>/<int:key>/<str:column>/",
        households.reveal,
        name="reveal",
    ),
    path("find/", households.find_page, name="find"),
    path("import/", imports.import_page, name="import"),
    path("import/<uuid:uuid>/", imports.preview_page, name="preview"),
    path("import/<uuid:uuid>/rejects.xlsx", imports.reject_file, name="reject-workbook"),
    path("import/<uuid:uuid>/apply/", imports.apply_page, name="apply"),
    path("import/<uuid:uuid>/compare/", imports.compare_again, name="compare"),
    path("import/<uuid:uuid>/discard/", imports.discard, name="discard"),
    path("import/<uuid:uuid>/<str:name>/", imports.preview_list, name="preview-list"),
    path("quality/", quality.overview, name="quality"),
    path("quality/findings/", quality.finding_list, name="findings"),
    path("quality/run/", quality.run_checks, name="run-quality"),
    path("export/", export.export_page, name="export"),
]
