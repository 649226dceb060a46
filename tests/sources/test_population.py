"""People held per facility and day: every row read or set aside, days missing and twice told."""

import csv
import gzip
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.population.importing import import_population

REAL = Path(__file__).parents[2] / "../shared/data/detention-population"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")

HEADINGS = "detention_facility_code|n|date"
DAYS = [
    "NORTHJL|3|2030-01-01",
    "NORTHJL|4|2030-01-02",
    "NORTHJL|5|2030-01-03",
    "EASTCTR|10|2030-01-01",
    "EASTCTR|0|2030-01-02",
    "EASTCTR|12|2030-01-03",
]


@pytest.fixture
def read(tmp_path):
    """Reads a daily file of lines."""

    def read_lines(lines=DAYS, headings=HEADINGS, name="days.csv"):
        path = tmp_path / name
        text = "\n".join([headings, *lines]) + "\n"
        path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
        return import_population([path], tmp_path / "out")

    return read_lines


def held(report):
    table = pq.read_table(report.folder / "population.parquet").to_pylist()
    return {(row["facility"], row["day"]): row["people"] for row in table}


def missing(report):
    return [(gap.facility, gap.first, gap.last) for gap in report.daily[0].missing]


def aside(report):
    return [(row, why) for row, why, _ in report.daily[0].set_aside]


WHOLE = {
    ("NORTHJL", date(2030, 1, 1)): 3,
    ("NORTHJL", date(2030, 1, 2)): 4,
    ("NORTHJL", date(2030, 1, 3)): 5,
    ("EASTCTR", date(2030, 1, 1)): 10,
    ("EASTCTR", date(2030, 1, 2)): 0,
    ("EASTCTR", date(2030, 1, 3)): 12,
}


@pytest.mark.parametrize("name", ["days.csv", "days.csv.gz", "days.txt"])
def test_it_reads_every_row(read, name):
    report = read(name=name)
    assert held(report) == WHOLE
    assert (missing(report), aside(report)) == ([], [])


def test_it_finds_columns_by_their_headings_with_any_separator(read):
    lines = [",".join(line.split("|")[::-1]) for line in DAYS]
    assert held(read(lines, headings="Date,N Detained,DETLOC")) == WHOLE


def test_it_reads_parquet_with_everything_that_is_counted(tmp_path):
    table = pa.table(
        {
            "detention_facility_code": ["A", "A"],
            "date": [date(2030, 1, 1), date(2030, 1, 2)],
            "n_detained": [5, 6],
            "n_detained_at_midnight": [4, None],
            "detention_facility": ["NORTH JAIL", "NORTH JAIL"],
        }
    )
    pq.write_table(table, tmp_path / "days.parquet")
    report = import_population([tmp_path / "days.parquet"], tmp_path / "out")
    rows = pq.read_table(report.folder / "population.parquet").to_pylist()
    assert [(r["row"], r["at_midnight"], r["male"]) for r in rows] == [
        (1, 4, None),
        (2, None, None),
    ]
    (facility,) = pq.read_table(report.folder / "held.parquet").to_pylist()
    assert (facility["name"], facility["most"]) == ("NORTH JAIL", 6)


def test_it_tells_a_day_that_is_missing(read):
    report = read(DAYS[:1] + DAYS[2:])
    assert missing(report) == [("NORTHJL", date(2030, 1, 2), date(2030, 1, 2))]
    assert "Stretches of days missing: 1 (NORTHJL 2030-01-02 to 2030-01-02)." in report.summary()


def test_it_tells_days_missing_at_either_end(read):
    report = read([*DAYS, "SOUTH|1|2030-01-02"])
    assert missing(report) == [
        ("SOUTH", date(2030, 1, 1), date(2030, 1, 1)),
        ("SOUTH", date(2030, 1, 3), date(2030, 1, 3)),
    ]


def test_it_tells_only_days_of_the_whole_file_where_nobody_is_never_written(read):
    lines = ["A|3|2030-01-01", "B|1|2030-01-02", "A|3|2030-01-05"]
    report = read(lines)
    assert missing(report) == [(None, date(2030, 1, 3), date(2030, 1, 4))]
    assert "is 0 or not known" in report.summary()
    # What is not written is not taken for nobody.
    assert ("B", date(2030, 1, 1)) not in held(report)


def test_it_takes_a_day_once_that_is_told_twice_alike(read):
    report = read([*DAYS, DAYS[1]])
    assert held(report) == WHOLE
    assert aside(report) == [(8, "it repeats row 3")]
    assert [(t.rows, t.kept) for t in report.daily[0].twice] == [((3, 8), "the first")]


