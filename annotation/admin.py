"""Queries are imported, labels made and decided by services: everything here is read-only."""

from django.contrib import admin

from annotation.models import (
    Adjudication,
    Annotator,
    Assignment,
    Campaign,
    ClassifierPromotion,
    ClassifierRun,
    GoldVersion,
    LabelEvent,
    Query,
    TaxonomyVersion,
)
from playoff.common.admin import ReadOnlyAdmin


@admin.register(Query)
class QueryAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "text", "language", "dataset", "dataset_version")
    list_filter = ("dataset", "dataset_version", "language")
    search_fields = ("external_id", "text")


@admin.register(TaxonomyVersion)
class TaxonomyVersionAdmin(ReadOnlyAdmin):
    list_display = ("slug", "number", "digest", "created_at")


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("slug", "title", "status", "taxonomy", "created_at")
    list_filter = ("status",)
    list_select_related = ("taxonomy",)
    search_fields = ("slug", "title")


@admin.register(Annotator)
class AnnotatorAdmin(ReadOnlyAdmin):
    list_display = ("pseudonym", "campaign", "user", "labelled", "barred")
    list_filter = ("campaign",)
    list_select_related = ("campaign", "user")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ("item", "annotator", "state", "category", "taxonomy_version", "acted_at")
    list_filter = ("campaign", "state", "category")
    list_select_related = ("annotator", "item__query")
    search_fields = ("item__query__text", "annotator__pseudonym")


@admin.register(LabelEvent)
class LabelEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "old", "new", "annotator", "actor")
    list_filter = ("campaign", "action")
    list_select_related = ("annotator", "actor")


@admin.register(Adjudication)
class AdjudicationAdmin(ReadOnlyAdmin):
    list_display = ("item", "category", "decided_by", "decided_at")
    list_select_related = ("item", "decided_by")


@admin.register(GoldVersion)
class GoldVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "campaign", "method", "rows_count", "created_at")
    list_select_related = ("campaign",)


@admin.register(ClassifierRun)
class ClassifierRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "state", "model", "campaign", "gold", "created_at")
    list_filter = ("state", "device", "campaign")
    list_select_related = ("campaign", "gold")
    search_fields = ("name", "model", "fingerprint")


@admin.register(ClassifierPromotion)
class ClassifierPromotionAdmin(ReadOnlyAdmin):
    list_display = ("run", "by", "at")
    list_select_related = ("run", "by")
