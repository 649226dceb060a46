from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "wayhome.web.review"
    label = "review"
