from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "playoff.common"
    label = "common"
