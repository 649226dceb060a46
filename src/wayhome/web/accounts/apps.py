from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wayhome.web.accounts"
    label = "accounts"
