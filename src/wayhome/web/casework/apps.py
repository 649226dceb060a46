from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "wayhome.web.casework"
    label = "casework"
