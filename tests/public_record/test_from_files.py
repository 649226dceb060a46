"""A folder of publications as they were downloaded: told apart by what they hold, and published."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.sources.agreement_lists import listed, row
from tests.sources.statistics_workbook import facilities, nation, save
from typer.testing import CliRunner

from wayhome.cli import build
from wayhome.cli.problems import Problem
from wayhome.public_record.publishing.from_files import publications_in
from wayhome.public_record.record import RecordProblem, open_record

DAYS = "detention_facility_code|n|date\nNORTHJL|3|2030-01-01\nNORTHJL|4|2030-01-02\n"


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """What `wayhome fetch` may leave, under names that tell nothing, with other files among it."""
    folder = tmp_path / "downloads"
    inner = folder / "deeper"
    inner.mkdir(parents=True)
    save(folder / "a.xlsx", {"Detention FY30": nation(), "Facilities FY30": facilities()})
    listed(inner, row(), row("Ash County Sheriff's Office"))
    (inner / "b.csv").write_text(DAYS, "utf-8")
    (folder / "prices.csv").write_text("fruit,price\npear,2\n", "utf-8")
    (folder / "fetched.csv").write_text("file,address\na.xlsx,https://example.org\n", "utf-8")
    (folder / "notes.txt").write_text("read me", "utf-8")
    other = openpyxl.Workbook()
    other.active.append(["fruit", "price"])
    other.save(folder / "fruit-20300101.xlsx")
    return folder


def test_it_tells_publications_by_what_they_hold(downloads: Path) -> None:
    found = publications_in(downloads)
    assert [path.name for path in found.detention_stats] == ["a.xlsx"]
    assert [path.name for path in found.agreements] == ["participatingAgencies-20250328.xlsx"]
    assert [path.name for path in found.population] == ["b.csv"]
    left = {path.name: why for path, why in found.left}
    assert set(left) == {"prices.csv", "fruit-20300101.xlsx"}
    assert "fruit" in left["fruit-20300101.xlsx"]


def test_it_publishes_a_folder_and_names_every_file_that_it_does_not_read(
    downloads: Path, tmp_path: Path
) -> None:
    made = CliRunner().invoke(build(), ["publish", str(downloads), "--out", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    assert "Not read: fruit-20300101.xlsx. As agreements:" in made.output
    assert "1 file (prices.csv)" in made.output
    record = open_record(tmp_path / "out")
    assert {source.file for source in record.sources.values()} >= {
        "a.xlsx",
        "b.csv",
        "participatingAgencies-20250328.xlsx",
    }
    assert [day["people"] for day in record.facility_days("northjl").to_pylist()] == [3, 4]


def test_it_makes_nothing_of_a_folder_without_publications(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("fruit,price\npear,2\n", "utf-8")
    for folder, why in ((tmp_path, "No file in"), (tmp_path / "none", "There is no folder")):
        with pytest.raises(RecordProblem, match=why):
            publications_in(folder)
    refused = CliRunner().invoke(build(), ["publish", str(tmp_path), "--out", str(tmp_path / "o")])
    assert isinstance(refused.exception, Problem)
    assert "prices.csv" in str(refused.exception)
    assert not (tmp_path / "o").exists()


def test_it_takes_files_or_imports_and_not_both(downloads: Path, tmp_path: Path) -> None:
    asked = ["publish", str(downloads), "--agreements", str(tmp_path), "--out", str(tmp_path / "o")]
    assert isinstance(CliRunner().invoke(build(), asked).exception, Problem)
    assert not (tmp_path / "o").exists()


def test_the_demonstration_shows_the_record_of_the_files_and_plans_their_newest_year(
    downloads: Path, tmp_path: Path
) -> None:
    out = tmp_path / "demo"
    asked = ["demo", "--out", str(out), "--cases", "1000", "--no-open"]
    made = CliRunner().invoke(build(), [*asked, "--publications", str(downloads)])
    assert made.exit_code == 0, made.output
    record = open_record(out / "application" / "public-record")
    assert {row["sheet"] for row in record.table("closing_plan").to_pylist()} == {"Facilities FY30"}
    assert (out / "closing-plan").is_dir()
    assert record.table("docket_counts").num_rows


def test_the_demonstration_goes_on_without_publications_that_can_be_read(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    asked = ["demo", "--out", str(out), "--cases", "1000", "--no-open"]
    made = CliRunner().invoke(build(), [*asked, "--publications", str(tmp_path / "none")])
    assert made.exit_code == 0, made.output
    assert "There is no folder" in made.output
    record, packaged = open_record(out / "application" / "public-record"), open_record()
    assert record.table("agreements").equals(packaged.table("agreements"))
    assert [one.publication for one in record.sources.values() if one.synthetic] == ["docket"]
    assert record.table("docket_counts").num_rows
    assert record.figures == packaged.figures


def test_beside_the_record_that_is_built_in_only_dockets_are_published(tmp_path: Path) -> None:
    asked = ["publish", "--with-packaged", "--agreements", str(tmp_path), "--out", str(tmp_path)]
    refused = CliRunner().invoke(build(), asked)
    assert isinstance(refused.exception, Problem)
    assert "only dockets" in str(refused.exception)
