from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "wayhome.web.journey"
    label = "journey"
