"""Writing an organization's export into a folder, or a zip of one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django_scopes import scope

from wayhome import __version__
from wayhome.law.vocabulary import CASE_ID
from wayhome.web.accounts.models import Organization, User
from wayhome.web.audit.chain import Actor, record
from wayhome.web.audit.models import Event
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Document
from wayhome.web.exports.formats import FORMATS, write_tables
from wayhome.web.exports.tables import LOG, PEOPLE, TABLES, Holds, Table, people_of
from wayhome.web.protection.files import path_of, read_file
from wayhome.web.protection.keys import forget_opened_keys, index_key, open_case_keys
from wayhome.web.protection.sealing import blind
from wayhome.web.review.models import Finding, Round

ABOUT, DOCUMENTS = "about.json", "documents"
VERSION = 1
WHY_LEFT_OUT = (
    "Two reviewers are blind to each other until their round is decided, and so is an export. "
    "A review that is under way begins anew where this is taken in."
)
_AT_ONCE = 1000


class AlreadyThere(Exception):
    """Something stands where the export would go; nothing is written over."""


def export(
    actor: Actor,
    organization: Organization,
    to: Path,
    *,
    format: str = "csv",
    with_a_numbers: bool = False,
    now: datetime,
) -> dict[str, int]:
    """Exports everything of an organization to a folder, or to a file that ends in .zip.

    It is written beside and put in place when it is whole. What it holds is not sealed. Erased
    cases are left out, and findings of rounds that are not decided. Raises AlreadyThere,
    ValueError for an unknown format, OSError.
    """
    if format not in FORMATS:
        raise ValueError(f"There is no format {format!r}; there is {', '.join(FORMATS)}.")
    if to.exists() and (to.is_file() or any(to.iterdir())):
        raise AlreadyThere(f"{to} is there already; choose another place.")
    beside = to.with_name(f".{to.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    try:
        with scope(organization=organization):
            counts = _write(beside, organization, format, with_a_numbers, now)
            record(actor, "exported everything", details=counts, at=now)
        _put_in_place(beside, to)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        forget_opened_keys()
    return counts


def _write(
    folder: Path, organization: Organization, format: str, with_a_numbers: bool, now: datetime
) -> dict[str, int]:
    rows = _Rows(organization, with_a_numbers)
    tables = [(t.name, {c.name: c.holds for c in t.columns}, rows.of(t)) for t in TABLES]
    tables = [_with_case(name, columns, made) for name, columns, made in tables]
    people = dict.fromkeys(PEOPLE, Holds.TEXT) | {
        "is_active": Holds.YES_NO,
        "languages": Holds.JSON,
    }
    tables.append(("people", people, people_of(organization)))
    log = dict.fromkeys(LOG, Holds.TEXT) | {"details": Holds.JSON, "number": Holds.NUMBER}
    tables.append(("log", log, _log(organization)))
    counts = write_tables(folder, format, tables)
    counts["files"] = _write_documents(folder / DOCUMENTS)
    left_out = undecided_findings().count()
    _write_case_file(folder / "facts_that_count.jsonl")
    about = {
        "what": "Everything that an organization kept in Wayhome. It is not sealed.",
        "version": VERSION,
        "made_by": f"wayhome {__version__}",
        "made_at": now.isoformat(),
        "format": format,
        "organization": {"name": organization.name, "months_kept": organization.months_kept},
        "has_a_numbers": with_a_numbers,
        "rows": counts,
        "left_out": {"findings_of_undecided_rounds": left_out, "why": WHY_LEFT_OUT},
    }
    text = json.dumps(about, ensure_ascii=False, indent=2)
    (folder / ABOUT).write_text(text + "\n", encoding="utf-8")
    return counts


def _with_case(name: str, columns: Any, rows: Any) -> Any:
    """Finding rows name their case here, in the place of the key."""
    return (name, {**columns, "case": Holds.CASE} if name == "finding_rows" else columns, rows)


class _Rows:
    """The rows of every table, with ids that mean the same wherever they are read."""

    def __init__(self, organization: Organization, with_a_numbers: bool) -> None:
        self.organization, self.with_a_numbers = organization, with_a_numbers
        self.emails = dict(User.objects.values_list("pk", "email"))
        self.numbers: dict[Any, dict[Any, int]] = {}

    def of(self, table: Table) -> Iterator[dict[str, Any]]:
        owned = table.model._base_manager.filter(**{table.owner: self.organization})
        owned = self._without_erased(table, owned).order_by("pk")
        if table.model is Finding:
            owned = owned.exclude(pk__in=undecided_findings())
        numbers = self.numbers.setdefault(table.model, {})
        cases = self._cases_by_key() if table.name == "finding_rows" else {}
        start = 1
        for rows in _chunks(owned.iterator(chunk_size=_AT_ONCE)):
            forget_opened_keys()
            open_case_keys({row.case_id for row in rows if hasattr(row, "case_id")})
            for number, row in enumerate(rows, start=start):
                numbers[row.pk] = number
                yield self._values(table, row, number, cases)
            start += len(rows)

    def _without_erased(self, table: Table, rows: Any) -> Any:
        way = table.owner.removesuffix("organization")
        is_of_case = table.name == "cases" or "case" in way
        return rows.filter(**{f"{way}erased_at": None}) if is_of_case else rows

    def _values(
        self, table: Table, row: Any, number: int, cases: dict[bytes, str]
    ) -> dict[str, Any]:
        made = {c.name: self._value(c, row, number) for c in table.columns}
        if table.name == "persons" and not self.with_a_numbers:
            made["a_number"] = ""
        if table.name == "finding_rows":
            made["case"] = cases.get(bytes(row.key))
        return made

    def _value(self, column: Any, row: Any, number: int) -> Any:
        held = getattr(row, column.field.attname)
        match column.holds:
            case Holds.ID:
                return str(held) if isinstance(held, UUID) else number
            case Holds.PERSON_OF_STAFF:
                return self.emails.get(held)
            case Holds.ROW:
                if held is None or isinstance(held, UUID):
                    return held and str(held)
                return self.numbers[column.field.related_model][held]
            case Holds.DAY | Holds.MOMENT:
                return held and held.isoformat()
            case Holds.CASE:
                return held and str(held)
        return held

    def _cases_by_key(self) -> dict[bytes, str]:
        key = index_key(self.organization.pk)
        ids = Case.objects.filter(erased_at=None).values_list("pk", flat=True)
        return {blind(key, "finding row", str(pk)): str(pk) for pk in ids}


def undecided_findings() -> QuerySet[Finding]:
    """The findings, within the scope, that readers of the same case may have to be blind to."""
    decided = Round.objects.filter(
        case=OuterRef("case"), number=OuterRef("assignment__round"), recommends__isnull=False
    )
    return Finding.objects.filter(~Exists(decided), case__erased_at=None)


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, _AT_ONCE)):
        yield chunk


def _log(organization: Organization) -> Iterable[dict[str, Any]]:
    events = Event.objects.filter(organization=organization.pk).order_by("number")
    for event in events.iterator(chunk_size=_AT_ONCE):
        yield {name: _plain(getattr(event, name)) for name in LOG}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _write_documents(folder: Path) -> int:
    """The bytes of every document, opened, under its id. One that is gone (a virus) is left out."""
    folder.mkdir(mode=0o700)
    count = 0
    kept = Document.objects.filter(case__erased_at=None).values_list("case_id", "pk")
    for case, document in kept.iterator(chunk_size=_AT_ONCE):
        if path_of(case, document).exists():
            with (folder / str(document)).open("wb") as file:
                file.writelines(read_file(case, document))
            count += 1
    return count


def _write_case_file(path: Path) -> None:
    """What counts of each case, a line each, as `wayhome screen` reads it."""
    with path.open("w", encoding="utf-8") as file:
        cases = Case.objects.filter(erased_at=None).order_by("received_at", "pk")
        for chunk in _chunks(cases.iterator(chunk_size=_AT_ONCE)):
            forget_opened_keys()
            open_case_keys([case.pk for case in chunk])
            for case in chunk:
                facts = {name: _plain(value) for name, value in facts_of(case).items()}
                file.write(json.dumps({CASE_ID: case.code, **facts}, ensure_ascii=False) + "\n")


def _put_in_place(beside: Path, to: Path) -> None:
    if to.suffix == ".zip":
        packed = shutil.make_archive(str(beside.with_suffix(".zip-part")), "zip", beside)
        Path(packed).chmod(0o600)
        Path(packed).replace(to)
        return
    if to.exists():
        to.rmdir()
    beside.replace(to)
