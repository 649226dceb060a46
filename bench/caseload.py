"""A million invented cases in PostgreSQL, written as fast as two cores can seal them.

Some thousand cases are invented whole, as `wayhome web invent` does. Each is then copied many times
to other people: a case of its own with its key, name, code, search words and events of the log,
every sealed value sealed anew for it. Nobody in it exists.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections

from wayhome.web.accountability.models import FindingRow
from wayhome.web.accounts.models import Organization
from wayhome.web.audit.chain import hash_of
from wayhome.web.audit.models import Event, Head
from wayhome.web.cases.invented.people import invented_person
from wayhome.web.cases.invented.reviewing import agreement_cells, keep_agreements
from wayhome.web.cases.invented.rows import Office, invented_case
from wayhome.web.cases.invented.stories import invented_story
from wayhome.web.cases.models import Case, Person, SearchWord
from wayhome.web.cases.search import entries_of
from wayhome.web.protection.fields import SealedField
from wayhome.web.protection.keys import index_key, organization_key, place_of_case_key
from wayhome.web.protection.models import CaseKey
from wayhome.web.protection.sealing import VERSION, blind, seal
from wayhome.web.review.models import Assignment, Finding, StateChange

PATTERNS = 2_000
_AT_ONCE = 2_000
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_NULL = r"\N"
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@dataclass(frozen=True)
class Row:
    """A row as COPY reads it: its cells, where the case's id stands, what is to be sealed."""

    model: type[Any]
    cells: tuple[str, ...]
    places: dict[str, int]
    sealed: tuple[tuple[int, str, bytes], ...]


@dataclass(frozen=True)
class Pattern:
    """An invented case: its rows but for the person, and the events of its log."""

    rows: tuple[Row, ...]
    deeds: tuple[Any, ...]
    cells: tuple[tuple[str, str], ...]


def fill(organization: Organization, cases: int, now: datetime, seed: int = 4) -> Iterator[int]:
    """Writes invented cases, and yields how many so far. Only for a server of its own: meanwhile
    nothing there is checked or made safe against a loss of power."""
    draw = Random(seed)
    staff = tuple(organization.memberships.filter(is_active=True).select_related("user"))
    office = Office(organization, staff, index_key(organization.pk))
    patterns = [_pattern(draw, office, number, now) for number in range(min(cases, PATTERNS))]
    _hurry()
    dropped = [*_drop_indexes("default"), *_drop_indexes("keyring")]
    copier = _Copier(draw, office, now)
    with ThreadPoolExecutor(1) as writer:
        under_way: Future[None] | None = None
        for start in range(0, cases, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, cases))
            tables = copier.tables((n, patterns[n % len(patterns)]) for n in numbers)
            if under_way is not None:
                under_way.result()
            under_way = writer.submit(_write, tables)
            yield numbers.stop
        if under_way is not None:
            under_way.result()
        writer.submit(connections.close_all).result()
    copier.finish()
    _build_indexes(dropped)
    agreements: Counter[tuple[str, str]] = Counter()
    for number, pattern in enumerate(patterns):
        copies = len(range(number, cases, len(patterns)))
        agreements.update({cell: copies * n for cell, n in Counter(pattern.cells).items()})
    keep_agreements(organization, agreements)


def _pattern(draw: Random, office: Office, number: int, now: datetime) -> Pattern:
    person = invented_person(draw, number, now.date())
    rows, deeds = invented_case(draw, office, invented_story(draw, now.date()), person, now)
    steps = [row for row in rows if isinstance(row, StateChange)]
    for row in rows:
        if isinstance(row, StateChange):
            row.audit_number = next(i for i, (_, step) in enumerate(deeds) if step is row)
    assert len(steps) == sum(step is not None for _, step in deeds)
    seats = [row for row in rows if isinstance(row, Assignment)]
    for finding in (row for row in rows if isinstance(row, Finding)):
        finding.seat_number = seats.index(finding.assignment)
    cells = tuple(agreement_cells(rows))
    kept = tuple(_row(row) for row in rows if not isinstance(row, Person | SearchWord))
    return Pattern(kept, tuple(deed for deed, _ in deeds), cells)


