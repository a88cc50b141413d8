from django.urls import path

from evaluation.selectors.studies import studies_of_versions
from evaluation.views import comparisons, judging, live, planner, reports, studies, what_if
from recsys.public import tell_version_uses

tell_version_uses(studies_of_versions)  # here and not in `ready`: a worker has no pages

app_name = "evaluation"
urlpatterns = [
    path("studies/<slug:slug>/", judging.entry, name="entry"),
    path("studies/<slug:slug>/ask/", judging.ask, name="ask"),
    path("studies/<slug:slug>/leave/", judging.leave, name="leave"),
    path("trials/<uuid:trial_id>/", judging.trial, name="trial"),
    path("trials/<uuid:trial_id>/state/", judging.trial_state, name="trial_state"),
    path("trials/<uuid:trial_id>/judgment/", judging.judge, name="judge"),
    path("trials/<uuid:trial_id>/reason/", judging.reason, name="reason"),
    path("research/", studies.studies, name="studies"),
    path("research/planner/", planner.planner, name="planner"),
    path("research/studies/<slug:slug>/", studies.study, name="study"),
    path("research/studies/<slug:slug>/open/", studies.open_study, name="open_study"),
    path("research/studies/<slug:slug>/close/", studies.close_study, name="close_study"),
    path("research/studies/<slug:slug>/live/", live.live, name="live"),
    path("research/studies/<slug:slug>/live/ratings/", live.ratings, name="live_ratings"),
    path("research/studies/<slug:slug>/what-if/", what_if.what_if, name="what_if"),
    path("research/compare/", comparisons.compare, name="compare"),
    path("research/studies/<slug:slug>/report/", reports.report, name="report"),
    path("research/studies/<slug:slug>/report/download/", reports.download, name="report_download"),
]
