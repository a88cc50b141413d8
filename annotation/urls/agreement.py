from django.urls import URLPattern, path

from annotation.views import agreement

urlpatterns: list[URLPattern] = [
    path("lead/campaigns/<slug:slug>/agreement/", agreement.agreement, name="agreement"),
    path("lead/campaigns/<slug:slug>/agreement/state/", agreement.agreement_state, name="agreement_state"),
    path("lead/campaigns/<slug:slug>/agreement/recompute/", agreement.agreement_recompute, name="agreement_recompute"),
    path(
        "lead/campaigns/<slug:slug>/agreement/download/<str:name>",
        agreement.agreement_download,
        name="agreement_download",
    ),
    path(
        "lead/campaigns/<slug:slug>/agreement/<slug:row>/<slug:column>/",
        agreement.confusion_cell,
        name="confusion_cell",
    ),
]
