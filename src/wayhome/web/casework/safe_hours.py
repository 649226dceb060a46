"""Whether somebody may be reached now, by the clock where they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from wayhome.web.cases.models import Contact
from wayhome.web.casework.forms import CHANNELS
from wayhome.web.portal.call_backs import next_safe_hours


@dataclass(frozen=True)
class Reach:
    """A contact with what to know before it is used."""

    contact: Contact
    channel: str
    there: str
    is_safe_now: bool
    next_start: str

    @property
    def hours(self) -> str:
        return f"{self.contact.from_hour:02}:00 to {self.contact.to_hour:02}:00"


def reach_of(contact: Contact, now: datetime) -> Reach:
    here = ZoneInfo(contact.time_zone)
    start, _ = next_safe_hours(contact.time_zone, contact.from_hour, contact.to_hour, now)
    return Reach(
        contact=contact,
        channel=CHANNELS.get(str(contact.channel), str(contact.channel)),
        there=f"{now.astimezone(here):%H:%M}",
        is_safe_now=start <= now and contact.channel != "none",
        next_start=f"{start.astimezone(here):%a %H:%M}",
    )
