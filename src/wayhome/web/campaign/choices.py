"""What the fields of letters and signatures may say."""

from __future__ import annotations

from django.db import models

from wayhome.public_record.demands.demand import Direction, TargetIs


class Stage(models.TextChoices):
    """A draft is seen by its organizers only; a closed letter takes no more signatures."""

    DRAFT = "draft", "draft"
    OPEN = "open", "open for signing"
    CLOSED = "closed", "closed"


class Order(models.TextChoices):
    ALPHABETICAL = "alphabetical", "in the order of the alphabet"
    AS_SIGNED = "as signed", "in the order of signing, or of the list"


class Kind(models.TextChoices):
    """Empty: nobody has said."""

    NATIONAL = "national", "national"
    STATE = "state", "state"
    LOCAL = "local", "local"


class SignatureState(models.TextChoices):
    """Where a signature stands. What follows what: signing_states.py."""

    ASKED = "asked", "waits for confirmation"
    CONFIRMED = "confirmed", "confirmed"
    ASKED_AGAIN = "asked again", "signed an earlier text, not this one"
    WITHDRAWN = "withdrawn", "withdrawn"
    REFUSED = "refused", "set aside by the organizer"

    @property
    def of_lines(self) -> str:
        """What is said of many: of those that stand, some were only named by the organizers."""
        return "standing under the letter" if self is SignatureState.CONFIRMED else self.label


# How a line came to stand, for organizers as on the public page and in the file.
BY_LINK, NAMED = "confirmed by link", "named by the organizers"


class Came(models.TextChoices):
    FORM = "form", "signed on the page"
    LIST = "list", "from a list"


class LinkFor(models.TextChoices):
    CONFIRM = "confirm", "to confirm"
    WITHDRAW = "withdraw", "to withdraw"


# What a measure may say, with words for the form: a value that has none is missed at the start.
_WAYS = {Direction.DOWN: "it must go down", Direction.UP: "it must go up"}
_TARGETS = {
    TargetIs.NUMBER: "a number",
    TargetIs.SHARE: "a share of the baseline (0.5: half of it)",
    TargetIs.CHANGE: "a change from the baseline (-5000)",
}
WAYS = [(way.value, _WAYS[way]) for way in Direction]
TARGETS = [(kind.value, _TARGETS[kind]) for kind in TargetIs]
