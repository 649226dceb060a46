"""The Census Bureau's table of counties, found by its headings, and the one that comes with us."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.sources.agreements.meanings import county_key, state_code
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import fingerprint

PACKAGED = "estimates_2019.csv"
# The file that the packaged table was taken from, as the Census Bureau publishes it.
PACKAGED_FILE = "co-est2019-alldata.csv"
PACKAGED_SHA256 = "183b637d8ed8d7bc9429f9f71da44eb2738e3ccc9dab1d0b45bc696239492a02"
ADDRESS = "https://www2.census.gov/programs-surveys/popest/datasets/2010-2019/counties/totals/"
ESTIMATE = re.compile(r"POPESTIMATE(\d{4})")
HEADINGS = ("SUMLEV", "STATE", "COUNTY", "STNAME", "CTYNAME")
COUNTY_LEVEL = 50


@dataclass(frozen=True)
class County:
    """One county: its FIPS code, its people, and the row of the file (1 is the heading)."""

    fips: str
    state: str
    name: str
    population: int
    row: int


@dataclass(frozen=True)
class Estimates:
    """The counties of one table, as of 1 July of its newest year."""

    file: str
    sha256: str
    as_of: date
    counties: Mapping[tuple[str, str], County]

    def of(self, state: str, county: str | None) -> County | None:
        """The county of a name within a state (two letters); None where it is not known."""
        return self.counties.get((state, county_key(county))) if county else None


@cache
def packaged_estimates() -> Estimates:
    """The estimates of 1 July 2019, which come with this program."""
    text = resources.files(__package__).joinpath(PACKAGED).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    found = [
        County(r["fips"], r["state"], r["county"], int(r["population"]), int(r["row"]))
        for r in rows
    ]
    return Estimates(PACKAGED_FILE, PACKAGED_SHA256, date(2019, 7, 1), _by_name(found))


def read_estimates(path: Path) -> Estimates:
    """Read the Census Bureau's `co-estYYYY-alldata.csv` of any year.

    Raises ReleaseProblem that names file, row and column.
    """
    sha256 = fingerprint(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    headings = [name.strip().upper() for name in reader.fieldnames or ()]
    reader.fieldnames = headings
    years = sorted(int(m[1]) for name in headings if (m := ESTIMATE.fullmatch(name)))
    lacking = [name for name in HEADINGS if name not in headings]
    if lacking or not years:
        wanted = (*lacking, *(() if years else ("POPESTIMATE2024",)))
        hint = did_you_mean(nearest_spelling(wanted[0], headings))
        raise ReleaseProblem(
            f"{path.name}, row 1: there is no column {', '.join(wanted)}.{hint} The Census "
            "Bureau's table of counties (co-est2024-alldata.csv) has it."
        )
    column = f"POPESTIMATE{years[-1]}"
    counties = [
        _county(path, row, number, column)
        for number, row in enumerate(reader, start=2)
        if (row["SUMLEV"] or "").strip().lstrip("0") == str(COUNTY_LEVEL)
    ]
    return Estimates(path.name, sha256, date(years[-1], 7, 1), _by_name(counties))


def _county(path: Path, row: Mapping[str, str], number: int, column: str) -> County:
    state = state_code((row["STNAME"] or "").strip())
    codes, people = (row["STATE"] or "") + (row["COUNTY"] or ""), (row[column] or "").strip()
    if state is None or not codes.isdigit() or not people.isdigit():
        raise ReleaseProblem(
            f"{path.name}, row {number}: a county has a state's name under STNAME, digits under "
            f"STATE and COUNTY, and a number of people under {column}; this row has "
            f"{row['STNAME']!r}, {codes!r}, {people!r}."
        )
    fips = f"{int(row['STATE']):02d}{int(row['COUNTY']):03d}"
    return County(fips, state, row["CTYNAME"].strip(), int(people), number)


def _by_name(counties: list[County]) -> dict[tuple[str, str], County]:
    """Counties by state and name; a name that two counties of a state share is neither's.

    Maryland, Missouri and Virginia have cities beside counties of the same name ("Baltimore
    city", "Baltimore County"): their names differ by that word, and so do their keys.
    """
    found: dict[tuple[str, str], County] = {}
    twice: set[tuple[str, str]] = set()
    for county in counties:
        name = county.state, county_key(county.name)
        if name in found:
            twice.add(name)
        found[name] = county
    return {name: county for name, county in found.items() if name not in twice}
