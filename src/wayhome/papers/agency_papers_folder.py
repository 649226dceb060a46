"""A folder of drafts about agencies: there whole, with a table of what each one lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wayhome.papers.agency_papers import NOTICE, AgencyOrder, made_about_agency
from wayhome.papers.many import Made, many
from wayhome.sources.import_folder import import_folder, write_csv, write_provenance

KIND = "wayhome drafts about agencies"
COLUMNS = (
    "draft",
    "paper",
    "agency",
    "name",
    "state",
    "county",
    "models",
    "made_on",
    "list",
    "row",
    "gaps",
    "what_is_missing",
)


@dataclass(frozen=True)
class WrittenDrafts:
    """How many drafts of each kind were written."""

    notices: int
    requests: int


def write_agency_papers(
    out: Path,
    orders: Sequence[AgencyOrder],
    *,
    processes: int = 2,
    progress: Callable[[int], None] = lambda done: None,
) -> WrittenDrafts:
    """Write each draft as Word and PDF into the folder `out`, replaced as a whole.

    Raises ReleaseProblem where something else stands there.
    """
    rows = []
    with import_folder(out, KIND) as folder:
        made_drafts = many(made_about_agency, orders, processes)
        for done, (order, made) in enumerate(zip(orders, made_drafts, strict=True), start=1):
            (folder / f"{made.name}.docx").write_bytes(made.word)
            (folder / f"{made.name}.pdf").write_bytes(made.pdf)
            rows.append(_row(order, made))
            progress(done)
        write_csv(folder / "drafts.csv", COLUMNS, rows)
        write_provenance(folder, KIND, {"drafts": len(rows)})
    notices = sum(order.paper == NOTICE for order in orders)
    return WrittenDrafts(notices, len(orders) - notices)


def _row(order: AgencyOrder, made: Made) -> tuple[object, ...]:
    first = order.agreements[0]
    return (
        made.name,
        order.paper,
        first.agency_id,
        first.agency,
        first.state,
        first.county,
        "; ".join(agreement.model for agreement in order.agreements),
        order.as_of,
        first.list_file,
        "; ".join(str(agreement.row) for agreement in order.agreements),
        len(made.gaps),
        " | ".join(made.gaps),
    )
