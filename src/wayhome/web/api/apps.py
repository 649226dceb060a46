from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wayhome.web.api"
    label = "api"
