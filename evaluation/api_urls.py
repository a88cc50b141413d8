from django.urls import path

from evaluation import api, schema  # noqa: F401  (the schema registers itself)

urlpatterns = [
    path("studies/<slug:slug>/participants/", api.Participants.as_view()),
    path("studies/<slug:slug>/trials/", api.Trials.as_view()),
    path("trials/<uuid:trial_id>/", api.TrialDetail.as_view()),
    path("trials/<uuid:trial_id>/judgment/", api.Judgments.as_view()),
    path("studies/<slug:slug>/judgments/", api.StudyJudgments.as_view()),
    path("studies/<slug:slug>/report/", api.StudyReport.as_view()),
]
