"""Taking in many cases from a file: read with the kernel's reader, shown, then taken in row by row.

The file is never kept. Its rows are, sealed with a key of the intake's own, until the intake is
over. Each row that is taken in is one transaction: the case, and the note that the row was taken.
A process that is killed leaves whole cases, and whoever goes on takes none of them twice.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from wayhome.law.vocabulary import FactType, Value, load_vocabulary
from wayhome.sources.case_files import BadRow, CaseFile, CaseRow, read_case_file
from wayhome.sources.case_files.answers import SomeDayOf, read_date
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import check_may_speak_as, receive_case
from wayhome.web.cases.documents import bytes_within_limit
from wayhome.web.cases.models import Case, Consent, Note
from wayhome.web.cases.search import digits_of
from wayhome.web.casework.consents import FILE
from wayhome.web.casework.models import Intake, IntakeRow, RowState
from wayhome.web.casework.resemblance import TwinsInFile, compare
from wayhome.web.protection.keys import destroy_case_key, new_case_key

# What stands in a file beside the facts, by the headings that people write.
BESIDE = {
    **dict.fromkeys(("name", "full_name", "nombre_completo"), "name"),
    **dict.fromkeys(("first_name", "given_name", "given_names", "nombres"), "given_names"),
    **dict.fromkeys(("last_name", "surname", "surnames", "family_name", "apellidos"), "surnames"),
    **dict.fromkeys(("other_names", "aliases", "alias"), "other_names"),
    **dict.fromkeys(("a_number", "a#", "anumber", "a_no"), "a_number"),
    **dict.fromkeys(("where", "where_now", "location"), "where"),
    **dict.fromkeys(("phone", "telephone", "telefono", "teléfono"), "phone"),
    **dict.fromkeys(("email", "e_mail"), "email"),
}
MOST_ROWS = 5000
# For so long one request takes in rows; then the page says how far it is, and goes on.
SECONDS_AT_ONCE = 4.0
# An intake that nobody ended is ended after this.
KEPT = timedelta(days=14)
_IN_MEMORY = Path("/dev/shm")


class CannotTakeIn(Exception):
    """The file or the intake cannot be taken in. The text says why."""


def read_intake(
    actor: Actor,
    member: Membership,
    file: BinaryIO | Any,
    source: str,
    language: str,
    how_agreed: str,
    now: datetime,
) -> Intake:
    """Reads a file and keeps its rows sealed, to be looked at. No case is made yet.

    Raises CaseFileProblem with every fault that stops the whole file, Refused, CannotTakeIn.
    """
    check_may(member, Deed.TAKE_IN)
    check_may_speak_as(member, source)
    case_file = _read(bytes_within_limit(file), Path(str(file.name)).suffix.lower(), now.date())
    if len(case_file.rows) + len(case_file.bad_rows) > MOST_ROWS:
        raise CannotTakeIn(f"The file has more than {MOST_ROWS} rows. Take it in in parts.")
    intake_id = uuid.uuid4()
    new_case_key(intake_id, member.organization_id)
    with scope(organization=member.organization_id), transaction.atomic():
        intake = Intake.objects.create(
            id=intake_id,
            organization_id=member.organization_id,
            made_by=member.user,
            made_at=now,
            source=source,
            language=language,
            # Notes name sheets and columns: a file's name may be somebody's.
            notes=[note.partition(": ")[2] for note in case_file.notes],
        )
        rows = [*_readable(intake, case_file.rows, how_agreed), *_unreadable(intake, case_file)]
        IntakeRow.objects.bulk_create(rows, batch_size=500)
        details = {"intake": str(intake_id), "rows": len(rows), "unread": len(case_file.bad_rows)}
        record(actor, "read intake file", details=details, at=now)
    return intake


def _read(data: bytes, ending: str, today: date) -> CaseFile:
    """The reader wants a file: it lies in memory where there is such a place, and is gone after."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(dir=place))
    try:
        path = folder / f"file{ending}"
        path.write_bytes(data)
        return read_case_file(path, skip_bad_rows=True, beside=BESIDE, today=today)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _readable(intake: Intake, rows: Iterable[CaseRow], how_agreed: str) -> Iterator[IntakeRow]:
    twins = TwinsInFile()
    for row in rows:
        texts = row.beside or {}
        person = _person(texts, row.facts)
        likely = twins.of(row.row_number, person)
        yield IntakeRow(
            case=intake.pk,
            intake=intake,
            number=row.row_number,
            person=person,
            likely=likely,
            has_likely=bool(likely),
            facts={name: _as_text(value) for name, value in row.facts.items()},
            beside={
                "number": row.case_id,
                "how_agreed": how_agreed,
                **{k: texts[k] for k in ("phone", "email") if texts.get(k)},
            },
        )


