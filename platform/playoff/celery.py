"""The one Celery application. Which broker it uses is in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playoff.settings")

app = Celery("playoff")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
