from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    name = "wayhome.web.accountability"
    label = "accountability"
