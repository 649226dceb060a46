"""What a signature may become, of what, and by whom: one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wayhome.web.campaign.choices import SignatureState as S


class By(StrEnum):
    """Who makes a step."""

    SIGNER = "whoever holds the link"
    ORGANIZER = "an organizer"
    TEXT = "a changed text"


@dataclass(frozen=True)
class Step:
    """A step from one state to another. `words` go to the log."""

    before: S
    after: S
    by: By
    words: str


STEPS = (
    Step(S.ASKED, S.CONFIRMED, By.SIGNER, "confirmed a signature"),
    Step(S.ASKED_AGAIN, S.CONFIRMED, By.SIGNER, "confirmed a signature anew"),
    Step(S.ASKED, S.CONFIRMED, By.ORGANIZER, "confirmed a signature by hand"),
    Step(S.ASKED_AGAIN, S.CONFIRMED, By.ORGANIZER, "confirmed a signature by hand"),
    Step(S.CONFIRMED, S.ASKED_AGAIN, By.TEXT, "asked a signer again"),
    Step(S.ASKED, S.WITHDRAWN, By.SIGNER, "withdrew a signature"),
    Step(S.CONFIRMED, S.WITHDRAWN, By.SIGNER, "withdrew a signature"),
    Step(S.ASKED_AGAIN, S.WITHDRAWN, By.SIGNER, "withdrew a signature"),
    Step(S.CONFIRMED, S.WITHDRAWN, By.ORGANIZER, "withdrew a signature for its organization"),
    Step(S.ASKED_AGAIN, S.WITHDRAWN, By.ORGANIZER, "withdrew a signature for its organization"),
    Step(S.ASKED, S.REFUSED, By.ORGANIZER, "set a signature aside"),
    Step(S.CONFIRMED, S.REFUSED, By.ORGANIZER, "set a signature aside"),
    Step(S.ASKED_AGAIN, S.REFUSED, By.ORGANIZER, "set a signature aside"),
    Step(S.REFUSED, S.ASKED, By.ORGANIZER, "took a signature back in"),
)
_BY_ENDS = {(step.before, step.after, step.by): step for step in STEPS}


def step_of(before: str, after: str, by: By) -> Step | None:
    """The step between two states for somebody; None where there is none."""
    return _BY_ENDS.get((S(before), S(after), by))


def steps_for_organizer(before: str) -> list[Step]:
    """What an organizer may make of a signature that stands so."""
    return [step for step in STEPS if step.before == before and step.by is By.ORGANIZER]
