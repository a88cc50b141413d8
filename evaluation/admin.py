"""Trials and judgments are read-only here: changing them is a service's work."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evaluation.models import Judgment, Look, Participant, Side, Study, StudySystem, Trial
from playoff.common.admin import ReadOnlyAdmin


class StudySystemInline(admin.TabularInline):  # type: ignore[type-arg]
    model = StudySystem
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


def _is_draft(study: Study | None) -> bool:
    return study is None or study.status == Study.Status.DRAFT


@admin.register(Study)
class StudyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A draft can be edited; once opened, a study only opens and closes, on its own page."""

    list_display = ("slug", "title", "status", "classifier", "opened_at", "closed_at")
    list_filter = ("status",)
    list_select_related = ("classifier",)
    search_fields = ("slug", "title")
    readonly_fields = ("status", "classifier", "opened_at", "closed_at", "created_by")
    inlines = (StudySystemInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "study", "language", "consented_at")
    list_filter = ("study", "language")
    list_select_related = ("study",)


class SideInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Side
    extra = 0
    can_delete = False
    fields = readonly_fields = ("name", "system", "state", "attempt", "worker", "model_seconds", "failure", "tracks")


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "study", "number", "state", "query_language", "category", "created_at")
    list_filter = ("study", "state", "query_language", "category")
    list_select_related = ("study",)
    search_fields = ("public_id", "query")
    inlines = (SideInline,)


@admin.register(Judgment)
class JudgmentAdmin(ReadOnlyAdmin):
    list_display = ("trial", "choice", "created_at")
    list_filter = ("choice", "trial__study")
    list_select_related = ("trial",)


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    list_display = ("study", "judgments", "created_at")
    list_filter = ("study",)
    list_select_related = ("study",)
