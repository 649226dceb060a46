"""The journey follows the case's state: the grant begins it, and "home" needs it done.

Both happen in the transaction of the step from state to state: it stands or falls with them.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from wayhome.web.audit.chain import Actor
from wayhome.web.cases.models import Case, State
from wayhome.web.journey.actions import begin_journey, check_may_be_home, note_arrival
from wayhome.web.review.models import StateChange


@receiver(pre_save, sender=StateChange)
def check_before(sender: type, instance: StateChange, raw: bool = False, **_: Any) -> None:
    """Raises StillWaits, and the case stays where it is."""
    if not raw and instance.to_state == State.HOME and instance.pk is None:
        check_may_be_home(instance.case)


@receiver(post_save, sender=StateChange)
def follow(sender: type, instance: StateChange, created: bool, raw: bool = False, **_: Any) -> None:
    if raw or not created or instance.to_state not in (State.GRANTED, State.HOME):
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
