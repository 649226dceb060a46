"""Opening a case with its code and words: wrong tries look alike, and make the wait longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import ceil

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django_scopes import scope, scopes_disabled

from wayhome.web.audit.actors import applicant_of
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import code_as_compared
from wayhome.web.portal.models import Doorway, WrongTry
from wayhome.web.portal.passphrase import as_compared, looked_over, new_passphrase

FREE_TRIES = 5
# A shelter's phones, or a town's, may all come from one address.
FREE_TRIES_OF_ADDRESS = 60
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# Tries are forgotten a day after the last one.
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Shut:
    """Nobody may try this code, or try from this address, before then."""

    minutes: int


def open_door(
    code: str, passphrase: str, now: datetime, address: str = ""
) -> Doorway | Shut | None:
    """The doorway that the code and the words open; Shut or None for all else.

    A code that no case has is counted, waits and takes as long as one that a case has. Tries are
    also counted by `address` (kept as a keyed hash), whatever their codes.
    """
    code = code_as_compared(code)
    of_code, of_address = _hashed(code), _hashed(f"address {address}")
    if address and (shut := _take_a_try(of_address, FREE_TRIES_OF_ADDRESS, now)):
        return shut
    if shut := _take_a_try(of_code, FREE_TRIES, now):
        return shut
    with scopes_disabled():
        door = Doorway.objects.filter(case__code=code, case__erased_at=None)
        found = door.exclude(passphrase="").select_related("case__organization").first()
    encoded = found.passphrase if found else _nobodys_passphrase()
    if not _fits(passphrase, encoded) or found is None:
        return None
    WrongTry.objects.filter(code=of_code).delete()
    # Only this try was right: somebody with a case of their own does not wipe out the others.
    WrongTry.objects.filter(code=of_address, tries__gt=0).update(tries=F("tries") - 1)
    return _seen(found, now)


def _fits(passphrase: str, encoded: str) -> bool:
    """Whether these are the words, as they were typed or with clear slips of the hand mended.

    A slip is mended by the public lists alone, so a try is one guess, or two, of 2 to the 60th.
    """
    if check_password(as_compared(passphrase), encoded):
        return True
    mended = looked_over(passphrase).mended
    return mended is not None and check_password(mended, encoded)


def new_words(door: Doorway, language: str, now: datetime, actor: Actor | None = None) -> str:
    """Gives a case new words, and the only sight of them. The old ones open nothing any more."""
    actor = actor or applicant_of(door.case)
    words = new_passphrase(language)
    hashed = make_password(as_compared(words))
    with scope(organization=door.case.organization_id), transaction.atomic():
        record(actor, "made new passphrase", case=door.case.pk, at=now)
        Doorway.objects.filter(pk=door.pk).update(passphrase=hashed, words_kept_at=None)
    door.passphrase, door.words_kept_at = hashed, None
    return words


def wait_after(tries: int, free: int = FREE_TRIES) -> timedelta:
    """How long the door stays shut after so many wrong tries: doubling, an hour at most."""
    if tries < free:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(tries - free, 10), LONGEST_WAIT)


def _take_a_try(counted_by: bytes, free: int, now: datetime) -> Shut | None:
    """Counts a try before it is looked at, so that many at once are not looked at for one."""
    with transaction.atomic():
        WrongTry.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
        row, _ = WrongTry.objects.get_or_create(code=counted_by, defaults={"last_at": now})
        if connection.vendor == "postgresql":
            row = WrongTry.objects.select_for_update().get(pk=row.pk)
        if row.shut_until is not None and row.shut_until > now:
            return Shut(ceil((row.shut_until - now) / timedelta(minutes=1)))
        row.tries, row.last_at = row.tries + 1, now
        wait = wait_after(row.tries, free)
        row.shut_until = now + wait if wait else None
        row.save()
    return None


def _seen(door: Doorway, now: datetime) -> Doorway:
    with scope(organization=door.case.organization_id), transaction.atomic():
        record(applicant_of(door.case), "came back with code", case=door.case.pk, at=now)
        Doorway.objects.filter(pk=door.pk).update(last_seen_at=now)
    return door


def _hashed(code: str) -> bytes:
    return salted_hmac("wayhome.portal.code", code, algorithm="sha256").digest()


@cache
def _hash_of_nobody(hashers: tuple[str, ...]) -> str:
    return make_password("these words open nothing")


def _nobodys_passphrase() -> str:
    """A hash like any other, so that a code that does not exist takes as long to refuse."""
    return _hash_of_nobody(tuple(settings.PASSWORD_HASHERS))
