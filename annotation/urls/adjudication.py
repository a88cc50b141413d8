from django.urls import URLPattern, path

from annotation.views import adjudication

urlpatterns: list[URLPattern] = [
    path("lead/campaigns/<slug:slug>/adjudicate/", adjudication.adjudicate, name="adjudicate"),
    path("lead/campaigns/<slug:slug>/adjudicate/ahead/", adjudication.ahead, name="adjudicate_ahead"),
    path("lead/campaigns/<slug:slug>/adjudicate/decide/", adjudication.record_decision, name="decide"),
    path("lead/campaigns/<slug:slug>/adjudicate/undo/", adjudication.undo_decision, name="undo_decision"),
    path("lead/campaigns/<slug:slug>/adjudicate/summary/", adjudication.adjudicated, name="adjudicated"),
    path("lead/campaigns/<slug:slug>/items/<int:query>/", adjudication.item, name="item"),
]
