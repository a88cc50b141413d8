from django.urls import path

from annotation import api

urlpatterns = [
    path("campaigns/<slug:slug>/next/", api.NextQuery.as_view(), name="api_next"),
    path("campaigns/<slug:slug>/labels/", api.Labels.as_view(), name="api_labels"),
    path("campaigns/<slug:slug>/skips/", api.Skips.as_view(), name="api_skips"),
    path("campaigns/<slug:slug>/undo/", api.Undo.as_view(), name="api_undo"),
    path("campaigns/<slug:slug>/notes/", api.Notes.as_view(), name="api_notes"),
    path("campaigns/<slug:slug>/leave/", api.Leave.as_view(), name="api_leave"),
]
