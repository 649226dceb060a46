from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "wayhome.web.portal"
    label = "portal"
