"""The daily work on a case: one verb a function. May they, can it be now, write it down, do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import note_prepared, people_changed
from wayhome.web.cases.adding import adding
from wayhome.web.cases.models import Case, Consent, Contact, Message, Note, Task
from wayhome.web.casework.models import HouseholdMember

# The same thing written again within this time was sent once.
SAME = timedelta(minutes=10)
LONGEST_TEXT = 10_000


def send_message(actor: Actor, member: Membership, case: Case, text: str, now: datetime) -> Message:
    """Writes to the applicant. The same message sent twice is one."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(case):
        recent = Message.objects.filter(
            case=case, is_from_applicant=False, sent_by=member.user_id, sent_at__gte=now - SAME
        )
        if (before := next((m for m in recent if m.text == text), None)) is not None:
            return before
        record(actor, "sent message", case=case.pk, at=now)
        note_prepared(case, member, now)
        return Message.objects.create(case=case, text=text, sent_at=now, sent_by=member.user)


def mark_messages_read(actor: Actor, member: Membership, case: Case, now: datetime) -> int:
    """Says that the team has read what the applicant wrote; how many were new."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(case):
        unread = Message.objects.filter(case=case, is_from_applicant=True, read_at=None)
        count: int = unread.update(read_at=now)
        if count:
            record(actor, "read messages", case=case.pk, details={"count": count}, at=now)
    return count


def write_note(
    actor: Actor,
    member: Membership,
    case: Case,
    text: str,
    now: datetime,
    *,
    is_for_applicant: bool = False,
) -> Note:
    """Keeps a note, of the team or one that the applicant sees. Sent twice it is one."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(case):
        recent = Note.objects.filter(
            case=case,
            written_by=member.user_id,
            is_for_applicant=is_for_applicant,
            written_at__gte=now - SAME,
        )
        if (before := next((n for n in recent if n.text == text), None)) is not None:
            return before
        details = {"is_for_applicant": is_for_applicant}
        record(actor, "wrote note", case=case.pk, details=details, at=now)
        note_prepared(case, member, now)
        return Note.objects.create(
            case=case,
            text=text,
            is_for_applicant=is_for_applicant,
            written_at=now,
            written_by=member.user,
        )


def add_task(
    actor: Actor,
    member: Membership,
    case: Case,
    what: str,
    due: date | None,
    owner: Membership | None,
    now: datetime,
) -> Task:
    """Adds something to do; `owner` is a member who may change cases, or nobody yet."""
    check_may(member, Deed.CHANGE_CASE)
    if owner is not None:
        check_may(owner, Deed.CHANGE_CASE)
    with adding(case):
        same = Task.objects.filter(case=case, due=due, done_at=None)
        if (before := next((t for t in same if t.what == what), None)) is not None:
            return before
        details = {"due": str(due or ""), "owner": str(owner.user_id) if owner else ""}
        record(actor, "added task", case=case.pk, details=details, at=now)
        note_prepared(case, member, now)
        return Task.objects.create(
            case=case, what=what, due=due, owner=owner.user if owner else None
        )


def set_task_done(
    actor: Actor, member: Membership, task: Task, is_done: bool, now: datetime
) -> None:
    """Ticks a task off, or takes the tick back; what is so already stays as it is."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(task.case):
        behind = Task.objects.filter(pk=task.pk, done_at__isnull=is_done)
        if behind.update(done_at=now if is_done else None):
            said = "finished task" if is_done else "reopened task"
            record(actor, said, case=task.case_id, details={"task": task.pk}, at=now)
            note_prepared(task.case, member, now)


def give_task(
    actor: Actor, member: Membership, task: Task, owner: Membership | None, now: datetime
) -> None:
    """Gives a task to a member who may change cases, or to nobody."""
    check_may(member, Deed.CHANGE_CASE)
    if owner is not None:
        check_may(owner, Deed.CHANGE_CASE)
    with adding(task.case):
        details = {"task": task.pk, "owner": str(owner.user_id) if owner else ""}
        record(actor, "gave task", case=task.case_id, details=details, at=now)
        Task.objects.filter(pk=task.pk).update(owner=owner.user if owner else None)
        note_prepared(task.case, member, now)


def keep_contact(
    actor: Actor,
    member: Membership,
    case: Case,
    values: Mapping[str, Any],
    now: datetime,
    *,
    contact: Contact | None = None,
) -> Contact:
    """Keeps how to reach somebody safely: a new contact, or one of the case written over."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(case):
        has_first = Contact.objects.filter(case=case, is_first=True).exists()
        row = contact or Contact(case=case, is_first=not has_first)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        people_changed(case, now)
        record(actor, "kept contact", case=case.pk, details={"contact": row.pk}, at=now)
        note_prepared(case, member, now)
    return row


def remove_contact(actor: Actor, member: Membership, contact: Contact, now: datetime) -> None:
    """Takes a contact out. The applicant's own (the first) can be changed and not taken out."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(contact.case):
        details = {"contact": contact.pk}
        if Contact.objects.filter(pk=contact.pk, is_first=False).delete()[0]:
            people_changed(contact.case, now)
            record(actor, "removed contact", case=contact.case_id, details=details, at=now)
            note_prepared(contact.case, member, now)


def keep_household_member(
    actor: Actor, member: Membership, case: Case, values: Mapping[str, Any], now: datetime
) -> HouseholdMember:
    """Keeps somebody of the household; the same person twice is one."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(case):
        known = HouseholdMember.objects.filter(case=case)
        fields = ("name", "relation", "birth_year", "where")
        for row in known:
            if all((getattr(row, f) or "") == (values.get(f) or "") for f in fields):
                return row
        made = HouseholdMember.objects.create(case=case, **{f: values.get(f) for f in fields})
        people_changed(case, now)
        record(actor, "kept household", case=case.pk, at=now)
        note_prepared(case, member, now)
        return made


def remove_household_member(
    actor: Actor, member: Membership, somebody: HouseholdMember, now: datetime
) -> None:
    check_may(member, Deed.CHANGE_CASE)
    with adding(somebody.case):
        record(actor, "removed household", case=somebody.case_id, at=now)
        HouseholdMember.objects.filter(pk=somebody.pk).delete()
        people_changed(somebody.case, now)
        note_prepared(somebody.case, member, now)


def keep_consent(
    actor: Actor,
    member: Membership,
    case: Case,
    words: str,
    language: str,
    how: Mapping[str, str],
    now: datetime,
    *,
    proxy: Mapping[str, str] | None = None,
) -> Consent:
    """Writes down that somebody agreed: to which words (a version), how, and who for whom."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(case):
        record(actor, "recorded consent", case=case.pk, details={"version": words}, at=now)
        note_prepared(case, member, now)
        return Consent.objects.create(
            case=case,
            text_version=words,
            language=language,
            given_at=now,
            is_by_proxy=proxy is not None,
            proxy=dict(proxy) if proxy else "",
            how=dict(how),
        )


def withdraw_consent(actor: Actor, member: Membership, consent: Consent, now: datetime) -> None:
    """Writes down that somebody took their consent back. What was kept stays until erased."""
    check_may(member, Deed.CHANGE_CASE)
    with adding(consent.case):
        standing = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
        if standing.update(withdrawn_at=now):
            details = {"consent": consent.pk, "version": consent.text_version}
            record(actor, "withdrew consent", case=consent.case_id, details=details, at=now)
            note_prepared(consent.case, member, now)
