from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from playoff.accounts.models import User


@admin.register(User)
class PlayoffUserAdmin(UserAdmin):  # type: ignore[type-arg]
    fieldsets = (
        *UserAdmin.fieldsets,  # type: ignore[misc]
        ("Roles", {"fields": ("is_annotator", "is_lead", "is_researcher")}),
    )
    list_display = ("username", "is_annotator", "is_lead", "is_researcher", "is_superuser", "is_active")
    list_filter = ("is_annotator", "is_lead", "is_researcher", "is_superuser", "is_active")
