"""What the next text of a letter demands: written, dropped and taken back before it is opened.

Nothing of it is so before that text is opened, which asks every signer again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import Stage
from wayhome.web.campaign.letters import CannotBe, current_version, draft_version
from wayhome.web.campaign.models import Demand, Letter, Version
from wayhome.web.campaign.texts import TERMS, Terms, as_kept, proposed


@dataclass(frozen=True)
class Waiting:
    """A demand that the next text changes: `before` is None for one that it adds, `after` for one
    that it drops.
    """

    slug: str
    before: Terms | None
    after: Terms | None

    @property
    def words(self) -> str:
        return str((self.after or self.before or {})["words"])


def waiting(letter: Letter) -> list[Waiting]:
    """What the next text changes of the demands; empty where it changes none."""
    draft = draft_version(letter)
    if letter.opened_at is None or draft is None or draft.demands is None:
        return []
    kept = {terms["slug"]: terms for terms in as_kept(letter)}
    next_ones = {terms["slug"]: terms for terms in draft.demands}
    found = (Waiting(slug, kept.get(slug), next_ones.get(slug)) for slug in {**kept, **next_ones})
    return [one for one in found if one.before != one.after]


def write(
    actor: Actor, member: Membership, letter: Letter, demand: Demand | None,
    fields: dict[str, Any], now: datetime,
) -> Demand:  # fmt: skip
    """Adds a demand to the next text, or changes one in it; who looks after it changes at once."""
    owner = fields.get("owner", "")
    if demand is not None:
        if fields["slug"] != demand.slug:
            raise CannotBe("Its address is public: the short name stays as it is.")
        if "owner" in fields and owner != demand.owner:
            demand.owner = owner
            Demand.objects.filter(pk=demand.pk).update(owner=owner)
            details = {"letter": str(letter.pk), "demand": demand.pk}
            record(actor, "changed who looks after a demand", details=details, at=now)
    now_in_it = _demands(letter)
    was = next((terms for terms in now_in_it if terms["slug"] == fields["slug"]), None)
    blank = Demand(letter=letter, slug=fields["slug"], number=_free_number(letter), owner=owner)
    base = was or {name: getattr(demand or blank, name) for name in ("slug", "number", *TERMS)}
    terms = base | {name: fields[name] for name in TERMS if name in fields}
    if demand is None:
        terms["owner"] = owner
    if terms != was:
        _check_open(letter)
        others = [one for one in now_in_it if one is not was]
        _keep(member, letter, [*others, terms], now)
        details = {"letter": str(letter.pk), "demand": terms["slug"]}
        record(actor, "wrote a demand of the next text", details=details, at=now)
    return demand or blank


def drop(actor: Actor, member: Membership, demand: Demand, now: datetime) -> None:
    """Leaves a demand that stands out of the next text. Raises CannotBe where that has it not."""
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=demand.letter_id)
        now_in_it = _demands(letter)
        others = [terms for terms in now_in_it if terms["slug"] != demand.slug]
        if letter.opened_at is None or len(others) == len(now_in_it):
            raise CannotBe("The next text does not have this demand.")
        _check_open(letter)
        _keep(member, letter, others, now)
        details = {"letter": str(letter.pk), "demand": demand.slug}
        record(actor, "dropped a demand from the next text", details=details, at=now)


def leave_as_it_stands(
    actor: Actor, member: Membership, letter: Letter, slug: str, now: datetime
) -> None:
    """Takes back what the next text would change of a demand: one that it would add is taken out of
    it, one that it would change or drop stays as it stands. Raises CannotBe where it changes none.
    """
    check_may(member, Deed.RUN_LETTERS)
    with scope(organization=member.organization), transaction.atomic():
        locked = Letter.objects.select_for_update().get(pk=letter.pk)
        found = next((one for one in waiting(locked) if one.slug == slug), None)
        if found is None:
            raise CannotBe("The next text changes nothing of this demand.")
        others = [terms for terms in _demands(locked) if terms["slug"] != slug]
        _keep(member, locked, [*others, found.before] if found.before else others, now)
        details = {"letter": str(letter.pk), "demand": slug}
        record(actor, "took back a change of the next text", details=details, at=now)


def _check_open(letter: Letter) -> None:
    if letter.stage == Stage.CLOSED:
        raise CannotBe("The letter is closed: its demands stay as they were signed.")


def _demands(letter: Letter) -> list[Terms]:
    draft = draft_version(letter)
    return proposed(draft, letter) if draft else as_kept(letter)


def _free_number(letter: Letter) -> int:
    """A number that no demand of the letter has or had: what was demand 3 stays demand 3."""
    used = {*letter.demands.values_list("number", flat=True)}
    return max(used | {terms["number"] for terms in _demands(letter)}, default=0) + 1


def _keep(member: Membership, letter: Letter, demands: list[Terms], now: datetime) -> None:
    """Keeps what the next text demands. One that would change nothing is not kept: opened, it
    would ask every signer again for nothing.
    """
    text, draft = current_version(letter), draft_version(letter)
    assert text is not None
    demands = sorted(demands, key=lambda one: int(one["number"]))
    changes_none = demands == as_kept(letter)
    if draft is None:
        draft = Version(letter=letter, number=text.number + 1, text=text.text, made_at=now)
        draft.made_by = member.user
    if changes_none and draft.text == text.text and not draft.why:
        if draft.pk:
            draft.delete()
        return
    draft.demands = None if changes_none else demands
    draft.save()
