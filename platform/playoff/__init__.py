"""The Django project. Light to import: the supervisors run on it; Celery comes in with Django (`common/apps.py`)."""
