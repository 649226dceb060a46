"""Which database a model lives in: keys in the keyring, everything else in the other."""

from __future__ import annotations

from typing import Any

KEYRING, APP = "keyring", "protection"


class KeyringRouter:
    def db_for_read(self, model: Any, **hints: object) -> str:
        return KEYRING if model._meta.app_label == APP else "default"

    db_for_write = db_for_read

    def allow_relation(self, first: Any, second: Any, **hints: object) -> bool:
        return (first._meta.app_label == APP) == (second._meta.app_label == APP)

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return (app_label == APP) == (db == KEYRING)
