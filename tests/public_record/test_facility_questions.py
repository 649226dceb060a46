"""What nobody has decided of two facilities is in the record, so that its pages can say it."""

import csv
from datetime import date

from tests.programs.invented_facilities import facility, statistics
from typer.testing import CliRunner

from wayhome.cli import build
from wayhome.programs.facilities.registry import decisions
from wayhome.programs.facilities.registry.decisions import (
    PACKAGED_DECISIONS,
    Decided,
    read_decisions,
    write_decisions,
)
from wayhome.programs.facilities.registry.facility import Printed
from wayhome.public_record.publishing.publish import Inputs, publish
from wayhome.public_record.record import open_record
from wayhome.sources.decisions_file import Decision

ON = date(2030, 5, 1)
# One address and other names in two workbooks: a person has to say.
BEFORE = facility("OLD FAMILY RESIDENTIAL CENTER", "300 RANCH WAY", "DILLEY", "TX", 78017, 60)
NOW = facility("DILLEY IMMIGRATION PROCESSING CENTER", "300 RANCH WAY", "DILLEY", "TX", 78017, 50)
# Of the same kind and at the same address too: else the two above were one for certain.
BESIDE = facility("FIELD OFFICE JAIL", "300 RANCH WAY", "DILLEY", "TX", 78017, 1)


def record_of(folder, **years):
    statistics(folder, **years)
    return publish(Inputs(folder / "stats"), folder / "record", on=ON).record


def test_it_keeps_what_may_be_one_facility_with_what_speaks_for_it(tmp_path):
    record = record_of(tmp_path, fy2029=[BEFORE], fy2030=[NOW, BESIDE])
    ids = {row["name"]: row["facility"] for row in record.table("facilities").to_pylist()}
    (asked,) = [
        row
        for row in record.table("facility_questions").to_pylist()
        if ids["DILLEY IMMIGRATION PROCESSING CENTER"] in (row["facility"], row["other"])
    ]
    assert ids["OLD FAMILY RESIDENTIAL CENTER"] in (asked["facility"], asked["other"])
    assert "same address" in asked["because"]
    assert 0 < asked["likeness"] < 100


def test_it_asks_nothing_where_all_is_certain(tmp_path):
    record = record_of(tmp_path, fy2029=[BEFORE], fy2030=[BEFORE])
    assert record.table("facility_questions").num_rows == 0


def test_the_packaged_record_asks_only_of_facilities_that_it_has():
    record = open_record()
    known = set(record.table("facilities").column("facility").to_pylist())
    asked = record.table("facility_questions").to_pylist()
    assert asked
    for row in asked:
        assert {row["facility"], row["other"]} <= known
        assert row["facility"] != row["other"]


# --- what was decided ---


def test_a_decision_of_ones_own_makes_one_facility_and_goes_before_a_packaged_one(
    tmp_path, monkeypatch
):
    statistics(tmp_path, fy2029=[BEFORE], fy2030=[NOW, BESIDE])

    def facilities_with(packaged, own=None):
        monkeypatch.setattr(decisions, "PACKAGED_DECISIONS", decided(tmp_path, "ours", packaged))
        mine = own and decided(tmp_path, "mine", own)
        inputs = Inputs(tmp_path / "stats", facility_decisions=mine)
        return publish(inputs, tmp_path / "record", on=ON).record.table("facilities").num_rows

    assert facilities_with("") == 3
    assert facilities_with("same") == 2
    assert facilities_with("", "same") == 2
    assert facilities_with("same", "different") == 3
    monkeypatch.undo()
    arguments = ["--detention-stats", tmp_path / "stats", "--out", tmp_path / "record"]
    own = ["--facility-decisions", decided(tmp_path, "mine", "same")]
    said = CliRunner().invoke(build(), ["publish", *map(str, [*arguments, *own])])
    assert "facilities.csv: 2 rows" in said.output


def test_the_record_knows_the_id_that_a_decision_took(tmp_path):
    apart = record_of(tmp_path, fy2029=[BEFORE], fy2030=[NOW, BESIDE])
    ids = {row["name"]: row["facility"] for row in apart.table("facilities").to_pylist()}
    assert apart.former_facilities == {}
    own = decided(tmp_path, "mine", "same")
    inputs = Inputs(tmp_path / "stats", facility_decisions=own)
    one = publish(inputs, tmp_path / "record", on=ON).record
    now = {row["name"]: row["facility"] for row in one.table("facilities").to_pylist()}
    place = now["DILLEY IMMIGRATION PROCESSING CENTER"]
    assert one.former_facilities == {ids["OLD FAMILY RESIDENTIAL CENTER"]: place}


def decided(folder, name, decision):
    path = folder / f"{name}.csv"
    old = Printed("", "OLD FAMILY RESIDENTIAL CENTER", "DILLEY", "TX")
    new = Printed("", "DILLEY IMMIGRATION PROCESSING CENTER", "DILLEY", "TX")
    write_decisions(path, [Decided(old, new, Decision(decision))] if decision else [])
    return path


def test_every_packaged_decision_names_its_files_and_has_joined_its_two():
    record = open_record()
    names = record.table("facility_names").to_pylist()
    files = {source.file for source in record.sources.values()}
    with PACKAGED_DECISIONS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(read_decisions(PACKAGED_DECISIONS)) == 7
    for row in rows:
        assert any(file in row["evidence"] for file in files)
        one, other = (
            {
                told["facility"]
                for told in names
                if told["code" if row[f"{side}_code"] else "name"]
                == (row[f"{side}_code"] or row[f"{side}_name"])
            }
            for side in ("one", "other")
        )
        assert one == other
        assert len(one) == 1
