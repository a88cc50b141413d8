from django.urls import path

from annotation.export_api import ExportLabels

urlpatterns = [
    path("campaigns/<slug:slug>/export/", ExportLabels.as_view(), name="api_export"),
]
