from django.urls import URLPattern, path

from annotation.views import exports, gold

urlpatterns: list[URLPattern] = [
    path("lead/campaigns/<slug:slug>/gold/", gold.gold, name="gold"),
    path("lead/campaigns/<slug:slug>/gold/<slug:name>/", gold.gold_version, name="gold_version"),
    path("lead/campaigns/<slug:slug>/gold-difference/", gold.gold_difference, name="gold_difference"),
    path("lead/campaigns/<slug:slug>/export/", exports.export, name="export"),
    path("lead/campaigns/<slug:slug>/export-difference/", exports.export_difference, name="export_difference"),
]
