from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "wayhome.web.observatory"
    label = "observatory"
