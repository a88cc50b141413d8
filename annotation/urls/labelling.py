from django.urls import URLPattern, path

from annotation.views import labelling, own_work

urlpatterns: list[URLPattern] = [
    path("label/", labelling.label_home, name="label_home"),
    path("label/<slug:slug>/", labelling.label, name="label"),
    path("label/<slug:slug>/history/", own_work.history, name="label_history"),
    path("label/<slug:slug>/guidelines/", own_work.guidelines, name="label_guidelines"),
]
