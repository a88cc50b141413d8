from django.urls import path

from recsys.views import offline_runs, systems, tryouts

app_name = "recsys"
urlpatterns = [
    path("research/systems/", systems.systems, name="systems"),
    path("research/systems/<slug:slug>/", systems.system, name="system"),
    path("research/offline-runs/", offline_runs.runs, name="offline_runs"),
    path("research/offline-runs/<int:pk>/", offline_runs.run, name="offline_run"),
    path("research/offline-runs/<int:pk>/download/", offline_runs.download, name="offline_run_download"),
    path("research/tryouts/", tryouts.tryouts, name="tryouts"),
    path("research/tryouts/listeners/", tryouts.listeners, name="listeners"),
    path("research/tryouts/<uuid:public_id>/", tryouts.tryout, name="tryout"),
    path("research/tryouts/<uuid:public_id>/state/", tryouts.tryout_state, name="tryout_state"),
    path("research/tryouts/<uuid:public_id>/<uuid:beside>/", tryouts.tryout, name="tryout_pair"),
]
