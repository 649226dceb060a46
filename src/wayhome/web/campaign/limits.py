"""How often a form may be sent, without keeping who sent it.

A try is counted by a keyed hash of the network or of the address, for a day at most. What is over
a limit is refused (a network), or kept without a message (a letter that many sign at once): a robot
fills a queue that an organizer empties with one button, and writes to nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from wayhome.web.campaign.models import SigningTry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Each kind of try: how many in how long. An office's people may all come from one network.
LIMITS: dict[str, tuple[int, timedelta]] = {
    "network": (20, HOUR),
    "network a day": (60, DAY),
    "address": (4, DAY),
    "messages of a letter": (200, HOUR),
}


def is_over(kind: str, who: str, now: datetime) -> bool:
    """Counts one more try; says whether it is one too many."""
    most, within = LIMITS[kind]
    key = salted_hmac("wayhome.campaign.tries", f"{kind}\0{who}", algorithm="sha256").digest()
    again = SigningTry.objects.filter(key=key, since__gt=now - within)
    if again.filter(times__gt=most).exists():
        return True  # nothing is written for a robot that goes on
    with transaction.atomic():
        SigningTry.objects.filter(since__lt=now - DAY).delete()
        row, _ = SigningTry.objects.get_or_create(key=key, defaults={"since": now})
        if connection.vendor == "postgresql":
            row = SigningTry.objects.select_for_update().get(pk=row.pk)
        if row.since <= now - within:
            row.since, row.times = now, 0
        row.times += 1
        row.save(update_fields=["since", "times"])
    return row.times > most
