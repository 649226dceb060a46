"""What the log keeps of a search: how it was done, and a keyed hash that tells equal searches."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from wayhome.web.cases.models import Case, code_as_compared
from wayhome.web.cases.names import folded
from wayhome.web.cases.search import CODE, exact_entry
from wayhome.web.protection.keys import index_key
from wayhome.web.protection.sealing import blind

# Where an event's details hold the hash; nobody reads anything in it, so no page shows it.
HASHED = "searched"
_BY_CODE, _BY_NAME = "code", "name"
_BY_ENTRY = {"a_number": "number", "birth": "birth date"}


def noted(organization: UUID, text: str) -> dict[str, str]:
    """How a text was searched for, and its keyed hash: never the text."""
    ways = list(_ways(text))
    if ways[0][0] == _BY_CODE and not Case.objects.filter(code=ways[0][1], erased_at=None).exists():
        ways = ways[1:]
    return {"by": ways[0][0], HASHED: _hash(organization, *ways[0])}


def hashes_of(organization: UUID, text: str) -> tuple[str, ...]:
    """The hashes under which a search for this text would stand in the log."""
    return tuple(_hash(organization, way, said) for way, said in _ways(text))


def _ways(text: str) -> Iterator[tuple[str, str]]:
    """How a text may be searched for, as `search` tries it, each with the text in one form."""
    code = code_as_compared(text)
    if CODE.fullmatch(code):
        yield _BY_CODE, code
    if entry := exact_entry(text.strip()):
        yield _BY_ENTRY[entry[0]], entry[1]
    else:
        yield _BY_NAME, " ".join(sorted(folded(text).split()))


def _hash(organization: UUID, way: str, said: str) -> str:
    return blind(index_key(organization), f"searched by {way}", said).hex()
