from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "wayhome.web.files"
    label = "files"
