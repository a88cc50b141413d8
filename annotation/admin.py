"""Queries are imported and labels made by services: everything here is read-only."""

from django.contrib import admin

from annotation.models import Label, Query
from playoff.common.admin import ReadOnlyAdmin


@admin.register(Query)
class QueryAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "text", "language", "dataset", "dataset_version")
    list_filter = ("dataset", "dataset_version", "language")
    search_fields = ("external_id", "text")


@admin.register(Label)
class LabelAdmin(ReadOnlyAdmin):
    list_display = ("query", "annotator", "user", "category", "taxonomy_version", "created_at")
    list_filter = ("category", "taxonomy_version")
    list_select_related = ("query", "user")
    search_fields = ("query__external_id", "query__text", "annotator")
