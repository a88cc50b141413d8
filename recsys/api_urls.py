from django.urls import path

from recsys import api

urlpatterns = [
    path("systems/", api.Systems.as_view()),
    path("systems/<slug:slug>/", api.SystemDetail.as_view()),
    path("tryouts/", api.Tryouts.as_view()),
    path("tryouts/<uuid:public_id>/", api.TryoutDetail.as_view()),
]
