"""The Django project. Loading Celery here lets `@shared_task` find the application."""

from playoff.celery import app as celery_app

__all__ = ["celery_app"]
