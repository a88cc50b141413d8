from django.urls import URLPattern, path

from annotation.views import intake

QUERIES = "lead/campaigns/<slug:slug>/queries/"

urlpatterns: list[URLPattern] = [
    path(QUERIES, intake.intake, name="intake"),
    path(QUERIES + "content/", intake.intake_content, name="intake_content"),
    path(QUERIES + "dataset/", intake.intake_dataset, name="intake_dataset"),
    path(QUERIES + "<uuid:public_id>/", intake.intake_file, name="intake_file"),
    path(QUERIES + "<uuid:public_id>/confirm/", intake.intake_confirm, name="intake_confirm"),
    path(QUERIES + "<uuid:public_id>/cancel/", intake.intake_cancel, name="intake_cancel"),
]
