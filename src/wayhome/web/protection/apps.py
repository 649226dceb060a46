from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class ProtectionConfig(AppConfig):
    name = "wayhome.web.protection"
    label = "protection"

    def ready(self) -> None:
        from wayhome.web.protection.keys import forget_opened_keys

        request_started.connect(forget_opened_keys)
        request_finished.connect(forget_opened_keys)
