from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wayhome.web.audit"
    label = "audit"
