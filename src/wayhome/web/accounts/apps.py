from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wayhome.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from wayhome.web.accounts import session_limits  # noqa: F401 (connects its signals)
