"""What is done to a case: one verb a function. May they, can it be now, do it, write it down.

The log is written last in each transaction: whoever holds its end holds up every page.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django_scopes import scope

from wayhome.law.days_to_come import why_not_to_come
from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.accounts.models import Membership, Organization, Role
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.duplicates import keep_duplicates
from wayhome.web.cases.facts import (
    Answer,
    NoAnswer,
    NotAValue,
    counting,
    facts_in,
    facts_of,
    kept,
    newest_first,
    statements_of,
    value_in,
    value_of,
)
from wayhome.web.cases.models import Case, Conflict, Duplicate, Note, Person, Source, Statement
from wayhome.web.cases.partial_dates import is_only_month, note_of
from wayhome.web.cases.possible_conflicts import keep_possible_conflicts
from wayhome.web.cases.screening import refresh_worklist_fields
from wayhome.web.cases.search import index_person
from wayhome.web.protection.keys import new_case_key

if TYPE_CHECKING:
    from collections.abc import Iterator

PERSONAL = ("name", "other_names", "birth_date", "a_number", "where")
# Whom a case is about, and a fact that rules read: said in one place, it stands in both.
BIRTH_DATE = "birth_date"
PREPARED, COUNSEL, ADJUDICATOR, DECLARED = "prepared", "counsel", "adjudicator", "declared"
# Only they may say what the lawyer says: it counts before every record.
LAWYERS = (Role.ATTORNEY, Role.LEAD)


class Stale(Exception):
    """Somebody else changed the case since it was read. `edition` is the one it has now."""

    def __init__(self, edition: int) -> None:
        super().__init__("Somebody else changed this case while you were writing.")
        self.edition = edition


class ReasonMissing(Exception):
    """Somebody decides something of a case by hand and does not say why."""


class Erased(Exception):
    """The case was erased: nothing can be added to it."""


@contextmanager
def changing(case: Case, edition: int | None = None) -> Iterator[None]:
    """One transaction that changes a case: counts its edition, and holds others off until done.

    Raises Stale where `edition` is not the one the case has, Erased where it was erased.
    """
    with scope(organization=case.organization_id), transaction.atomic():
        rows = Case.objects.filter(pk=case.pk, erased_at=None)
        wanted = rows if edition is None else rows.filter(edition=edition)
        if not wanted.update(edition=F("edition") + 1):
            now = rows.values_list("edition", flat=True).first()
            raise Erased("This case was erased.") if now is None else Stale(now)
        yield
    if edition is None:
        case.refresh_from_db(fields=["edition"])
    else:
        # A change within this one has counted further.
        case.edition = max(case.edition, edition + 1)


def receive_case(
    actor: Actor,
    organization: Organization,
    *,
    person: Mapping[str, Any],
    facts: Mapping[str, Answer],
    source: str,
    language: str,
    now: datetime,
    member: Membership | None = None,
    is_invented: bool = False,
) -> Case:
    """Takes in a case: its key, its person (PERSONAL fields), what was said, its first screening.

    `member` is the member of staff who does it; none for an applicant or a command. Whatever a
    demonstration receives is invented. Raises NotAValue, and keeps nothing, where a fact's value
    is none.
    """
    if member is not None:
        check_may(member, Deed.TAKE_IN)
    said = {**_as_fact(person), **facts}
    values = [(name, _answer(name, answer, now), note_of(answer)) for name, answer in said.items()]
    case_id = uuid.uuid4()
    new_case_key(case_id, organization.pk)
    with scope(organization=organization.pk), transaction.atomic():
        case = Case.objects.create(
            id=case_id,
            organization=organization,
            state_since=now,
            received_at=now,
            language=language,
            is_invented=is_invented or settings.IS_DEMO,
        )
        Person.objects.create(case=case, **{k: v for k, v in person.items() if k in PERSONAL})
        for name, held, note in values:
            _keep(case, name, held, source, now.date(), now, member, note)
        index_person(case)
        keep_duplicates(case, now)
        keep_possible_conflicts(case, now)
        refresh_worklist_fields(case, now.date())
        note_prepared(case, member, now)
        record(actor, "received case", case=case.pk, details={"source": str(source)}, at=now)
    return case


def state_fact(
    actor: Actor,
    case: Case,
    fact: str,
    value: Answer,
    source: str,
    said_on: date,
    now: datetime,
    *,
    edition: int | None = None,
    member: Membership | None = None,
    note: str = "",
    said: Sequence[Statement] | None = None,
) -> Statement:
    """Keeps that a source says a fact (NoAnswer: does not know, or would rather not say).

    `said` are the case's statements as of `edition`, where they are at hand. Raises NotAValue,
    UnknownFact, Stale, or Erased; then nothing is kept.
    """
    if member is not None:
        check_may(member, Deed.CHANGE_CASE)
        check_may_speak_as(member, source)
    held = _answer(fact, value, now)
    with changing(case, edition):
        if said is None:
            said = statements_of(case)
        moves_nothing = isinstance(held, NoAnswer) and not _is_known(said, fact)
        statement = _keep(case, fact, held, source, said_on, now, member, note_of(value, note))
        if not moves_nothing or case.screened_on != now.date():
            every = newest_first([statement, *said])
            refresh_worklist_fields(case, now.date(), facts_in(every))
            if fact == BIRTH_DATE:
                _follow_birth_date(case, counting(every)[fact], now)
        note_prepared(case, member, now)
        details = {"statement": statement.pk, "source": statement.source}
        record(actor, "stated fact", case=case.pk, details=details, at=now)
    return statement


def check_may_speak_as(member: Membership, source: str) -> None:
    """Raises PermissionDenied where somebody would write the lawyer's word and is none."""
    if source == Source.LAWYER and member.role not in LAWYERS:
        raise PermissionDenied("Only an attorney or a lead may write what the lawyer says.")


