from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "wayhome.web.journey"
    label = "journey"

    def ready(self) -> None:
        from wayhome.web.journey import following  # noqa: F401
