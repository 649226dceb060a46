"""The journey follows the case's state: the grant begins it, and "home" needs it done.

Where the day of a grant or an arrival is put right, what is counted from it moves along. All this
happens in the transaction in which the step is written: it stands or falls with it.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from wayhome.web.audit.chain import Actor
from wayhome.web.cases.models import Case, State
from wayhome.web.journey.actions import (
    begin_journey,
    check_may_be_home,
    move_days,
    note_arrival,
)
from wayhome.web.review.days import day_of_step
from wayhome.web.review.models import StateChange

# The states from whose day the days of the steps run.
COUNTED_FROM = (State.GRANTED, State.HOME)


@receiver(pre_save, sender=StateChange)
def check_before(sender: type, instance: StateChange, raw: bool = False, **_: Any) -> None:
    """Raises StillWaits, and the case stays where it is."""
    if raw or instance.to_state not in COUNTED_FROM:
        return
    if instance.pk is not None:
        before = day_of_step(StateChange.objects.get(pk=instance.pk))
        move_days(instance.case, instance.to_state, before, day_of_step(instance))
    elif instance.to_state == State.HOME:
        check_may_be_home(instance.case)


@receiver(post_save, sender=StateChange)
def follow(sender: type, instance: StateChange, created: bool, raw: bool = False, **_: Any) -> None:
    if raw or not created or instance.to_state not in COUNTED_FROM:
        return
    # The case as it will be: its row is written after the step is.
    case = Case.objects.get(pk=instance.case_id)
    case.state = instance.to_state
    by = f"staff:{instance.by_id}" if instance.by_id else "applicant"
    actor = Actor(by, case.organization_id)
    if instance.to_state == State.GRANTED:
        begin_journey(actor, case, instance.at)
    else:
        note_arrival(actor, case, instance.at)
