from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "playoff.accounts"
    label = "accounts"