def test_it_takes_no_number_where_a_day_is_told_twice_with_two(read):
    report = read([*DAYS, "NORTHJL|40|2030-01-02"])
    assert ("NORTHJL", date(2030, 1, 2)) not in held(report)
    assert [row for row, _ in aside(report)] == [3, 8]
    assert "4 and 40 people, none is taken" in report.summary()
    assert missing(report) == [("NORTHJL", date(2030, 1, 2), date(2030, 1, 2))]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("NORTHJL|many|2030-01-04", "its people are many"),
        ("NORTHJL|-1|2030-01-04", "its people are -1"),
        ("NORTHJL|2.5|2030-01-04", "its people are 2.5"),
        ("NORTHJL|NA|2030-01-04", "its people are NA"),
        ("NORTHJL|99999999999999|2030-01-04", "its people are 99999999999999"),
        ("NORTHJL|1|yesterday", "its day is yesterday"),
        ("NORTHJL|1|2030-02-30", "its day is 2030-02-30"),
        ("NORTHJL|1|", "its day is"),
        ("|1|2030-01-04", "no code of a facility"),
        ("||", "the line is blank"),
        ("", "the line is blank"),
        ("NORTHJL|1", "2 columns, 3 would be right"),
        ("NORTHJL|1|2030-01-04|more", "4 columns, 3 would be right"),
    ],
)
def test_it_sets_a_row_aside_that_says_nothing_sure(read, line, why):
    report = read([*DAYS[:3], line, *DAYS[3:]])
    assert held(report) == WHOLE
    ((row, reason),) = aside(report)
    assert row == 5
    assert why in reason
    assert report.daily[0].rows == len(DAYS) + 1
    with (report.folder / "set_aside.csv").open() as stream:
        assert [line["row"] for line in csv.DictReader(stream)] == ["5"]


@pytest.mark.parametrize("day", ["1/4/2030", "47487", "2030-01-04 00:00:00", " 2030-01-04 "])
def test_it_reads_a_day_however_it_is_written(read, day):
    assert held(read([*DAYS, f"NORTHJL|7|{day}"]))["NORTHJL", date(2030, 1, 4)] == 7


def test_it_tells_the_row_as_a_spreadsheet_shows_it(read):
    report = read(["bad line", *DAYS])
    rows = pq.read_table(report.folder / "population.parquet").to_pylist()
    assert {row["row"]: row["people"] for row in rows}[3] == 3


def test_it_says_what_it_met_and_looked_for_in_an_unknown_file(read):
    with pytest.raises(ReleaseProblem) as caught:
        read(headings="lieu|nombre|jour")
    assert "lieu, nombre, jour" in str(caught.value)
    assert "detention_facility_code" in str(caught.value)


def test_it_reads_a_file_of_headings_alone(read):
    report = read([])
    assert report.rows["population"] == 0


def test_it_refuses_files_that_are_cut_or_no_tables_and_writes_nothing(tmp_path):
    packed = gzip.compress("\n".join([HEADINGS, *DAYS * 500]).encode())
    (tmp_path / "cut.csv.gz").write_bytes(packed[:-40])
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and then nothing")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "latin.csv").write_bytes(f"{HEADINGS}\n".encode() + b"\xd1A|1|2030-01-01\n")
    for name in ("cut.csv.gz", "cut.parquet", "empty.csv", "latin.csv", "nowhere.csv"):
        with pytest.raises(ReleaseProblem, match=name):
            import_population([tmp_path / name], tmp_path / "out")
    assert not (tmp_path / "out").exists()


FACILITY_HEADINGS = "detloc|name|address|city|state|zip|capacity|date_of_first_use|over_72"


def test_it_reads_a_list_of_facilities_and_keeps_what_is_not_known(read):
    report = read(
        [
            "A|NORTH JAIL|1 MAIN|RENO|NV|2360|NA|9/14/2007|TRUE",
            "B|EAST|2 HILL|X|MA|123456|big|NA|NA",
        ],
        headings=FACILITY_HEADINGS,
    )
    first, second = pq.read_table(report.folder / "facilities.parquet").to_pylist()
    assert (first["zip"], first["capacity"], first["first_use"]) == (
        "02360",
        None,
        date(2007, 9, 14),
    )
    assert (first["over_72_hours"], second["over_72_hours"]) == (True, None)
    assert first["guaranteed_minimum"] is None
    assert second["zip"] is None
    assert "row 3, zip: '123456' is there" in report.summary()
    assert "row 3, capacity: 'big' is there" in report.summary()


def test_it_tells_a_facility_that_is_in_the_list_twice(read):
    line = "A|NORTH JAIL|1 MAIN|RENO|NV|2360|5|9/14/2007|TRUE"
    report = read([line, line, "|NAMELESS|1|X|NV|1|1|NA|NA"], headings=FACILITY_HEADINGS)
    assert "A is there in rows 2 and 3" in report.summary()
    assert [(row, why) for row, why, _ in report.lists[0].set_aside] == [
        (4, "it has no code of a facility")
    ]
    assert report.lists[0].rows == 3


@needs_real
def test_it_reads_both_real_daily_files_within_ten_seconds(tmp_path):
    started = time.process_time()
    report = import_population(sorted(REAL.iterdir()), tmp_path / "out")
    assert time.process_time() - started < 10
    assert report.rows["population"] == 888_699 + 928_231
    assert report.rows["facilities"] == 1_532
    by_name = {file.raw.path.suffix: file for file in report.daily}
    dense, sparse = by_name[".parquet"], by_name[".gz"]
    assert (dense.facilities, dense.tells_zeros, dense.missing) == (707, True, ())
    assert (sparse.facilities, sparse.tells_zeros, sparse.missing) == (977, False, ())
    assert [file.set_aside for file in report.daily] == [(), ()]
    table = pq.read_table(tmp_path / "out" / "population.parquet", columns=["day", "people"])
    on_day = table.filter(pa.compute.equal(table["day"], date(2023, 10, 1)))
    assert sum(on_day["people"].to_pylist()) == 36_756 + 36_379
