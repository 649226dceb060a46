"""What an organizer does with a letter: writing it, opening it, changing its text, closing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import SignatureState, Stage
from wayhome.web.campaign.days import FIRST_DAY, LAST_DAY, can_be, day_of
from wayhome.web.campaign.models import Letter, Signature, Signer, Version
from wayhome.web.campaign.plain_text import one_line, plain
from wayhome.web.campaign.signing_states import By, step_of
from wayhome.web.campaign.texts import adopt

# What was signed with the text, and stays with it.
FIXED = ("title", "recipient")
_OF_DATES = ("dated", "dated_from", "dated_at", "said_sent_before", "former_dates")
_SAY_THAT_IT_WAS_SENT = (
    "The date is before the day on which its first text was opened here. If the letter was sent "
    "before it came in here, tick that and enter the date once more."
)
_DATED_BEFORE_OPENING = (
    "The letter's date is before today, the day on which its first text would be opened here. If "
    "the letter was sent before it came in here, tick that and enter the date once more; else take "
    "the date away."
)
WHY_FIXED = (
    "The letter was opened for signing so: title and addressee stay as they were signed. For "
    "another title or addressee write a new letter."
)
WHY_SAID = (
    "Whether a letter was sent before it came in here is said before it is opened: a number that "
    "stood here then can be corrected; none is added or taken away. For a date before the letter "
    "was opened here tick, beside the date, that it was sent."
)


class CannotBe(Exception):
    """It cannot be done now. The text says why, to whoever asked for it."""


def check_day(day: date | None) -> None:
    """Raises CannotBe for a day that no letter has anything to do with."""
    if day is not None and not can_be(day):
        raise CannotBe(f"Give a day from {FIRST_DAY.year} to {LAST_DAY.year}.")


def takes_signatures(letter: Letter, now: datetime) -> bool:
    """Whether an organization may sign now."""
    return letter.stage == Stage.OPEN and not _is_over(letter, now)


def _is_over(letter: Letter, now: datetime) -> bool:
    """Whether the last day to sign has ended in Washington."""
    return letter.deadline is not None and day_of(now) > letter.deadline


def check_takes_names(letter: Letter) -> None:
    """Raises CannotBe where organizers add no more names: one was sent with those that it had."""
    if letter.stage == Stage.CLOSED and not letter.was_sent_before:
        raise CannotBe("The letter is closed: no more names come in. Open it again to add some.")


def current_version(letter: Letter) -> Version | None:
    """The text that is signed now; None before any was opened."""
    return letter.versions.exclude(opened_at=None).order_by("-number").first()


def draft_version(letter: Letter) -> Version | None:
    """The text that is being written; None where the newest is open."""
    return letter.versions.filter(opened_at=None).order_by("-number").first()


def make_letter(
    actor: Actor, member: Membership, now: datetime, *, text: str, **fields: Any
) -> Letter:
    """A new letter as a draft, with its first text. Raises CannotBe for a short name in use."""
    check_may(member, Deed.RUN_LETTERS)
    fields = _on_one_line(fields)
    check_day(fields.get("deadline"))
    with scope(organization=member.organization), transaction.atomic():
        if Letter.objects.filter(slug=fields["slug"]).exists():
            raise CannotBe("Another letter has this short name: choose another.")
        letter = Letter.objects.create(
            organization=member.organization, made_at=now, made_by=member.user, **fields
        )
        Version.objects.create(
            letter=letter, number=1, text=plain(text).strip(), made_at=now, made_by=member.user
        )
        record(actor, "wrote a letter", details=_of(letter), at=now)
        return letter


def change_letter(
    actor: Actor, member: Membership, letter: Letter, now: datetime, **fields: Any
) -> None:
    """Changes what is about a letter: order, deadline; title and recipient until it is opened, and
    whether it was sent before. Raises CannotBe.
    """
    check_may(member, Deed.RUN_LETTERS)
    fields = _on_one_line(fields)
    check_day(fields.get("deadline"))
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        _check_change(locked, fields)
        changed = [name for name, value in fields.items() if getattr(locked, name) != value]
        if changed:
            record(actor, "changed a letter", details=_of(letter) | {"fields": changed}, at=now)
            for name in changed:
                setattr(locked, name, fields[name])
            locked.save(update_fields=changed)
    letter.refresh_from_db()


def _check_change(letter: Letter, fields: dict[str, Any]) -> None:
    others = Letter.objects.filter(slug=fields.get("slug", "")).exclude(pk=letter.pk)
    if others.exists():
        raise CannotBe("Another letter has this short name: choose another.")
    if letter.opened_at is None:
        return
    if fields.get("slug", letter.slug) != letter.slug:
        raise CannotBe("Its address is public: the short name stays as it is.")
    if any(fields.get(name, getattr(letter, name)) != getattr(letter, name) for name in FIXED):
        raise CannotBe(WHY_FIXED)
    if bool(fields.get("signers_said", letter.signers_said)) != letter.was_sent_before:
        raise CannotBe(WHY_SAID)


def enter_date(
    actor: Actor, member: Membership, letter: Letter, dated: date | None, known_from: str,
    now: datetime, *, sent_before: bool = False,
) -> None:  # fmt: skip
    """The letter's date, and where it is known from; None takes it away. Raises CannotBe.

    `sent_before`: the organizer says that the letter was sent before it came in here, without which
    no date before its first text was opened is taken. The former date stays in the timeline.
    """
    check_may(member, Deed.RUN_LETTERS)
    if dated is not None and not known_from.strip():
        raise CannotBe("Say where the date is known from: it is never guessed.")
    check_day(dated)
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        is_earlier = _is_before_opening(locked, dated, now)
        if is_earlier and not (sent_before or locked.was_sent_before):
            raise CannotBe(_SAY_THAT_IT_WAS_SENT)
        details = _of(letter) | {"dated": dated.isoformat() if dated else None}
        record(actor, "entered the date of a letter", details=details, at=now)
        if locked.dated is not None and locked.dated != dated:
            locked.former_dates = [*locked.former_dates, _former_date(locked, now)]
        locked.dated, locked.dated_from = dated, one_line(known_from) if dated else ""
        locked.dated_at, locked.said_sent_before = now if dated else None, is_earlier
        locked.save(update_fields=list(_OF_DATES))
    letter.refresh_from_db()


def _is_before_opening(letter: Letter, dated: date | None, now: datetime) -> bool:
    """Whether a date is before the first text was opened here. Raises CannotBe for the future."""
    if dated is None:
        return False
    if dated > day_of(now):
        raise CannotBe("The date lies in the future: it is the day on which the letter was sent.")
    return dated < day_of(letter.opened_at or now)


def _former_date(letter: Letter, now: datetime) -> dict[str, str]:
    assert letter.dated is not None
    kept = {"dated": letter.dated.isoformat(), "until": day_of(now).isoformat()}
    return kept | {"known_from": letter.dated_from}


def write_text(
    actor: Actor, member: Membership, letter: Letter, text: str, why: str, now: datetime
) -> Version:
    """Changes the text that is being written, or begins a new one where the newest is open."""
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        version = draft_version(locked)
        if version is None:
            newest = locked.versions.order_by("-number").first()
            number = newest.number + 1 if newest else 1
            version = Version(letter=locked, number=number, made_at=now, made_by=member.user)
        version.text, version.why = plain(text).strip(), one_line(why)
        version.save()
        record(actor, "wrote the text of a letter", details=_of(letter, version), at=now)
        return version


def open_text(actor: Actor, member: Membership, letter: Letter, now: datetime) -> int:
    """Opens the newest text for signing; says how many signers are asked again. Raises CannotBe."""
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        version = draft_version(locked)
        if version is None:
            raise CannotBe("The newest text is open already.")
        if locked.stage == Stage.CLOSED:
            raise CannotBe("The letter is closed: open it again first.")
        is_first = locked.opened_at is None
        _check_can_be_signed(locked, now)
        if is_first:
            _check_dated(locked, now)
        adopt(locked, version)
        version.opened_at = now
        version.save()
        locked.stage, locked.opened_at = Stage.OPEN, locked.opened_at or now
        locked.save(update_fields=["stage", "opened_at"])
        asked = _first_names(locked, version) if is_first else _ask_again(actor, locked, now)
        details = _of(letter, version) | {"asked_again": asked}
        record(actor, "opened a text for signing", details=details, at=now)
    letter.refresh_from_db()
    return asked


def _check_can_be_signed(letter: Letter, now: datetime) -> None:
    """Else everybody who signed would have to confirm anew, and nobody could."""
    if _is_over(letter, now) and not letter.was_sent_before:
        raise CannotBe(
            "The last day to sign is over: nobody could sign it. Give a later one first."
        )


def _check_dated(letter: Letter, now: datetime) -> None:
    """A date that was entered in a draft is one before the opening by the time of that."""
    is_before = letter.dated is not None and letter.dated < day_of(now)
    if is_before and not letter.stands_before_opening:
        raise CannotBe(_DATED_BEFORE_OPENING)


def _first_names(letter: Letter, version: Version) -> int:
    """Names that organizers took into a draft stand under its first text: nobody is asked again."""
    letter.signatures.filter(state=SignatureState.CONFIRMED).update(version=version)
    return 0


def _ask_again(actor: Actor, letter: Letter, now: datetime) -> int:
    """Every confirmed signature waits anew, and its signer for a message. One event for each.

    Says how many can be asked: where no address is kept, nobody can.
    """
    step = step_of(SignatureState.CONFIRMED, SignatureState.ASKED_AGAIN, By.TEXT)
    assert step is not None
    signatures = list(letter.signatures.filter(state=step.before).values_list("pk", flat=True))
    for pk in signatures:
        record(actor, step.words, details=_of(letter) | {"signature": str(pk)}, at=now)
    Signature.objects.filter(pk__in=signatures).update(state=step.after, state_since=now)
    signers = Signer.objects.filter(signature__in=signatures)
    return signers.update(mailed_at=None, is_held=False)


def close_letter(actor: Actor, member: Membership, letter: Letter, now: datetime) -> None:
    """No more signatures: the letter is sent. Links to confirm are useless from now on.

    Raises CannotBe for one that is not open: a draft stays unseen, a closed one keeps its day.
    """
    _set_stage(actor, member, letter, (Stage.OPEN, Stage.CLOSED), "closed a letter", now)


def open_again(actor: Actor, member: Membership, letter: Letter, now: datetime) -> None:
    """Takes signatures again. Raises CannotBe for one that is not closed."""
    _set_stage(actor, member, letter, (Stage.CLOSED, Stage.OPEN), "opened a letter again", now)


def _set_stage(
    actor: Actor, member: Membership, letter: Letter, step: tuple[Stage, Stage], words: str,
    now: datetime,
) -> None:  # fmt: skip
    check_may(member, Deed.RUN_LETTERS)
    before, after = step
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        if locked.stage != before:
            raise CannotBe(f"Its stage is “{locked.get_stage_display()}”: that cannot be done.")
        record(actor, words, details=_of(letter), at=now)
        locked.stage = after
        locked.closed_at = now if after is Stage.CLOSED else None
        locked.save(update_fields=["stage", "closed_at"])
    letter.refresh_from_db()


def _on_one_line(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: one_line(v) if isinstance(v, str) else v for k, v in fields.items()}


def _of(letter: Letter, version: Version | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"letter": str(letter.pk)}
    return said | {"version": version.number} if version else said
