"""The clauses on ending that somebody read in the agreements themselves, from a small CSV.

No agreement's text comes with this program: ICE publishes them as pictures of paper, and their
forms differ. Whoever reads one writes its words down once, and every draft has them from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.filled_table import filled_rows

COLUMNS = ("agency", "model", "clause", "where", "days_of_notice", "read_by", "read_on")
Key = tuple[str, str]


@dataclass(frozen=True)
class Clause:
    """An agreement's own words on ending it: where they stand in it, who read them and when.

    `days_of_notice` is 0 where the notice has effect when it is received; None where the clause
    does not tell.
    """

    words: str
    where: str
    days_of_notice: int | None
    read_by: str
    read_on: date


def read_clauses(path: Path, agreements: Collection[Key]) -> dict[Key, Clause]:
    """The clauses of a file by agency id and model; rows without words are passed over.

    Raises ReleaseProblem, a sentence, that names file, row and column: also for an agency or model
    that is none of `agreements`.
    """
    found: dict[Key, Clause] = {}
    for number, row in filled_rows(path, COLUMNS, "clauses"):
        told = {name: (row[name] or "").strip() for name in COLUMNS}
        if not told["clause"]:
            continue
        place = f"{path.name}, row {number}"
        key = _key(told, agreements, place)
        if key in found:
            raise ReleaseProblem(f"{place}: {' '.join(key)} has a clause already; keep one row.")
        found[key] = _clause(told, place)
    return found


def _key(told: Mapping[str, str], agreements: Collection[Key], place: str) -> Key:
    key = told["agency"], told["model"]
    if key in agreements:
        return key
    agencies = {agency for agency, _ in agreements}
    if key[0] in agencies:
        models = ", ".join(sorted(model for agency, model in agreements if agency == key[0]))
        raise ReleaseProblem(f"{place}, model: {key[0]} holds {models}, not {key[1]!r}.")
    hint = did_you_mean(nearest_spelling(key[0], agencies))
    raise ReleaseProblem(f"{place}, agency: there is no agency {key[0]!r}.{hint}")


def _clause(told: Mapping[str, str], place: str) -> Clause:
    for name in ("where", "read_by", "read_on"):
        if not told[name]:
            raise ReleaseProblem(f"{place}, {name}: a clause says where it stands and who read it.")
    days = told["days_of_notice"]
    if days and not days.isdigit():
        raise ReleaseProblem(
            f"{place}, days_of_notice: {days!r} is no number of days. 30 would be; 0 where the "
            "notice has effect when it is received; empty where the clause does not tell."
        )
    try:
        read_on = date.fromisoformat(told["read_on"])
    except ValueError as error:
        raise ReleaseProblem(
            f"{place}, read_on: {told['read_on']!r} is no day; 2026-03-15 would be."
        ) from error
    return Clause(
        told["clause"], told["where"], int(days) if days else None, told["read_by"], read_on
    )
