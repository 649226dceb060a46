"""Reading an export into an organization that has no cases: all of it, or nothing."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import UUIDField
from django_scopes import scope, scopes_disabled
from openpyxl import Workbook

from wayhome.web.accounts.models import Membership, Organization, User
from wayhome.web.audit.chain import Actor
from wayhome.web.audit.many import Deed, record_many
from wayhome.web.cases.models import Case, Document, Person, SearchWord, new_code
from wayhome.web.cases.people_around import named_by
from wayhome.web.cases.search import entries_around, entries_of
from wayhome.web.exports.exporting import DOCUMENTS
from wayhome.web.exports.formats import WORKBOOK, opened_workbook
from wayhome.web.exports.reading import Faulty, Reader
from wayhome.web.exports.reviews_anew import begin_reviews_anew
from wayhome.web.exports.tables import (
    BY_MODEL,
    LISTS_OF_DOCUMENTS,
    TABLES,
    Column,
    Holds,
    Table,
)
from wayhome.web.protection.files import keep_file, remove_files
from wayhome.web.protection.keys import forget_opened_keys, index_key, open_case_keys
from wayhome.web.protection.keys_in_bulk import new_case_keys
from wayhome.web.protection.models import CaseKey
from wayhome.web.protection.sealing import blind

_AT_ONCE = 1000
_PIECE = 1 << 20
# The tables whose names cases are found by.
_FOUND_BY = ("persons", "contacts", "household", "consents")


class NotEmpty(Exception):
    """The organization has cases already; an import goes into one that has none."""


@dataclass
class _Ids:
    """What the ids of the export are here."""

    cases: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    rows: dict[Any, dict[str, Any]] = field(default_factory=dict)


def import_export(
    actor: Actor, organization: Organization, source: Path, now: datetime
) -> dict[str, int]:
    """Takes an export in; says how many rows of each table. Raises NotEmpty, Faulty, OSError.

    Ids stay what they were where they are free. People who work nowhere here yet are written down
    without a password and without access: an administrator invites them.
    """
    with scopes_disabled():
        if Case.objects.filter(organization=organization).exists():
            raise NotEmpty(f"{organization.name} has cases already.")
    with _opened(source) as (folder, book), scope(organization=organization):
        reader = Reader(folder, book)
        reader.check()
        return _Import(actor, organization, reader, now).all()


@contextmanager
def _opened(source: Path) -> Iterator[tuple[Path, Workbook | None]]:
    """The folder of an export and its workbook; a zip is unpacked for as long as it is read."""
    with ExitStack() as stack:
        folder = source
        if not source.is_dir():
            if not zipfile.is_zipfile(source):
                raise Faulty([f"{source} is neither a folder nor a zip."])
            made = tempfile.TemporaryDirectory(prefix="wayhome-import-")
            folder = Path(stack.enter_context(made))
            shutil.unpack_archive(source, folder, "zip")
        try:
            book = stack.enter_context(opened_workbook(folder))
        except (zipfile.BadZipFile, ValueError, KeyError) as error:
            raise Faulty([f"{WORKBOOK}: it is cut short, or no Excel workbook."]) from error
        yield folder, book


class _Import:
    """One import under way: the ids that were given, and what to take away if it fails."""

    def __init__(
        self, actor: Actor, organization: Organization, reader: Reader, now: datetime
    ) -> None:
        self.actor, self.organization, self.reader, self.now = actor, organization, reader, now
        self.ids = _Ids()
        self.index = index_key(organization.pk)

    def all(self) -> dict[str, int]:
        """Every table in order, in one transaction; keys and files are taken away if it fails."""
        try:
            with transaction.atomic():
                self._people()
                counts = {table.name: self._table(table) for table in TABLES}
                begin_reviews_anew(self.actor, self.now)
                return counts
        except BaseException:
            made = list(self.ids.cases.values())
            for case in made:
                remove_files(case)
            CaseKey.objects.filter(pk__in=made).delete()
            raise
        finally:
            forget_opened_keys()

    def _people(self) -> None:
        for row in self.reader.people():
            user = User.objects.filter(email__iexact=row["email"]).first()
            if user is None:
                user = User.objects.create_user(row["email"], None, name=row["name"])
            Membership.objects.get_or_create(
                user=user,
                organization=self.organization,
                defaults={"role": row["role"], "is_active": False},
            )
            self.ids.people[row["email"]] = user.pk

    def _table(self, table: Table) -> int:
        rows, count = self.reader.rows(table), 0
        numbers = self.ids.rows.setdefault(table.model, {})
        while chunk := list(islice(rows, _AT_ONCE)):
            made = self._chunk(table, chunk)
            numbers |= {str(raw.get("id")): row.pk for raw, row in zip(chunk, made, strict=True)}
            count += len(made)
        if table.model is Document:
            self._versions(table)
        return count

    def _chunk(self, table: Table, chunk: list[dict[str, Any]]) -> list[Any]:
        forget_opened_keys()
        if table.model is Case:
            return self._cases(chunk)
        open_case_keys({self.ids.cases[row["case"]] for row in chunk if row.get("case")})
        if table.model is Document:
            self._documents(chunk)
        made = [table.model(**self._fields(table, row)) for row in chunk]
        if table.model is not Document and isinstance(table.model._meta.pk, UUIDField):
            _keep_ids(table.model, chunk, made)
        if table.name == "state_changes":
            for row, number in zip(made, self._record_steps(made), strict=True):
                row.audit_number = number  # type: ignore[attr-defined]
        table.model._base_manager.bulk_create(made, batch_size=_AT_ONCE)
        if table.name in _FOUND_BY:
            self._index(made)
        return made

    def _fields(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        made = {c.field.attname: self._here(table, c, row[c.name]) for c in table.columns}
        if table.model is not Document and table.columns[0].holds is Holds.ID:
            del made["id"]
        if table.owner == "organization":
            made["organization_id"] = self.organization.pk
        if table.name == "finding_rows":
            case = self.ids.cases.get(row["case"] or "")
            made["key"] = (
                blind(self.index, "finding row", str(case)) if case else secrets.token_bytes(32)
            )
        return made

    def _here(self, table: Table, column: Column, value: Any) -> Any:
        """What a value of the export is here."""
        match column.holds:
            case Holds.CASE:
                return value and self.ids.cases[value]
            case Holds.PERSON_OF_STAFF:
                return value and self.ids.people[value]
            case Holds.ID if table.model is Document:
                return self.ids.documents[value]
            case Holds.ROW if column.field.related_model is table.model:
                return None
            case Holds.ROW:
                return value and self.ids.rows[column.field.related_model][str(value)]
            case Holds.DAY:
                return value and date.fromisoformat(value)
            case Holds.MOMENT:
                return value and datetime.fromisoformat(value)
        if (table.name, column.name) in LISTS_OF_DOCUMENTS and value:
            return [str(self.ids.documents.get(held, held)) for held in value]
        return value

    def _cases(self, chunk: list[dict[str, Any]]) -> list[Case]:
        taken = _taken(Case, chunk) | set(
            CaseKey.objects.filter(pk__in=_uuids(chunk)).values_list("pk", flat=True)
        )
        with scopes_disabled():
            wanted = [row["code"] for row in chunk]
            codes = set(Case.objects.filter(code__in=wanted).values_list("code", flat=True))
        for row in chunk:
            self.ids.cases[row["id"]] = _free(row["id"], taken)
        new_case_keys([self.ids.cases[row["id"]] for row in chunk], self.organization.pk)
        made = []
        for row in chunk:
            fields = self._fields(BY_MODEL[Case], row) | {"id": self.ids.cases[row["id"]]}
            if row["code"] in codes:
                fields["code"] = new_code()
            made.append(Case(**fields))
        Case.objects.bulk_create(made, batch_size=_AT_ONCE)
        record_many(Deed(self.actor, "imported case", self.now, case=c.pk) for c in made)
        return made

    def _documents(self, chunk: list[dict[str, Any]]) -> None:
        taken = _taken(Document, chunk)
        for row in chunk:
            self.ids.documents[row["id"]] = _free(row["id"], taken)
            path = self.reader.folder / DOCUMENTS / str(UUID(row["id"]))
            if path.exists():
                with path.open("rb") as file:
                    pieces = iter(lambda file=file: file.read(_PIECE), b"")
                    case = self.ids.cases[row["case"]]
                    keep_file(case, self.ids.documents[row["id"]], pieces)

    def _versions(self, table: Table) -> None:
        for row in self.reader.rows(table):
            if row["version_of"]:
                own, other = (self.ids.documents.get(row[k]) for k in ("id", "version_of"))
                Document.objects.filter(pk=own).update(version_of=other)

    def _index(self, rows: list[Any]) -> None:
        SearchWord.objects.bulk_create(
            (
                SearchWord(
                    organization_id=self.organization.pk,
                    case_id=row.case_id,
                    kind=kind,
                    digest=blind(self.index, kind, word),
                )
                for row in rows
                for kind, word in dict.fromkeys(_entries(row))
            ),
            batch_size=_AT_ONCE,
        )

    def _record_steps(self, changes: list[Any]) -> list[int]:
        """Steps that were taken elsewhere, written into this log as what they are: imported."""
        return record_many(
            Deed(
                self.actor,
                "imported a step",
                self.now,
                case=change.case_id,
                details={"from": change.from_state, "to": change.to_state},
            )
            for change in changes
        )


def _entries(row: Any) -> Iterator[tuple[str, str]]:
    """What a case is found by of one of its rows."""
    if isinstance(row, Person):
        yield from entries_of(row)
    elif somebody := named_by(row):
        yield from entries_around([somebody])


def _uuids(chunk: list[dict[str, Any]]) -> list[UUID]:
    return [found for row in chunk if (found := _uuid(row["id"]))]


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _taken(model: Any, chunk: list[dict[str, Any]]) -> set[UUID]:
    """Those ids that a row of this installation has already."""
    with scopes_disabled():
        rows = model._base_manager.filter(pk__in=_uuids(chunk))
        return set(rows.values_list("pk", flat=True))


def _keep_ids(model: Any, chunk: list[dict[str, Any]], made: list[Any]) -> None:
    """Rows keep their ids where they are free here."""
    taken = _taken(model, chunk)
    for raw, row in zip(chunk, made, strict=True):
        row.pk = _free(raw["id"], taken)


def _free(wanted: Any, taken: set[UUID]) -> UUID:
    """The id of the export, if it is free here; else a new one."""
    found = _uuid(wanted)
    return found if found and found not in taken else uuid4()
