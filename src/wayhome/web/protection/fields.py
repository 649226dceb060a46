"""Model fields whose values are sealed with the key of the row's case.

The row's model says which case it belongs to in `case_of_row()`. A value is opened when it is
read, not when the row is fetched, so that a list which shows no names opens none.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from wayhome.web.protection.keys import Erased, case_key, case_keys
from wayhome.web.protection.sealing import seal, unseal_with_one_of

ERASED = "erased"


class SealedValue:
    """Reads and writes one sealed field of a row."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        data = row.__dict__
        name = self.field.attname
        if name not in data:
            row.refresh_from_db(fields=[name])
        held = data[name]
        if isinstance(held, bytes | memoryview):
            held = data[name] = self.field.opened(bytes(held), row)
        return held

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):
    """Any JSON value (mostly text), sealed. It cannot be searched or sorted by."""

    descriptor_class = SealedValue

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", bytes)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type, name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)  # type: ignore[arg-type]
        setattr(cls, name, SealedValue(self))

    def pre_save(self, row: Any, add: bool) -> bytes:
        value = row.__dict__.get(self.attname, b"")
        if isinstance(value, bytes | memoryview):
            return bytes(value)
        return self.sealed(value, row)

    def sealed(self, value: Any, row: Any) -> bytes:
        if value is None or value == "":
            return b""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return seal(case_key(row.case_of_row()), text.encode(), self.place(row))

    def opened(self, held: bytes, row: Any) -> Any:
        if not held:
            return ""
        try:
            keys = case_keys(row.case_of_row())
        except Erased:
            return ERASED
        return json.loads(unseal_with_one_of(keys, held, self.place(row)))

    def place(self, row: Any) -> str:
        return f"{row._meta.label_lower}.{self.attname} {row.case_of_row()}"
