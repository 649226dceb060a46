"""What a map cannot show, told beside it: nobody is lost because no outline or point is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_IN_A_LINE = 8


@dataclass(frozen=True)
class Named:
    """A place that is not on the map: its name, its page, what a circle would say of it."""

    name: str
    address: str
    told: str


@dataclass(frozen=True)
class Beside:
    """Why places are not on the map, in a sentence, and the places."""

    text: str
    places: Sequence[Named]

    @property
    def is_long(self) -> bool:
        """Whether the places are folded away, with their sentence to open them by."""
        return len(self.places) > MOST_IN_A_LINE


def shown(*several: Beside) -> list[Beside]:
    """Those that have a place to tell of."""
    return [one for one in several if one.places]
