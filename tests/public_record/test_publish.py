"""From imports to the record: every number where it says that it stands, whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest
from tests.sources.agreement_lists import JAIL, listed, row
from tests.sources.statistics_workbook import facilities, nation, save
from typer.testing import CliRunner

from wayhome.cli import build
from wayhome.cli.problems import Problem
from wayhome.programs.facilities.closing_plan.plan import solve
from wayhome.programs.facilities.closing_plan.question import Case, Moves, Question
from wayhome.programs.facilities.closing_plan.reading import facilities_of
from wayhome.programs.facilities.closing_plan.writing import write_plan
from wayhome.public_record.publishing.contracts import contract_of
from wayhome.public_record.publishing.detention import end_of_month, fiscal_year
from wayhome.public_record.publishing.from_files import imported, publications_in
from wayhome.public_record.publishing.publish import Inputs, publish
from wayhome.public_record.record import PublicRecord, RecordProblem, open_record
from wayhome.public_record.tables_closing_plan import CLOSING_PLAN_TABLES
from wayhome.sources.agreements.importing import import_agreements
from wayhome.sources.detention_stats.importing import import_statistics
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.population.importing import import_population

ON = date(2030, 5, 1)
REAL = Path(__file__).parents[2] / "../shared/data"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Imports of an invented workbook, daily file and two lists."""
    folder = tmp_path_factory.mktemp("imports")
    book = folder / "FY30_detentionStats04092030.xlsx"
    save(book, {"Detention FY30": nation(), "Facilities FY30": facilities()})
    import_statistics([book], folder / "stats")
    days = [
        f"{code}|{n}|2030-01-{d:02}"
        for code, n in (("NORTHJL", 3), ("EASTCTR", 0))
        for d in range(1, 32)
    ]
    daily = folder / "days.csv"
    daily.write_text(
        "\n".join(["detention_facility_code|n|date", *days, "NORTHJL|9|2030-02-01"]), "utf-8"
    )
    import_population([daily], folder / "population")
    lists = (
        listed(folder, row(), row("Ash County Sheriff's Office", JAIL, county="Ash County")),
        listed(folder, row(), row(model=JAIL), day="20250612"),
    )
    import_agreements(lists, folder / "agreements")
    return Inputs(folder / "stats", folder / "population", folder / "agreements")


@pytest.fixture(scope="module")
def record(imports: Inputs, tmp_path_factory: pytest.TempPathFactory) -> PublicRecord:
    return publish(imports, tmp_path_factory.mktemp("out") / "record", on=ON).record


def test_it_tells_months_that_are_over_and_the_year_so_far(record: PublicRecord) -> None:
    found = [(f.since, f.on, f.value) for f in record.series("book_ins_cbp_month")]
    assert found == [
        (date(2029, 10, 1), date(2029, 10, 31), 40),
        (date(2029, 11, 1), date(2029, 11, 30), 50),
    ]
    assert record.source_of(record.series("book_ins_cbp_month")[0]).known_from == date(2030, 4, 9)


def test_it_leaves_out_a_month_that_was_not_over(tmp_path: Path) -> None:
    sheet = nation()
    sheet[10][6:8] = [70, 8]
    sheet[11][6:8] = [30, 3]
    sheet[12][6:8] = [40, 5]
    book = tmp_path / "FY30_detentionStats04092030.xlsx"
    save(book, {"Detention FY30": sheet, "Facilities FY30": facilities()})
    import_statistics([book], tmp_path / "stats")
    made = publish(Inputs(tmp_path / "stats"), tmp_path / "record", on=ON).record
    assert [f.on for f in made.series("book_ins_month")][-1] == date(2030, 3, 31)


def test_it_counts_everybody_but_those_known_to_be_in_a_federal_place(record: PublicRecord) -> None:
    (held,) = record.series("private_or_jail_year")
    assert held.value == 30
    assert (held.since, held.on) == (date(2029, 10, 1), date(2030, 4, 2))
    assert (held.sheet, held.row, held.column) == ("Facilities FY30", 7, "J–M")
    assert "of type SPC, which are left out: 9" in (held.note or "")
    (minimums,) = record.series("guaranteed_minimum_total")
    assert (minimums.value, minimums.since) == (55, None)


