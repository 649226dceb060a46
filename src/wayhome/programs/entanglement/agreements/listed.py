"""The agreements of the newest list, as a folder of `wayhome import agreements` has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wayhome.sources.agreements.counties import own_county
from wayhome.sources.agreements.importing import KIND
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import open_import


@dataclass(frozen=True)
class ListedAgreement:
    """An agreement as the newest list that has it tells it. None is unknown."""

    agency_id: str
    agency: str
    state: str
    county: str | None
    model: str
    signed: date | None
    memorandum: str | None
    list_file: str
    list_day: date
    sheet: str | None
    row: int

    @property
    def key(self) -> tuple[str, str]:
        """Its agency's id and its model: an agency has one agreement of a model."""
        return self.agency_id, self.model


def listed_agreements(folder: Path) -> tuple[ListedAgreement, ...]:
    """Every agreement of the newest list, by state, agency and model.

    Of two rows of one agency and model, the one signed last counts. Raises ReleaseProblem where
    the folder is no import of agreements.
    """
    imported = open_import(folder, KIND)
    files = imported.provenance["files"]
    if not files:
        raise ReleaseProblem(f"{folder} holds no list of agreements: import one.")
    newest = files[-1]["name"]
    rows = [row for row in imported.table("agreements").to_pylist() if row["file"] == newest]
    rows.sort(key=lambda row: (row["state"], row["agency"], row["model"], str(row["signed"])))
    found = [
        ListedAgreement(
            agency_id=row["agency_id"],
            agency=row["agency"],
            state=row["state"],
            county=row["county"] or own_county(row["agency"]),
            model=row["model"],
            signed=row["signed"],
            memorandum=row["memorandum"],
            list_file=row["file"],
            list_day=row["published"],
            sheet=row["sheet"],
            row=row["row"],
        )
        for row in rows
    ]
    return tuple({agreement.key: agreement for agreement in found}.values())