def _unreadable(intake: Intake, case_file: CaseFile) -> Iterator[IntakeRow]:
    for bad in case_file.bad_rows:
        yield IntakeRow(
            case=intake.pk,
            intake=intake,
            number=bad.row_number,
            state=RowState.UNREADABLE,
            cells=_cells(case_file, bad),
            faults=[_said(fault.column, fault.message) for fault in bad.faults],
        )


def _cells(case_file: CaseFile, bad: BadRow) -> dict[str, Any]:
    return {"columns": list(case_file.columns), "cells": list(bad.cells)}


def _said(column: str | None, message: str) -> str:
    return f"column {column}: {message}" if column else message


def _person(texts: Mapping[str, str], facts: Mapping[str, Value]) -> dict[str, str]:
    name = texts.get("name") or " ".join(
        filter(None, (texts.get("given_names"), texts.get("surnames")))
    )
    born = facts.get("birth_date")
    person = {
        "name": name,
        "other_names": texts.get("other_names", ""),
        "birth_date": str(born) if born and not isinstance(born, SomeDayOf) else "",
        "a_number": digits_of(texts.get("a_number", "")),
        "where": texts.get("where", ""),
    }
    return {key: value for key, value in person.items() if value}


def _as_text(value: Value) -> bool | int | str | None:
    if isinstance(value, SomeDayOf):
        return f"{value:%Y-%m}"
    return value.isoformat() if isinstance(value, date) else value


def facts_of_row(row: IntakeRow) -> dict[str, Any]:
    """A row's facts as `receive_case` takes them."""
    vocabulary = load_vocabulary()
    return {
        name: _as_value(vocabulary[name].type, held) for name, held in (row.facts or {}).items()
    }


def _as_value(kind: FactType, held: Any) -> Any:
    match kind:
        case FactType.DATETIME:
            return datetime.fromisoformat(held)
        case FactType.DATE:
            return read_date(held)
    return held


def choose(member: Membership, intake: Intake, chosen: Mapping[int, bool]) -> None:
    """Says of rows, by their number, whether they are taken in."""
    check_may(member, Deed.TAKE_IN)
    with scope(organization=intake.organization_id), transaction.atomic():
        waiting = IntakeRow.objects.filter(
            intake=intake, state__in=(RowState.WAITING, RowState.LEFT)
        )
        for is_chosen in (True, False):
            numbers = [number for number, wanted in chosen.items() if wanted is is_chosen]
            state = RowState.WAITING if is_chosen else RowState.LEFT
            waiting.filter(number__in=numbers).update(is_chosen=is_chosen, state=state)


def take_in_rows(
    actor: Actor,
    member: Membership,
    intake: Intake,
    now: datetime,
    *,
    seconds: float = SECONDS_AT_ONCE,
) -> int:
    """Takes in rows that wait, for some seconds; says how many. Call it again until none waits.

    A row that resembles somebody known is left out, unless it was chosen though it does.
    """
    check_may(member, Deed.TAKE_IN)
    until, taken = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with scope(organization=intake.organization_id):
            row = (
                IntakeRow.objects.filter(intake=intake, state=RowState.WAITING)
                .order_by("number")
                .first()
            )
            if row is None or intake.ended_at is not None:
                break
            taken += _take_or_leave(actor, member, row, now)
    return taken


def _take_or_leave(actor: Actor, member: Membership, row: IntakeRow, now: datetime) -> bool:
    if not row.is_compared:
        compare(row)
    if row.has_likely and row.is_chosen is not True:
        waiting = IntakeRow.objects.filter(pk=row.pk, state=RowState.WAITING, is_chosen=None)
        waiting.update(state=RowState.LEFT)
        return False
    return take_in_row(actor, member, row, now) is not None