def test_it_tells_the_last_row_of_an_average_and_the_row_of_a_day(record: PublicRecord) -> None:
    told = {
        row["field"]: (row["row"], row["last_row"])
        for row in record.table("facility_fields").to_pylist()
        if row["facility"] == "northjl" and row["source"].startswith("headcount")
    }
    assert told["first_day"] == (2, None)
    assert told["last_day"] == (64, None)


def test_it_adds_up_days_and_leaves_out_a_month_of_one_day(record: PublicRecord) -> None:
    days = record.series("people_headcount_day")
    assert (len(days), days[0].value, days[-1].value) == (32, 3, 9)
    (month,) = record.series("people_headcount_month")
    assert (month.on, month.value) == (date(2030, 1, 31), 3)
    (open_places,) = record.series("facilities_headcount_month")
    assert open_places.value == 1
    months = record.table("facility_population").to_pylist()
    (row,) = [r for r in months if r["days"] == 31 and r["facility"] == "northjl"]
    assert (row["average"], row["row"], row["last_row"]) == (3, 2, 32)


def test_it_tells_months_with_nobody_in_one_row_and_none_that_are_not_known(tmp_path: Path) -> None:
    """Nobody from January to April, somebody in May, June not in the file, nobody in July."""
    days = [date(2030, 1, 1) + timedelta(days=n) for n in range(212)]
    told = [f"NORTHJL|{int(day.month == 5)}|{day}" for day in days if day.month != 6]
    daily = tmp_path / "days.csv"
    daily.write_text("\n".join(["detention_facility_code|n|date", *told]), "utf-8")
    import_population([daily], tmp_path / "population")
    inputs = Inputs(population=tmp_path / "population")
    made = publish(inputs, tmp_path / "record", on=ON).record
    rows = made.table("facility_population").to_pylist()
    names = ("month", "last_month", "average", "most", "days", "row", "last_row")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (date(2030, 1, 1), date(2030, 4, 1), 0, 0, 120, 2, 121),
        (date(2030, 5, 1), None, 1, 1, 31, 122, 152),
        (date(2030, 7, 1), None, 0, 0, 31, 153, 183),
    ]


def test_it_tells_every_day_of_a_facility_but_not_in_the_packaged_record(
    record: PublicRecord, imports: Inputs, tmp_path: Path
) -> None:
    days = record.facility_days("northjl").to_pylist()
    assert (len(days), days[0]["day"], days[0]["row"]) == (32, date(2030, 1, 1), 2)
    assert {day["people"] for day in days} == {3, 9}
    assert record.facility_days("eastctr").num_rows == 0
    assert record.facility_days("../sources").num_rows == 0
    packaged = publish(imports, tmp_path / "record", on=ON, packaged=True).record
    assert packaged.facility_days("northjl").num_rows == 0
    assert packaged.series("people_headcount_day") == ()


def test_it_shows_a_closing_plan_with_the_facilities_of_the_registry(
    imports: Inputs, tmp_path: Path
) -> None:
    roll = facilities_of(imports.detention_stats or Path(), 2030)
    caps = {facility.id: 100.0 for facility in roll.facilities}
    every = (10,) * 20
    question = Question(roll.facilities, Case("one", "", every, caps, {}), Moves(), days=20)
    write_plan([solve(question, seconds=5)], tmp_path / "plan", told=roll.told)
    with_plan = Inputs(imports.detention_stats, imports.population, closing_plan=tmp_path / "plan")
    record = publish(with_plan, tmp_path / "record", on=ON).record
    plan = {row["name"]: row for row in record.table("closing_plan").to_pylist()}
    assert set(plan) == {"NORTH JAIL", "EAST CENTER", "SOUTH CAMP"}
    ids = set(record.table("facilities").column("facility").to_pylist())
    assert {row["facility"] for row in plan.values()} <= ids
    north = plan["NORTH JAIL"]
    assert (north["people"], north["sheet"], north["row"]) == (10, "Facilities FY30", 7)
    days = record.table("closing_plan_daily").to_pylist()
    assert days[-1]["people"] == 0
    moved = record.table("closing_plan_daily_facilities").column("facility").to_pylist()
    assert set(moved) <= ids
    summary = {row["name"]: row for row in record.table("closing_plan_summary").to_pylist()}
    assert summary["released"]["value"] == 35
    assert summary["assumed"]["text"]
    with pytest.raises(RecordProblem, match=r"04092030\.xlsx, of which no import"):
        publish(Inputs(closing_plan=tmp_path / "plan"), tmp_path / "record", on=ON)


