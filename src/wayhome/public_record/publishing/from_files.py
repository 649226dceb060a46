"""Publications as they were downloaded: each file told by what is in it, and imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wayhome.public_record.publishing.publish import Inputs
from wayhome.public_record.record import RecordProblem
from wayhome.sources.agreements.importing import import_agreements
from wayhome.sources.agreements.reading import read_list
from wayhome.sources.detention_stats.importing import import_statistics
from wayhome.sources.detention_stats.workbooks import read_workbook
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.population.files import open_file
from wayhome.sources.population.importing import import_population

DETENTION_STATS, AGREEMENTS, POPULATION = "detention-stats", "agreements", "population"
WORKBOOKS = ((AGREEMENTS, read_list), (DETENTION_STATS, read_workbook))
TABLES = ((POPULATION, open_file),)
READERS = {".xlsx": WORKBOOKS, ".csv": TABLES, ".gz": TABLES, ".parquet": TABLES}
# What `wayhome fetch` itself keeps beside the files.
NO_PUBLICATION = frozenset({"fetched.csv"})


@dataclass(frozen=True)
class Publications:
    """The files of a folder by the import that reads them; `left`: which none reads, and why."""

    detention_stats: tuple[Path, ...]
    population: tuple[Path, ...]
    agreements: tuple[Path, ...]
    left: tuple[tuple[Path, str], ...]


def publications_in(folder: Path) -> Publications:
    """Tell the files in a folder, and in the folders in it, apart by what they hold.

    Raises RecordProblem where there is no folder, or no file in it that a record is made from.
    """
    if not folder.is_dir():
        raise RecordProblem(f"There is no folder {folder}: name the one that holds the files.")
    found: dict[str, list[Path]] = {DETENTION_STATS: [], POPULATION: [], AGREEMENTS: []}
    left: list[tuple[Path, str]] = []
    for path in _files(folder):
        kind, why = _kind_of(path)
        if kind:
            found[kind].append(path)
        else:
            left.append((path, why))
    if not any(found.values()):
        raise RecordProblem(
            f"No file in {folder} is a publication that a record is made from. "
            + " ".join(why for _, why in left[:3])
        )
    return Publications(
        tuple(found[DETENTION_STATS]),
        tuple(found[POPULATION]),
        tuple(found[AGREEMENTS]),
        tuple(left),
    )


def imported(found: Publications, workshop: Path, tell: Callable[[str], None]) -> Inputs:
    """Import the files into folders of `workshop`. Raises ReleaseProblem, a sentence."""
    statistics = agreements = population = None
    if found.detention_stats:
        tell(f"Reading {len(found.detention_stats)} workbooks of detention statistics …")
        statistics = import_statistics(found.detention_stats, workshop / DETENTION_STATS).folder
    if found.population:
        tell(f"Reading {len(found.population)} files of people held per facility and day …")
        population = import_population(found.population, workshop / POPULATION).folder
    if found.agreements:
        tell(f"Reading {len(found.agreements)} lists of agreements …")
        agreements = import_agreements(found.agreements, workshop / AGREEMENTS).folder
    return Inputs(statistics, population, agreements)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in READERS and path.is_file() and path.name not in NO_PUBLICATION:
            yield path


def _kind_of(path: Path) -> tuple[str | None, str]:
    """Which import reads a file; else why none does."""
    met: list[str] = []
    for kind, read in READERS[path.suffix]:
        try:
            read(path)
        except ReleaseProblem as problem:
            met.append(f"As {kind}: {problem}")
        else:
            return kind, ""
    return None, " ".join(met)