def take_in_row(actor: Actor, member: Membership, row: IntakeRow, now: datetime) -> Case | None:
    """One row becomes one case, whole or not at all; None where somebody else took it just now."""
    intake = row.intake
    with _held_row(row) as is_waiting:
        if not is_waiting:
            return None
        case = receive_case(
            actor,
            intake.organization,
            person=row.person or {},
            facts=facts_of_row(row),
            source=intake.source,
            language=intake.language,
            now=now,
            member=member,
        )
        beside = row.beside or {}
        _keep_consent(actor, case, intake, beside, now)
        Note.objects.create(
            case=case, text=_note(beside), written_at=now, written_by_id=member.user_id
        )
        IntakeRow.objects.filter(pk=row.pk).update(state=RowState.TAKEN, taken_as=case.pk)
    return case


@contextmanager
def _held_row(row: IntakeRow) -> Iterator[bool]:
    """One transaction that holds a row; whether it still waits to be taken in."""
    with transaction.atomic():
        rows = IntakeRow.objects.filter(pk=row.pk)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update()
        yield rows.values_list("state", flat=True).get() == RowState.WAITING


def _keep_consent(
    actor: Actor, case: Case, intake: Intake, beside: Mapping[str, str], now: datetime
) -> None:
    record(actor, "recorded consent", case=case.pk, details={"version": FILE}, at=now)
    Consent.objects.create(
        case=case,
        text_version=FILE,
        language=intake.language,
        given_at=now,
        how={"agreed": beside.get("how_agreed", ""), "on": "file"},
    )


def _note(beside: Mapping[str, str]) -> str:
    """What stood beside the facts. A number is no contact yet: nobody knows when it is safe."""
    said = [f"Taken in from a file. Its number there: {beside.get('number', '')}."]
    for name, told in (("phone", "Phone"), ("email", "Email")):
        if value := beside.get(name):
            said.append(f"{told} in the file: {value}. Find out when it is safe before using it.")
    return "\n".join(said)


def end_intake(actor: Actor, member: Membership, intake: Intake, now: datetime) -> None:
    """Ends an intake: the rows go, and their key is destroyed, so that no backup tells of them."""
    check_may(member, Deed.TAKE_IN)
    _end(actor, intake, now)


def _end(actor: Actor, intake: Intake, now: datetime) -> None:
    with scope(organization=intake.organization_id):
        with transaction.atomic():
            open_ = Intake.objects.filter(pk=intake.pk, ended_at=None)
            if open_.update(ended_at=now):
                details = {"intake": str(intake.pk), **counts_of(intake)}
                record(actor, "ended intake", details=details, at=now)
                IntakeRow.objects.filter(intake=intake).delete()
        destroy_case_key(intake.pk)


def end_old_intakes(now: datetime) -> int:
    """Ends every intake that nobody ended in KEPT; says how many."""
    with scopes_disabled():
        old = Intake.objects.filter(ended_at=None, made_at__lt=now - KEPT)
        found = list(old)
    for intake in found:
        actor = command("intake", intake.organization_id)
        _end(actor, intake, now)
    return len(found)


def to_take(intake: Intake) -> dict[str, int]:
    """Of the rows that wait: how many will be taken in, and how many resemble somebody.

    The latter are left out unless somebody ticks them. `open` ones were not compared yet: they
    count as taken in, and may still turn out to resemble somebody.
    """
    waiting = IntakeRow.objects.filter(intake=intake, state=RowState.WAITING)
    resemble = waiting.filter(is_compared=True, has_likely=True, is_chosen=None).count()
    return {
        "rows": waiting.count() - resemble,
        "resemble": resemble,
        "open": waiting.filter(is_compared=False).count(),
    }


def counts_of(intake: Intake) -> dict[str, int]:
    """How many rows are in each state."""
    states = list(IntakeRow.objects.filter(intake=intake).values_list("state", flat=True))
    return {state.value: states.count(state) for state in RowState}
