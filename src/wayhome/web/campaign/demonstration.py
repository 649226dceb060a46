"""The letters of a demonstration: both of 2021 as they were published, and one to try signing.

The letters and their signatories are real (sources/letters); whoever keeps them here is invented.
The letters' own sentences are not in this project: what they ask for stands in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django_scopes import scope

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.sources.letters.same_organization import organization_key
from wayhome.sources.letters.the_letters import Letter as Published
from wayhome.sources.letters.the_letters import letters as published_letters
from wayhome.web.accounts.models import Membership, Organization, Role
from wayhome.web.audit.actors import command
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign import demands, letters
from wayhome.web.campaign.choices import Came, Kind, Order, SignatureState
from wayhome.web.campaign.letters import current_version
from wayhome.web.campaign.models import Letter, Signature


@dataclass(frozen=True)
class Known:
    """What is known of a letter beside its text. A date that no source tells is not entered."""

    address: str
    publisher: str
    dated: date | None = None
    dated_from: str = ""
    heading: str = ""


_HRW = "https://www.hrw.org/news"
_NIJC = "National Immigrant Justice Center"
KNOWN = {
    # The press release says "today" and bears no date.
    "hundred-days": Known("https://immigrantjustice.org/es/node/14312", f"the {_NIJC}"),
    "chance-to-come-home": Known(
        f"{_HRW}/2021/06/09/85-civil-rights-groups-send-letter-dhs-secretary-mayorkas",
        "Human Rights Watch",
        date(2021, 6, 9),
        "Human Rights Watch published the letter on 9 June 2021: "
        f"{_HRW}/2021/06/09/85-civil-rights-groups-send-letter-dhs-secretary-mayorkas",
        "85 Civil Rights Groups Send Letter to DHS Secretary Mayorkas",
    ),
}
_TRY_TEXT = """Dear Secretary,

this letter is invented, so that signing can be tried. It asks for two things.

1. Close one facility that nobody needs.
2. Say every month how many people went home.

Sincerely,
"""


def letters_of_demonstration(organization: Organization, now: datetime) -> int:
    """Makes the letters where there is none yet; says how many were made."""
    with scope(organization=organization):
        if Letter.objects.exists():
            return 0
        member = organization.memberships.filter(role=Role.ORGANIZER).first()
        if member is None:
            return 0
        actor = command("serve", organization.pk)
        for one in published_letters():
            with transaction.atomic():
                _published(actor, member, one, now)
        with transaction.atomic():
            _to_try(actor, member, now)
        return len(published_letters()) + 1


def _published(actor: Actor, member: Membership, one: Published, now: datetime) -> None:
    """A letter as it was sent: every line of its signatories, closed."""
    known = KNOWN[one.id]
    letter = letters.make_letter(
        actor, member, now, text=_text(one, known), slug=one.id, title=one.title,
        recipient=one.recipient, order=Order.AS_SIGNED, signers_said=one.signers_said,
    )  # fmt: skip
    _demands(actor, member, letter, one, now)
    letters.open_text(actor, member, letter, now)
    take_in_as_printed(actor, letter, one, known.address, now)
    if known.dated:
        letters.enter_date(actor, member, letter, known.dated, known.dated_from, now)
    letters.close_letter(actor, member, letter, now)


def _text(one: Published, known: Known) -> str:
    asks = "\n".join(f"{demand.number}. {demand.words}" for demand in one.demands)
    return (
        f"The letter asks {one.recipient} for this, in the words of this project:\n\n{asks}\n\n"
        f"Its own words were published by {known.publisher}: <{known.address}>\n"
    )


def take_in_as_printed(
    actor: Actor, letter: Letter, one: Published, source: str, now: datetime
) -> None:
    """Every line of a published letter's signatories, in its order, repetitions too."""
    version = current_version(letter)
    Signature.objects.bulk_create(
        Signature(
            letter=letter, name=line.printed, name_key=organization_key(line.name),
            place=line.place or "", kind=line.kind if line.kind in Kind else "",
            state=SignatureState.CONFIRMED, came=Came.LIST, number=number, version=version,
            asked_at=now, confirmed_at=now, state_since=now,
            how_known=f"The letter as published, line {line.line}: {source}"[:300],
        )
        for number, line in enumerate(one.signatories, start=1)
    )  # fmt: skip
    details = {"letter": str(letter.pk), "taken": len(one.signatories)}
    record(actor, "took in a list of signatories", details=details, at=now)


def _demands(
    actor: Actor, member: Membership, letter: Letter, one: Published, now: datetime
) -> None:
    built_in = built_in_demands()
    for asked in one.demands:
        words = built_in[asked.id].words if asked.id in built_in else {}
        demand = demands.write_demand(
            actor, member, letter, None, now, words=asked.words, words_es=words.get("es", ""),
            slug=asked.id.replace("_", "-"), known_as=asked.id if words else "",
        )  # fmt: skip
        known = KNOWN[one.id]
        if known.dated:
            demands.add_evidence(
                actor, member, demand, now, on=known.dated, quote=known.heading,
                source=f"The letter as it was published, with its day: {known.address}",
            )  # fmt: skip


def _to_try(actor: Actor, member: Membership, now: datetime) -> None:
    """An invented letter that is open, so that signing can be tried."""
    letter = letters.make_letter(
        actor, member, now, text=_TRY_TEXT, slug="invented-letter",
        title="An invented letter, to try signing", recipient="An invented Secretary",
        deadline=now.date() + timedelta(days=60),
    )  # fmt: skip
    demands.write_demand(
        actor, member, letter, None, now, slug="close-one", words="Close one facility",
        words_es="Cerrar un centro", series="facilities_midnight_month", direction="down",
        target=-1, target_is="change from the baseline", owner="Invented Harbor Clinic",
    )  # fmt: skip
    demands.write_demand(
        actor, member, letter, None, now, slug="say-it", words="Say how many people went home",
        words_es="Decir cuántas personas volvieron a casa",
    )  # fmt: skip
    letters.open_text(actor, member, letter, now)
