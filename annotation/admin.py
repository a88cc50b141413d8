"""Queries are imported and labels made by services: everything here is read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from annotation.models import Label, Query


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
