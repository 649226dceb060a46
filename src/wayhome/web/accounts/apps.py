from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wayhome.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        # They connect their signals; a session has its key before the log tags it.
        from wayhome.web.accounts import session_limits, sign_ins_in_log  # noqa: F401
