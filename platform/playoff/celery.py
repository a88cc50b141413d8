"""The one Celery application. Which broker it uses is in the settings."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

# Kombu's own broker in a folder shows messages before they are written
TRANSPORT_ALIASES["filesystem"] = "playoff.common.folder_broker:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playoff.settings")

app = Celery("playoff")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
