"""The pages of the labelling workbench: `/label/` for annotators, `/lead/` for their lead."""

from annotation.urls import adjudication, agreement, campaigns, gold, intake, labelling

app_name = "annotation"
urlpatterns = [
    *labelling.urlpatterns,
    *campaigns.urlpatterns,
    *intake.urlpatterns,
    *agreement.urlpatterns,
    *adjudication.urlpatterns,
    *gold.urlpatterns,
]
