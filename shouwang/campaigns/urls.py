from django.urls import URLPattern, URLResolver, path

from .views import bulletins, dossiers, sweeps

app_name = "campaigns"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", sweeps.sweep_list, name="sweeps"),
    path("plan/", sweeps.plan, name="plan"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/new/", bulletins.new, name="bulletin-new"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/renew/", bulletins.renew, name="bulletin-renew"),
    path("bulletins/<int:pk>/step/", bulletins.step, name="bulletin-step"),
    path("bulletins/<int:pk>/sign/", bulletins.sign, name="bulletin-sign"),
    path("bulletins/<int:pk>/word/", bulletins.word, name="bulletin-word"),
    path("dossiers/", dossiers.dossier_list, name="dossiers"),
    path("dossiers/new/", dossiers.new, name="dossier-new"),
    path("dossiers/pull/", dossiers.pull, name="dossier-pull"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/plan/", dossiers.plan, name="dossier-plan"),
    path("dossiers/<int:pk>/record/", dossiers.record, name="dossier-record"),
    path("dossiers/<int:pk>/step/", dossiers.step, name="dossier-step"),
    path("<int:pk>/", sweeps.sweep, name="sweep"),
    path("<int:pk>/step/", sweeps.step, name="step"),
    path("<int:pk>/households/", sweeps.item_list, name="items"),
    path("<int:pk>/households/assign/", sweeps.assign, name="assign"),
    path("<int:pk>/households/<int:item_pk>/", sweeps.item, name="item"),
    path("<int:pk>/sheets/<str:code>/", sweeps.sheet, name="sheet"),
    path("<int:pk>/upload/", sweeps.upload, name="upload"),
    path("<int:pk>/report/", sweeps.report, name="report"),
]
