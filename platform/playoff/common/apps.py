from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "playoff.common"
    label = "common"

    def ready(self) -> None:
        import playoff.celery  # noqa: F401  # from here on `@shared_task` finds the application
