"""The pages of the labelling workbench: `/label/` for annotators, `/lead/` for their lead, `/research/classifiers/`."""

from annotation.urls import adjudication, agreement, campaigns, classifiers, gold, intake, labelling

app_name = "annotation"
urlpatterns = [
    *labelling.urlpatterns,
    *campaigns.urlpatterns,
    *intake.urlpatterns,
    *agreement.urlpatterns,
    *adjudication.urlpatterns,
    *gold.urlpatterns,
    *classifiers.urlpatterns,
]
