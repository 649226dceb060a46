from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wayhome.web.cases"
    label = "cases"
