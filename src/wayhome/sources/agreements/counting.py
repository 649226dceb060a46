"""Agreements and agencies of each list: in all, by state, by model, by type of agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wayhome.sources.agreements.agreement_list import Agreement, AgreementList
from wayhome.sources.agreements.same_agency import HeldTogether

NOT_TOLD = "not told"

BY: tuple[tuple[str, Callable[[Agreement], str]], ...] = (
    ("all", lambda found: "all"),
    ("state", lambda found: found.state),
    ("model", lambda found: found.model),
    ("agency type", lambda found: found.agency_type or NOT_TOLD),
)


@dataclass(frozen=True)
class Count:
    """An agency with agreements of two models is one agency and two agreements.

    Two rows that a person said to be one agency, with one model, are one agreement.
    """

    file: str
    published: date
    by: str
    value: str
    agreements: int
    agencies: int


def counts_of(lists: Sequence[AgreementList], held: HeldTogether) -> tuple[Count, ...]:
    return tuple(count for published in lists for count in _of_list(published, held))


def _of_list(published: AgreementList, held: HeldTogether) -> Iterator[Count]:
    for by, value_of in BY:
        ids: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for found in published.agreements:
            ids[value_of(found)].add((held.agency_of[found.key].id, found.model))
        for value, agreements in sorted(ids.items()):
            yield Count(
                published.file,
                published.published,
                by,
                value,
                agreements=len(agreements),
                agencies=len({agency for agency, _ in agreements}),
            )
