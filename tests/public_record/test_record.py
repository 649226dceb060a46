"""The record as a folder: opened, refused, read as declared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.public_record.records import a_figure, a_record, a_source

from wayhome.public_record.publishing.folder import write_tables
from wayhome.public_record.record import RecordProblem, open_record
from wayhome.public_record.schema import Type
from wayhome.public_record.series import every_series
from wayhome.public_record.tables import BY_NAME, TABLES

ON = date(2030, 1, 31)
ROWS = {
    "sources": [a_source("one", ON), a_source("two", ON, data_as_of=ON, synthetic=True)],
    "figures": [
        a_figure("people", ON, 12.5, "two", since=date(2030, 1, 1), row=3, column="B"),
        a_figure("people", date(2029, 12, 31), 10, "one", note="=added"),
    ],
}


def test_it_gives_back_what_was_written(tmp_path: Path) -> None:
    record = a_record(tmp_path, ROWS)
    first, second = record.series("people")
    assert (first.on, first.value, first.note) == (date(2029, 12, 31), 10, "=added")
    assert (second.since, second.row, second.column) == (date(2030, 1, 1), 3, "B")
    assert record.source_of(second).synthetic
    assert record.is_synthetic()
    assert not record.source_of(first).synthetic
    assert record.series("nothing") == ()


def test_it_says_which_sources_could_be_known_when(tmp_path: Path) -> None:
    rows = {"sources": [a_source("none"), a_source("data", data_as_of=ON), *ROWS["sources"]]}
    known = {id: source.known_from for id, source in a_record(tmp_path, rows).sources.items()}
    assert known == {"none": None, "data": ON, "one": ON, "two": ON}


def test_it_has_no_rows_of_a_table_that_is_not_there(tmp_path: Path) -> None:
    record = a_record(tmp_path, ROWS)
    assert record.tables == ("sources", "figures")
    assert record.table("facilities").num_rows == 0
    assert record.table("facilities").column_names == list(BY_NAME["facilities"].names)


def test_it_refuses_a_folder_that_is_no_record_and_a_table_that_none_has(tmp_path: Path) -> None:
    with pytest.raises(RecordProblem, match="is no public record"):
        open_record(tmp_path)
    with pytest.raises(RecordProblem, match="No record has a table 'figure'"):
        a_record(tmp_path, ROWS).table("figure")


def test_it_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    record = a_record(tmp_path, ROWS)
    path = tmp_path / "figures.csv"
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("12.5", "twelve"), "utf-8")
    with pytest.raises(RecordProblem, match=r"figures\.csv of the record is not as declared"):
        open_record(tmp_path).series("people")
    path.write_text(whole.replace("12.5", ""), "utf-8")
    with pytest.raises(RecordProblem, match=r"figures\.csv .* without value"):
        open_record(tmp_path).series("people")
    path.write_text(whole.replace("value", "worth"), "utf-8")
    with pytest.raises(RecordProblem, match=r"figures\.csv"):
        open_record(tmp_path).series("people")
    path.write_text(whole.replace(",one,", ",three,"), "utf-8")
    opened = open_record(tmp_path)
    with pytest.raises(RecordProblem, match="its source 'three' is not in sources"):
        opened.source_of(opened.series("people")[0])
    assert record.tables


def test_it_has_another_edition_when_anything_is_another(tmp_path: Path) -> None:
    first = a_record(tmp_path / "a", ROWS).edition
    assert a_record(tmp_path / "b", ROWS).edition == first
    other = {**ROWS, "figures": [*ROWS["figures"], a_figure("people", ON, 1, "one")]}
    assert a_record(tmp_path / "c", other).edition != first


def test_it_refuses_a_number_without_a_source(tmp_path: Path) -> None:
    for row in (
        a_figure("people", ON, 1, "three"),
        {**a_figure("people", ON, 1, ""), "source": None},
    ):
        with pytest.raises(RecordProblem, match="source"):
            write_tables(tmp_path, {**ROWS, "figures": [row]})


def test_it_declares_every_column_once_and_every_series_in_two_languages() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    for table in TABLES:
        assert len(set(table.names)) == len(table.names)
    for series in every_series().values():
        assert set(series.title) == {"en", "es"}


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).filter(
    lambda text: text == text.strip() and text != ""
)


@given(st.lists(texts, min_size=1, max_size=4), st.floats(-1e9, 1e9))
def test_it_keeps_any_text(
    tmp_path_factory: pytest.TempPathFactory, notes: list[str], value: float
) -> None:
    rows = [a_figure("people", ON, value, "one", note=note, row=i) for i, note in enumerate(notes)]
    folder = tmp_path_factory.mktemp("record")
    found = a_record(folder, {**ROWS, "figures": rows}).table("figures").to_pylist()
    assert [row["note"] for row in found] == notes
    assert found[0]["value"] == pytest.approx(value, abs=1e-4)
    assert BY_NAME["figures"].columns[3].type is Type.NUMBER