@cache
def _fields(model: Any) -> list[Any]:
    """The columns that COPY is given: not the computed ones, nor ids that count by themselves."""
    return [
        f
        for f in model._meta.concrete_fields
        if not f.generated and (f.get_internal_type() != "BigAutoField" or model is Assignment)
    ]


def _row(row: Any) -> Row:
    """A row of an invented case, ready to be copied."""
    cells, sealed = [], []
    places = {field.attname: at for at, field in enumerate(_fields(type(row)))}
    for at, field in enumerate(_fields(type(row))):
        value = row.__dict__.get(field.attname)
        if isinstance(field, SealedField):
            if value not in (None, "", b""):
                plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
                sealed.append((at, f"{row._meta.label_lower}.{field.attname}", plain))
            value = b""
        elif field.get_internal_type() == "JSONField":
            value = json.dumps(value)
        cells.append(_cell(value))
    if isinstance(row, Finding):
        cells[places["assignment_id"]] = str(row.seat_number)
    return Row(type(row), tuple(cells), places, tuple(sealed))


def _cell(value: Any) -> str:
    """A value as the text form of COPY has it."""
    match value:
        case None:
            return _NULL
        case bool():
            return "t" if value else "f"
        case bytes():
            return "\\\\x" + value.hex()
        case date():
            return value.isoformat()
        case _:
            return str(value).translate(_ESCAPED)


class _Copier:
    """Makes copies of patterns, and keeps count: of events, of seats, of codes."""

    def __init__(self, draw: Random, office: Office, now: datetime) -> None:
        self.draw, self.office, self.now = draw, office, now
        self.organization = office.organization.pk
        self.key_row, self.key = organization_key(self.organization)
        head, _ = Head.objects.get_or_create(pk=1)
        self.number, self.hash = head.number, head.hash
        self.seats = 0

    def tables(self, copies: Iterable[tuple[int, Pattern]]) -> dict[type[Any], str]:
        """The text of COPY for each table."""
        lines: dict[type[Any], list[str]] = {}
        for number, pattern in copies:
            for model, line in self.lines(number, pattern):
                lines.setdefault(model, []).append(line)
        return {model: "".join(own) for model, own in lines.items()}

    def lines(self, number: int, pattern: Pattern) -> Iterator[tuple[type[Any], str]]:
        case, key = uuid4(), secrets.token_bytes(32)
        wrapped = seal(self.key, key, place_of_case_key(case))
        own_key = CaseKey(case=case, organization_key=self.key_row, wrapped=wrapped, former=b"")
        yield CaseKey, _line(_row(own_key).cells)
        cipher, name = AESGCM(key), str(case)
        first, seat = self.number + 1, self.seats + 1
        yield from ((Event, line) for line in self.events(case, pattern))
        for row in pattern.rows:
            cells = list(row.cells)
            self.change(row, cells, case, name, number, first, seat)
            _seal(row, cells, cipher, name)
            yield row.model, _line(cells)
        yield from self.person(case, number, cipher)

    def change(
        self,
        row: Row,
        cells: list[str],
        case: UUID,
        name: str,
        number: int,
        first: int,
        seat: int,
    ) -> None:
        """Puts in what is the copy's own."""
        places, model = row.places, row.model
        if model is Case:
            cells[places["id"]], cells[places["code"]] = name, _code(number)
            at = datetime.fromisoformat(cells[places["received_at"]])
            cells[places["received_at"]] = (at - timedelta(seconds=number)).isoformat()
            return
        if model is FindingRow:
            digest = blind(self.office.index, "finding row", name)
            cells[places["key"]] = _cell(digest)
            return
        cells[places["case_id"]] = name
        if model is StateChange:
            place = places["audit_number"]
            cells[place] = str(first + int(cells[place]))
        elif model is Assignment:
            self.seats += 1
            cells[places["id"]] = str(self.seats)
        elif model is Finding:
            place = places["assignment_id"]
            cells[place] = str(seat + int(cells[place]))

    def events(self, case: UUID, pattern: Pattern) -> Iterator[str]:
        for deed in pattern.deeds:
            self.number += 1
            event = Event(
                number=self.number,
                at=deed.at,
                actor=deed.actor.name,
                organization=deed.actor.organization,
                case=case,
                deed=deed.name,
                details=deed.details,
                previous=self.hash,
            )
            self.hash = event.hash = hash_of(event)
            yield _line(_row(event).cells)

    def person(self, case: UUID, number: int, cipher: AESGCM) -> Iterator[tuple[type[Any], str]]:
        fields = invented_person(self.draw, number, self.now.date())
        row = Person(case_id=case, **fields)
        made, name = _row(row), str(case)
        cells = list(made.cells)
        _seal(made, cells, cipher, name)
        yield Person, _line(cells)
        for kind, word in dict.fromkeys(entries_of(row)):
            digest = _cell(blind(self.office.index, kind, word))
            by_name = {
                "organization_id": str(self.organization),
                "case_id": name,
                "kind": kind,
                "digest": digest,
            }
            yield SearchWord, _line(by_name[field.attname] for field in _WORD_FIELDS)

    def finish(self) -> None:
        Head.objects.filter(pk=1).update(number=self.number, hash=self.hash)
        with connection.cursor() as cursor:
            table = Assignment._meta.db_table
            sql = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
            cursor.execute(sql, [table, max(self.seats, 1)])


