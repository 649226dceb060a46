"""What nobody has decided of two facilities is in the record, so that its pages can say it."""

from datetime import date

from tests.programs.invented_facilities import facility, statistics

from wayhome.public_record.publishing.publish import Inputs, publish
from wayhome.public_record.record import open_record

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
