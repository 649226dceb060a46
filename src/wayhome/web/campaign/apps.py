from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "wayhome.web.campaign"
    label = "campaign"
