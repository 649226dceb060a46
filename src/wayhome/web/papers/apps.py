from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "wayhome.web.papers"
    label = "papers"
