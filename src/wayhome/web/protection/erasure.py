"""Erasing a case: its key first, then everything that it sealed, and what leads to it.

In this order, so that a process that is killed leaves nothing readable that should be gone:

1. the log says that the case is erased, and the case's row is bare (one transaction);
2. the key is destroyed: from here on nothing of the case opens, here or in any backup;
3. its rows, its search words and the sessions that point at it are taken out;
4. its files are removed.

`finish_erasures` goes on where a process was killed, and erases again what an old backup brought
back: the keyring remembers which keys were destroyed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django_scopes import scopes_disabled

from wayhome.web.accounts.permissions import Deed, check_may, check_may_see_case
from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import Actor, record
from wayhome.web.protection import files
from wayhome.web.protection.keys import destroy_case_key
from wayhome.web.protection.models import CaseKey

if TYPE_CHECKING:
    from wayhome.web.accounts.models import Membership
    from wayhome.web.cases.models import Case

ERASED_DEED = "erased case"


class Why(models.TextChoices):
    """Why a case is erased. The log keeps it."""

    ASKED = "asked", "the person asked"
    TIME_OVER = "time over", "it was kept long enough"
    MISTAKE = "mistake", "it was taken in by mistake"
    OTHER = "other", "another reason"
    AGAIN = "again", "it was erased before; a backup brought it back, or erasing was cut short"


# Rows that name a case by its number alone: the row of a spreadsheet that it was taken in from.
_BY_NUMBER = (("casework.IntakeRow", "taken_as"),)
# What the bare row of an erased case still says.
_STAYS = frozenset(
    {
        "id",
        "organization",
        "state",
        "state_since",
        "received_at",
        "edition",
        "erased_at",
        "is_invented",
    }
)


def erase_case(
    actor: Actor, member: Membership | None, case: Case, now: datetime, *, why: Why
) -> None:
    """Erases a case for good. `member` is none for the applicant and for a command.

    Done a second time it finishes what was left, and says so in no second event.
    """
    if member is not None:
        check_may(member, Deed.ERASE)
        if case.erased_at is None:
            check_may_see_case(member, case)
    with scopes_disabled():
        with transaction.atomic():
            if _make_bare(case.pk, now):
                details = {"why": why.value, "kinds": held_of(case.pk)}
                record(actor, ERASED_DEED, case=case.pk, details=details, at=now)
        destroy_case_key(case.pk)
        _take_out(case.pk)
        case.refresh_from_db()


def finish_erasures(now: datetime) -> int:
    """Finishes erasures that were cut short, repeats those that a backup undid; says how many."""
    with scopes_disabled():
        unfinished = list(_unfinished())
        for case in unfinished:
            actor = command("retention", case.organization_id)
            erase_case(actor, None, case, now, why=Why.AGAIN)
    return len(unfinished)


def _unfinished() -> Iterator[Case]:
    cases: Any = apps.get_model("cases.Case")
    alive = set(CaseKey.objects.exclude(wrapped=b"").values_list("pk", flat=True).iterator())
    for case in cases._base_manager.exclude(erased_at=None).iterator():
        if case.pk in alive or files.documents_on_disk(case.pk) or held_of(case.pk):
            yield case
    gone = list(CaseKey.objects.filter(wrapped=b"").values_list("pk", flat=True))
    for start in range(0, len(gone), 500):
        few = gone[start : start + 500]
        yield from cases._base_manager.filter(pk__in=few, erased_at=None)


def held_of(case: UUID) -> dict[str, int]:
    """How many rows of each kind belong to a case: `{"statement": 12, "document": 3}`."""
    parts, values = [], []
    for model, name in _what_points_at_cases():
        field = model._meta.get_field(name)
        parts.append(f'SELECT %s, COUNT(*) FROM {model._meta.db_table} WHERE "{field.column}" = %s')
        values += [model._meta.model_name, field.get_db_prep_value(case, connection)]
    counted = Counter[str]()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for kind, number in cursor.fetchall():
            counted[kind] += number
    return dict(+counted)


def _what_points_at_cases() -> Iterator[tuple[Any, str]]:
    """Every model with a reference to a case, and the reference's name."""
    case = apps.get_model("cases.Case")
    yield from ((apps.get_model(model), field) for model, field in _BY_NUMBER)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is case:
                yield model, field.name


def _make_bare(case: UUID, now: datetime) -> bool:
    """Empties a case's own row of all but _STAYS; False where it was bare already."""
    model: Any = apps.get_model("cases.Case")
    emptied = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.name not in _STAYS and not field.generated
    }
    rows = model._base_manager.filter(pk=case, erased_at=None)
    return bool(rows.update(**emptied, erased_at=now))


def _take_out(case: UUID) -> None:
    with transaction.atomic():
        for model, field in sorted(_what_points_at_cases(), key=_readers_last):
            model._base_manager.filter(**{field: case}).delete()
        _forget_likenesses(case)
    _forget_sessions(case)
    files.remove_files(case)


def _forget_likenesses(case: UUID) -> None:
    """Takes a case off what rows of spreadsheets remember of whom they resemble."""
    rows: Any = apps.get_model("casework.IntakeRow")
    for row in rows._base_manager.filter(is_compared=True).iterator(chunk_size=500):
        likely = row.likely if isinstance(row.likely, list) else []
        others = [one for one in likely if one.get("case") != str(case)]
        if len(others) < len(likely):
            row.likely = others
            row.has_likely = any(not one.get("is_conflict") for one in others)
            row.save(update_fields=["likely", "has_likely"])


def _readers_last(pointing: tuple[Any, str]) -> int:
    """Rows that other rows of the case hold on to come after those."""
    model, _ = pointing
    return sum(
        1
        for relation in model._meta.related_objects
        if relation.on_delete is not None and relation.on_delete.__name__ in ("PROTECT", "RESTRICT")
    )


def _forget_sessions(case: UUID) -> None:
    """Ends the sessions of the portal that are open at a case."""
    text = str(case)
    for session in Session.objects.iterator(chunk_size=500):
        if text in session.get_decoded().values():
            session.delete()
