"""The one Celery application. Which broker it uses is in the settings."""

import os
from typing import Any

from celery import Celery, bootsteps
from kombu.transport import TRANSPORT_ALIASES

# Kombu's own broker in a folder shows messages before they are written
TRANSPORT_ALIASES["filesystem"] = "playoff.common.folder_broker:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playoff.settings")

app = Celery("playoff")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class BeatThread(bootsteps.StartStopStep):
    """The clock as a thread of a worker that is one process, where `--beat` would fork it, models and all."""

    label = "BeatThread"
    conditional = True

    def __init__(self, worker: Any, **options: Any) -> None:
        self.enabled = os.environ.get("BEAT_THREAD") == "1"
        super().__init__(worker, **options)

    def create(self, worker: Any) -> Any:
        from celery.beat import EmbeddedService

        return EmbeddedService(worker.app, thread=True, schedule_filename=worker.schedule_filename)


app.steps["worker"].add(BeatThread)