def withdraw_statement(
    actor: Actor,
    case: Case,
    statement: Statement,
    now: datetime,
    *,
    why: str,
    edition: int | None = None,
    member: Membership | None = None,
) -> None:
    """Takes a statement back: it stays readable, and counts no more. A note keeps why.

    Raises ReasonMissing.
    """
    if member is not None:
        check_may(member, Deed.CHANGE_CASE)
    if not why.strip():
        raise ReasonMissing("Write why it is taken back.")
    with changing(case, edition):
        said = Statement.objects.filter(pk=statement.pk, case=case, withdrawn_at=None)
        if said.update(withdrawn_at=now):
            _keep_reason(case, f"Took back what was said of {statement.fact}", why, member, now)
        refresh_worklist_fields(case, now.date())
        note_prepared(case, member, now)
        details = {"statement": statement.pk}
        record(actor, "withdrew statement", case=case.pk, details=details, at=now)


def change_person(
    actor: Actor,
    case: Case,
    person: Mapping[str, Any],
    now: datetime,
    *,
    edition: int | None = None,
    member: Membership | None = None,
) -> None:
    """Writes whom the case is about, and what they are found by."""
    if member is not None:
        check_may(member, Deed.CHANGE_CASE)
    with changing(case, edition):
        changed = sorted(set(person) & set(PERSONAL))
        _write_person(case, {name: person[name] for name in changed}, now)
        for name, born in _as_fact(person).items():
            if facts_of(case).get(name) != born:
                held = _answer(name, born, now)
                _keep(case, name, held, Source.APPLICANT, now.date(), now, member)
                refresh_worklist_fields(case, now.date())
        note_prepared(case, member, now)
        record(actor, "changed person", case=case.pk, details={"fields": changed}, at=now)


def _write_person(case: Case, fields: Mapping[str, Any], now: datetime) -> None:
    row = Person.objects.select_for_update().get(case=case)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    case.person = row
    index_person(case)
    keep_duplicates(case, now)
    keep_possible_conflicts(case, now)


def people_changed(case: Case, now: datetime) -> None:
    """Compares the people around a person anew. Called in the transaction that changed them."""
    index_person(case)
    keep_possible_conflicts(case, now)


def _as_fact(person: Mapping[str, Any]) -> dict[str, date]:
    """The birth date of a person as the rules read it; nothing where it is none."""
    try:
        return {BIRTH_DATE: date.fromisoformat(str(person.get(BIRTH_DATE, "")))}
    except ValueError:
        return {}


def _follow_birth_date(case: Case, counts: Statement, now: datetime) -> None:
    """The person is found, and told from others, by the birth date that counts, if it is whole."""
    born = value_in(counts)
    if not isinstance(born, date) or is_only_month(counts, born):
        return
    if str(Person.objects.get(case=case).birth_date) != born.isoformat():
        _write_person(case, {BIRTH_DATE: born.isoformat()}, now)


