"""Data sets are loaded by a service and never edited: everything here is read-only."""

from django.contrib import admin

from playoff.common.admin import ReadOnlyAdmin
from recsys.models import Dataset, Listener, Playlist, SystemVersion, Track


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "licence", "loaded_at")


@admin.register(Track)
class TrackAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "title", "artists", "year", "language", "dataset")
    list_filter = ("dataset", "language", "tempo", "vocals")
    list_select_related = ("dataset",)
    search_fields = ("external_id", "title")


@admin.register(Playlist)
class PlaylistAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "title", "language", "split", "dataset")
    list_filter = ("dataset", "split", "language")
    list_select_related = ("dataset",)
    search_fields = ("external_id", "title")


@admin.register(Listener)
class ListenerAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "description_en", "dataset")
    list_filter = ("dataset",)
    list_select_related = ("dataset",)
    search_fields = ("external_id", "description_en", "description_ru")


@admin.register(SystemVersion)
class SystemVersionAdmin(ReadOnlyAdmin):
    list_display = ("system", "fingerprint", "dataset", "code_version", "created_at")
    list_filter = ("system", "dataset")
    list_select_related = ("dataset",)
    search_fields = ("system", "fingerprint")
