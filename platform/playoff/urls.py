"""Every address. Pages under `/`, the HTTP interface under `/api/v1/`."""

import playoff.common.lean_rest_framework  # noqa: F401  # before anything that imports the REST framework

# isort: split
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from evaluation.views.judging import home
from playoff.common.health import livez, readyz

urlpatterns = [
    path("livez", livez),
    path("readyz", readyz),
    path("", home, name="home"),
    path("", include("evaluation.urls")),
    path("", include("annotation.urls")),
    path("", include("recsys.urls")),
    path("accounts/", include("playoff.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("evaluation.api_urls")),
    path("api/v1/", include(("recsys.api_urls", "recsys_api"))),
    path("api/v1/", include(("annotation.api_urls", "annotation_api"))),
    path("api/v1/", include(("annotation.export_api_urls", "annotation_export_api"))),
]
