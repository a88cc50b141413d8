from django.urls import URLPattern, path

from annotation.views import classifier_loop, classifiers

urlpatterns: list[URLPattern] = [
    path("research/classifiers/", classifiers.classifiers, name="classifiers"),
    path("research/classifiers/compare/", classifiers.classifier_compare, name="classifier_compare"),
    path("research/classifiers/roll-back/", classifiers.classifier_roll_back, name="classifier_roll_back"),
    path("research/classifiers/<int:pk>/", classifiers.classifier, name="classifier"),
    path("research/classifiers/<int:pk>/state/", classifiers.classifier_state, name="classifier_state"),
    path("research/classifiers/<int:pk>/<slug:name>.svg", classifiers.classifier_picture, name="classifier_picture"),
    path("research/classifiers/<int:pk>/stop/", classifiers.classifier_stop, name="classifier_stop"),
    path("research/classifiers/<int:pk>/go-on/", classifiers.classifier_resume, name="classifier_resume"),
    path("research/classifiers/<int:pk>/delete/", classifiers.classifier_delete, name="classifier_delete"),
    path("research/classifiers/<int:pk>/promote/", classifiers.classifier_promote, name="classifier_promote"),
    path("lead/campaigns/<slug:slug>/classifier/", classifier_loop.campaign_classifier, name="campaign_classifier"),
    path("lead/campaigns/<slug:slug>/classifier/train/", classifier_loop.campaign_train, name="campaign_train"),
]