_WORD_FIELDS = _fields(SearchWord)


def _seal(row: Row, cells: list[str], cipher: AESGCM, name: str) -> None:
    """As protection.sealing.seal, with the cipher of a case made once."""
    for at, place, plain in row.sealed:
        nonce = secrets.token_bytes(12)
        held = VERSION + nonce + cipher.encrypt(nonce, plain, f"{place} {name}".encode())
        cells[at] = "\\\\x" + held.hex()


def _line(cells: Iterable[str]) -> str:
    return "\t".join(cells) + "\n"


def _code(number: int) -> str:
    """A code for each number, none of them twice."""
    letters = ""
    for _ in range(8):
        number, last = divmod(number, len(_LETTERS))
        letters = _LETTERS[last] + letters
    return f"{letters[:4]}-{letters[4:]}"


# --- the server ----------------------------------------------------------------------------------


def _hurry() -> None:
    """No checks of keys to other tables, no waiting for the disk: only while a server is filled."""
    for alias in ("default", "keyring"):
        with connections[alias].cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
            cursor.execute("ALTER SYSTEM SET autovacuum = off")
            cursor.execute("SELECT pg_reload_conf()")


def _drop_indexes(alias: str) -> list[tuple[str, str]]:
    """Takes the indexes away that no constraint needs: (database, how to make it again)."""
    sql = """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid IN (SELECT relid FROM pg_stat_user_tables) AND NOT indisunique
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
    return [(alias, made) for _, made in found]


def _build_indexes(dropped: Iterable[tuple[str, str]]) -> None:
    for alias, made in dropped:
        with connections[alias].cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute(made)
    for alias in ("default", "keyring"):
        with connections[alias].cursor() as cursor:
            cursor.execute("ALTER SYSTEM RESET ALL")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("VACUUM (ANALYZE)")


def _write(tables: dict[type[Any], str]) -> None:
    for model, text in tables.items():
        own = connections["keyring" if model is CaseKey else "default"]
        quoted = own.ops.quote_name
        columns = ", ".join(quoted(field.column) for field in _fields(model))
        with own.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET synchronous_commit = off")
            with cursor.copy(f"COPY {quoted(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
                copy.write(text)
