from django.urls import URLPattern, URLResolver, path

from . import frame_views, job_views, schedule_views

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", job_views.jobs, name="jobs"),
    path("jobs/indicator/", job_views.indicator, name="job-indicator"),
    path("jobs/schedule/", schedule_views.schedule, name="schedule"),
    path("jobs/schedule/again/", schedule_views.again, name="schedule-again"),
    path("jobs/<int:job_id>/", job_views.job, name="job"),
    path("jobs/<int:job_id>/cancel/", job_views.cancel, name="job-cancel"),
    path("jobs/<int:job_id>/retry/", job_views.retry, name="job-retry"),
    path("exports/<uuid:uuid>/", job_views.export, name="export"),
    path("preferences/columns/", frame_views.columns, name="columns"),
    path("preferences/filters/", frame_views.filters, name="filters"),
    path("preferences/large-type/", frame_views.large_type, name="large-type"),
    path("components/", frame_views.components, name="components"),
]