def test_it_tells_what_came_and_went_among_agreements(record: PublicRecord) -> None:
    values = {
        name: [f.value for f in record.series(f"agreements_{name}")]
        for name in ("active", "new", "ended")
    }
    assert values == {"active": [2, 2], "new": [1], "ended": [1]}
    for name in ("agreements_active", "agreements_new", "agreements_ended", "agencies_active"):
        told = record.series(name)[-1]
        assert (told.sheet, told.row, told.last_row) == ("Sheet1", 2, 3), name
        assert told.column == ("A, B" if told.unit == "agencies" else "A, B, E")
        assert "rows 2 to 3 of Sheet1" in str(told.note)
    (ended,) = record.series("agreements_ended")
    assert "what only the list before has" in str(ended.note)
    assert "of the list of 2025-03-28 (participatingAgencies-20250328.xlsx)" in str(ended.note)
    held = {(r["name"], r["model"]): r for r in record.table("agreements").to_pylist()}
    gone = held["Ash County Sheriff's Office", "jail enforcement"]
    assert (gone["active"], gone["gone_by"]) == (False, date(2025, 6, 12))
    assert record.sources[gone["source"]].file == "participatingAgencies-20250328.xlsx"


def test_it_gives_every_number_a_source_that_is_there(record: PublicRecord) -> None:
    for name in record.tables:
        table = record.table(name)
        for column in {"source", "after_source", "by_source"} & set(table.column_names):
            told = set(table.column(column).drop_null().to_pylist())
            assert told <= record.sources.keys()


def test_it_leaves_what_was_there_when_it_cannot_be_made(imports: Inputs, tmp_path: Path) -> None:
    out = tmp_path / "record"
    edition = publish(Inputs(agreements=imports.agreements), out, on=ON).record.edition
    for wrong in (
        Inputs(),
        Inputs(agreements=imports.population),
        Inputs(agreements=imports.agreements, dockets=(tmp_path / "none",)),
    ):
        with pytest.raises((RecordProblem, ReleaseProblem)):
            publish(wrong, out, on=ON)
    assert open_record(out).edition == edition
    assert [path.name for path in tmp_path.iterdir()] == ["record"]


