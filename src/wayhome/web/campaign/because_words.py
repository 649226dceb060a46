"""Why two names are taken for one, or may be one, in the language of the page."""

from __future__ import annotations

from wayhome.sources.letters.same_organization import Pair
from wayhome.web.campaign.wording import say, words


def because_words(pair: Pair, language: str) -> str:
    """The reason for a pair; as it was given where no words are kept for it."""
    places = {"one": pair.one.place or "", "other": pair.other.place or ""}
    for key in words("en"):
        if key.startswith("because.") and say("en", key, **places) == pair.likeness.because:
            return say(language, key, **places)
    return pair.likeness.because