def assign(
    actor: Actor, member: Membership, case: Case, to: Membership | None, now: datetime
) -> None:
    """Gives a case to a member of staff who may change cases, or to nobody.

    Whoever may change cases may take one that nobody has: raises Stale where somebody has it.
    """
    takes_it = to == member and not may(member, Deed.ASSIGN)
    check_may(member, Deed.CHANGE_CASE if takes_it else Deed.ASSIGN)
    if to is not None:
        check_may(to, Deed.CHANGE_CASE)
    with changing(case):
        if takes_it and Case.objects.filter(pk=case.pk).exclude(assigned_to=None).exists():
            raise Stale(case.edition)
        details = {"to": str(to.user_id) if to else ""}
        record(actor, "assigned case", case=case.pk, details=details, at=now)
        case.assigned_to = to.user if to else None
        Case.objects.filter(pk=case.pk).update(assigned_to=case.assigned_to)


def set_emergency(
    actor: Actor,
    member: Membership,
    case: Case,
    is_emergency: bool | None,
    now: datetime,
    *,
    why: str = "",
) -> None:
    """Says by hand that a case is or is not an emergency; None leaves it to the screening.

    A note keeps why. Raises ReasonMissing where it is decided by hand without a reason.
    """
    check_may(member, Deed.CHANGE_CASE)
    if is_emergency is not None and not why.strip():
        raise ReasonMissing("Write why you decide by hand whether this is an emergency.")
    with changing(case):
        _keep_reason(case, f"Emergency: {_BY_HAND[is_emergency]}", why, member, now)
        case.emergency_by_hand = is_emergency
        Case.objects.filter(pk=case.pk).update(emergency_by_hand=is_emergency)
        refresh_worklist_fields(case, now.date())
        note_prepared(case, member, now)
        record(actor, "set emergency", case=case.pk, at=now)


_BY_HAND = {True: "yes, by hand", False: "no, by hand", None: "as the screening says"}


def _keep_reason(case: Case, what: str, why: str, member: Membership | None, now: datetime) -> None:
    """A note of the team of what was decided, and why. Called inside of a transaction."""
    text = f"{what}. Why: {why.strip()}" if why.strip() else f"{what}."
    writer = member.user_id if member else None
    Note.objects.create(case=case, text=text, written_at=now, written_by_id=writer)


def acknowledge(actor: Actor, member: Membership, case: Case, now: datetime) -> None:
    """Says that somebody has seen a new case; a second time changes nothing."""
    check_may(member, Deed.CHANGE_CASE)
    with changing(case):
        if Case.objects.filter(pk=case.pk, acknowledged_at=None).update(acknowledged_at=now):
            record(actor, "acknowledged case", case=case.pk, at=now)
    case.refresh_from_db(fields=["acknowledged_at"])


def settle_duplicate(
    actor: Actor, member: Membership, duplicate: Duplicate, is_same: bool, now: datetime
) -> None:
    """Writes down whether two cases are the same person. Nothing is merged."""
    check_may(member, Deed.CHANGE_CASE)
    with changing(duplicate.case):
        details = {"other": str(duplicate.other_id), "is_same": is_same}
        record(actor, "settled duplicate", case=duplicate.case_id, details=details, at=now)
        Duplicate.objects.filter(pk=duplicate.pk).update(is_same=is_same)
        # The people of one person's two cases are the same; those of two persons' may not be.
        keep_possible_conflicts(duplicate.case, now)


def note_prepared(case: Case, member: Membership | None, now: datetime) -> None:
    """Whoever prepared or changed a case may not review it. Called inside of a transaction."""
    if member is not None:
        Conflict.objects.get_or_create(
            case=case, user_id=member.user_id, reason=PREPARED, defaults={"found_at": now}
        )


def _answer(fact: str, answer: Answer, now: datetime) -> bool | int | str | NoAnswer:
    """An answer as it is kept. Raises NotAValue, also where its day cannot have come yet."""
    if isinstance(answer, NoAnswer):
        return answer
    known = load_vocabulary()[fact]
    held = kept(known, answer)
    if wrong := why_not_to_come(fact, value_of(known, held), now.date()):
        raise NotAValue(f"{fact}: {wrong}")
    return held


def _is_known(said: Iterable[Statement], fact: str) -> bool:
    """Whether anybody's word for a fact stands; then "I do not know" may move what counts."""
    return any(s.fact == fact and not (s.is_unknown or s.is_declined) for s in said)


def _keep(
    case: Case,
    fact: str,
    held: bool | int | str | NoAnswer,
    source: str,
    said_on: date,
    now: datetime,
    member: Membership | None,
    note: str = "",
) -> Statement:
    return Statement.objects.create(
        case=case,
        fact=fact,
        value="" if isinstance(held, NoAnswer) else held,
        is_unknown=held is NoAnswer.UNKNOWN,
        is_declined=held is NoAnswer.DECLINED,
        source=Source(source),
        said_on=said_on,
        recorded_at=now,
        recorded_by_id=member.user_id if member else None,
        note=note,
    )