def test_it_writes_over_no_other_folder(imports: Inputs, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(ReleaseProblem, match="nothing is written over it"):
        publish(Inputs(agreements=imports.agreements), tmp_path, on=ON)
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"


def test_it_publishes_and_shows_demands_by_command(
    imports: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    monkeypatch.setenv("WAYHOME_HOME", str(tmp_path / "home"))
    out = str(tmp_path / "home" / "public-record")
    before = CliRunner().invoke(build(), ["demands"])
    assert "From the record that comes with the program" in before.output
    made = CliRunner().invoke(build(), ["publish", "--agreements", str(imports.agreements)])
    assert made.exit_code == 0, made.output
    assert "agreements.csv: 3 rows" in made.output
    asked = ["demands", "--letter-date", "2025-03-28", "--on", "2025-07-06"]
    shown = CliRunner().invoke(build(), asked)
    assert f"From {out}, edition" in shown.output
    assert "2 agreements on 28 March 2025; 2 agreements on 12 June 2025" in shown.output
    assert "participatingAgencies-20250612.xlsx" in shown.output
    spanish = CliRunner().invoke(build(), [*asked, "--language", "es"])
    assert "2 acuerdos el 28 de marzo de 2025" in spanish.output
    nowhere = CliRunner().invoke(build(), ["demands", "--record", str(tmp_path / "none")])
    assert isinstance(nowhere.exception, Problem)


def test_it_knows_the_days_of_years_and_months() -> None:
    assert fiscal_year(2024) == (date(2023, 10, 1), date(2024, 9, 30))
    assert end_of_month(date(2024, 2, 1)) == date(2024, 2, 29)
    assert end_of_month(date(2025, 12, 1)) == date(2025, 12, 31)


def test_it_calls_no_type_federal_that_it_does_not_know() -> None:
    assert contract_of("Spc ") == "federal"
    assert contract_of("A NEW KIND") is None
    assert contract_of(None) is None


# --- the real files -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_imports(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    found = publications_in(REAL)
    assert (len(found.detention_stats), len(found.population), len(found.agreements)) == (3, 3, 4)
    return imported(found, tmp_path_factory.mktemp("real"), print)


@needs_real
def test_it_comes_with_the_record_that_the_real_files_make(
    real_imports: Inputs, tmp_path: Path
) -> None:
    """But for the closing plan: a solver with a time limit need not find the same plan again."""
    made = publish(real_imports, tmp_path / "record", on=ON, packaged=True).record
    packaged = open_record()
    plan = {table.name for table in CLOSING_PLAN_TABLES}
    assert set(packaged.tables) == {*made.tables, *plan}
    for name in made.tables:
        told = (made.path / f"{name}.csv").read_text("utf-8").splitlines()
        kept = (packaged.path / f"{name}.csv").read_text("utf-8").splitlines()
        other = [pair for pair in zip(kept, told, strict=False) if pair[0] != pair[1]]
        assert (name, len(kept), other[:3]) == (name, len(told), [])


@needs_real
def test_it_says_the_cell_in_which_a_number_of_a_workbook_stands() -> None:
    record = open_record()
    checked = 0
    for source in record.sources.values():
        if source.publication != "detention_stats":
            continue
        book = openpyxl.load_workbook(
            REAL / "ice-detention-stats" / source.file, data_only=True, read_only=False
        )
        for figures in record.figures.values():
            for figure in figures:
                if figure.source == source.id and not figure.note:
                    cell = book[figure.sheet or ""][f"{figure.column}{figure.row}"]
                    assert cell.value == pytest.approx(figure.value, abs=1e-4)
                    checked += 1
    assert checked > 150


def test_it_comes_with_a_record_of_real_publications_alone() -> None:
    record = open_record()
    assert record.is_packaged
    assert not record.is_synthetic()
    assert len(record.series("agreements_active")) == 4
    assert record.table("facilities").num_rows > 1000


def test_it_comes_with_a_closing_plan_in_which_nobody_is_lost() -> None:
    record = open_record()
    known = set(record.table("facilities").column("facility").to_pylist())
    days = record.table("closing_plan_daily").to_pylist()
    for case in ("most", "fewest"):
        rows = [r for r in record.table("closing_plan").to_pylist() if r["case"] == case]
        assert len(rows) == 142
        assert {one["facility"] for one in rows} <= known
        for one in rows:
            gone = one["released"] + one["moved_out"]
            assert one["people"] + one["moved_in"] == gone + one["left"]
        assert sum(one["moved_in"] - one["moved_out"] for one in rows) == 0
        (last,) = [d["people"] for d in days if d["case"] == case and d["day"] == 100]
        assert last == sum(one["left"] for one in rows)


def test_it_says_of_what_a_worked_out_number_is_made() -> None:
    record = open_record()
    (told,) = [f for f in record.series("private_or_jail_year") if f.on == date(2026, 4, 2)]
    assert (told.row, told.last_row, told.column) == (11, 213, "J–M")
    assert "levels A to D" in str(told.note)
    assert "which are left out: " in str(told.note)
    own = {"n_detained_at_midnight", "n"}
    for series, figures in record.figures.items():
        if "midnight" in series or "headcount" in series:
            assert {figure.column for figure in figures} <= own
            assert all(f.row and f.last_row and f.row <= f.last_row for f in figures)
            assert all(f"date {f.first_day}" in str(f.note) for f in figures)


@needs_real
def test_a_sum_comes_out_again_from_the_rows_that_it_names() -> None:
    """As a reader would add it, from the file as it was published."""
    (told,) = [
        f for f in open_record().series("people_midnight_month") if f.on == date(2026, 2, 28)
    ]
    file = REAL / "detention-population" / open_record().source_of(told).file
    query = f"""SELECT sum({told.column}) / count(DISTINCT date), min(line), max(line) FROM (
        SELECT *, row_number() OVER () AS line FROM read_parquet(?))
        WHERE date BETWEEN '{told.since}' AND '{told.on}'"""
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(query, [str(file)]).fetchone()
    assert found == (pytest.approx(told.value, abs=0.001), told.row, told.last_row)
