"""The synthetic release as a whole: same seed same bytes, the layout, Count.txt, clean failure."""

import csv
import hashlib
import zipfile

import pytest

from wayhome.sources.eoir.layout import SYNTHETIC_PREFIX, TABLES, fault_key_of
from wayhome.sources.eoir.synthetic import MAIN_TABLES, ReleaseExists, write_release


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("release")
    write_release(place, cases=1000, seed=5)
    return place


@pytest.fixture(scope="module")
def release(place):
    return place / "SYNTHETIC-eoir-1000-seed5"


def lines_of(release, table):
    return (release / f"{SYNTHETIC_PREFIX}{TABLES[table].file_name}").read_bytes().split(b"\n")


def test_it_writes_the_same_bytes_for_the_same_seed(release, place, tmp_path):
    again = write_release(tmp_path, cases=1000, seed=5, threads=1)

    assert hashes(again) == hashes(release)
    assert fault_key_of(again).read_bytes() == fault_key_of(release).read_bytes()


def test_it_writes_the_same_bytes_on_one_thread_and_on_three(tmp_path):
    # More than one chunk of cases, so that the chunks could come out of order.
    one, three = (
        write_release(
            tmp_path / str(threads), cases=140_000, seed=2, tables=["tblAppeal"], threads=threads
        )
        for threads in (1, 3)
    )

    assert hashes(one) == hashes(three)


def test_it_writes_other_bytes_for_another_seed(release, tmp_path):
    other = write_release(tmp_path, cases=1000, seed=6)

    assert lines_of(other, "A_TblCase") != lines_of(release, "A_TblCase")


def test_it_says_synthetic_in_every_file_name(release):
    assert all(path.name.startswith("SYNTHETIC") for path in release.rglob("*") if path.is_file())


@pytest.mark.parametrize("table", TABLES)
def test_it_has_the_columns_of_the_layout_in_their_order(release, table):
    header = lines_of(release, table)[0].decode()

    assert tuple(header.split("\t")) == TABLES[table].column_names


def test_it_counts_the_rows_but_for_a_few_in_some_tables(release):
    counts = dict(
        line.split("\t")
        for line in (release / "SYNTHETIC_Count.txt").read_text("utf-8").splitlines()
    )

    off = {table: int(counts[table]) - (len(lines_of(release, table)) - 2) for table in TABLES}

    assert all(abs(difference) <= 3 for difference in off.values())
    assert 1 <= sum(difference != 0 for difference in off.values()) <= 9


def test_it_has_a_row_for_every_case(release):
    rows = len(lines_of(release, "A_TblCase")) - 2

    # One case stands twice: that is one of the faults.
    assert rows == 1000 + 1


def test_it_keeps_nul_bytes_in_some_code_tables(release):
    tables = list((release / "Lookup").iterdir())
    with_nul = [path for path in tables if b"\0" in path.read_bytes()]

    assert 0 < len(with_nul) < len(tables)


def test_it_names_no_judge(release):
    judges = (release / "Lookup" / "SYNTHETIC_tblLookupJudge.csv").read_text("utf-8")

    assert all("SYNTHETIC JUDGE" in line for line in judges.splitlines()[1:])


def test_it_writes_only_the_tables_asked_for_and_these_unchanged(release, tmp_path):
    part = write_release(tmp_path, cases=1000, seed=5, tables=["tblAppeal", "A_TblCase"])

    assert [path.name for path in sorted(part.glob("*.csv"))] == [
        "SYNTHETIC_A_TblCase.csv",
        "SYNTHETIC_tblAppeal.csv",
    ]
    assert lines_of(part, "tblAppeal") == lines_of(release, "tblAppeal")


def test_it_leaves_hearings_and_lawyers_out_of_the_main_tables():
    assert set(MAIN_TABLES) < set(TABLES)
    assert not {"tbl_schedule", "tbl_RepsAssigned"} & set(MAIN_TABLES)


def test_it_zips_the_folder_without_the_answers(tmp_path):
    release = write_release(tmp_path, cases=50, seed=1, zip_it=True)

    with zipfile.ZipFile(tmp_path / f"{release.name}.zip") as archive:
        names = set(archive.namelist())
        case = archive.read(f"{release.name}/SYNTHETIC_A_TblCase.csv")

    assert case == (release / "SYNTHETIC_A_TblCase.csv").read_bytes()
    assert names == {
        path.relative_to(tmp_path).as_posix() for path in release.rglob("*") if path.is_file()
    }


def test_it_reports_progress_up_to_the_true_number_of_rows(tmp_path):
    seen = []
    release = write_release(
        tmp_path,
        cases=140_000,
        seed=3,
        tables=["tblAppeal"],
        progress=lambda *told: seen.append(told),
    )

    rows = len(lines_of(release, "tblAppeal")) - 2
    assert [table for table, _, _ in seen] == ["tblAppeal"] * 3
    assert seen[-1][1:] == (rows, rows)
    assert sorted(done for _, done, _ in seen) == [done for _, done, _ in seen]


def test_it_leaves_nothing_behind_when_interrupted(tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_release(tmp_path, cases=200, seed=1, progress=interrupt)

    assert list(tmp_path.iterdir()) == []


def test_it_writes_nothing_over(release, place):
    before = hashes(release)

    with pytest.raises(ReleaseExists, match="SYNTHETIC-eoir-1000-seed5"):
        write_release(place, cases=1000, seed=5)

    assert hashes(release) == before


@pytest.mark.parametrize("cases", [0, -3])
def test_it_refuses_a_release_without_cases(tmp_path, cases):
    with pytest.raises(ValueError, match="1 to 20,000,000"):
        write_release(tmp_path, cases=cases, seed=1)


def test_it_names_the_tables_when_asked_for_an_unknown_one(tmp_path):
    with pytest.raises(ValueError, match=r"'A_TblCases'.*A_TblCase"):
        write_release(tmp_path, cases=10, seed=1, tables=["A_TblCases"])

    assert list(tmp_path.iterdir()) == []


def test_it_makes_a_release_of_a_single_case(tmp_path):
    release = write_release(tmp_path, cases=1, seed=1)

    assert len(lines_of(release, "A_TblCase")) == 1 + 1 + 1


def test_it_answers_with_lines_that_are_there(release, place):
    with fault_key_of(release).open(encoding="utf-8", newline="") as file:
        answers = list(csv.DictReader(file))

    assert answers
    for answer in answers:
        assert 1 <= int(answer["line"]) <= len(lines_of(release, answer["table"])) - 2
