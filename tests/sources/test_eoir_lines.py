"""One line at a time: which of the rules of the README is applied, and what comes of it."""

from dataclasses import replace

import pytest
from eoir_by_hand import CASES, CHARGES, PROCEEDINGS, line_of
from hypothesis import given
from hypothesis import strategies as st

from wayhome.sources.eoir.codes import codes_of
from wayhome.sources.eoir.layout import TABLES, Kind
from wayhome.sources.eoir.reading.lines import mend_line
from wayhome.sources.eoir.reading.values import CodeTables, fits, mend_value

LOOKUPS = {column.lookup for table in TABLES.values() for column in table.columns}
CODES = CodeTables({name: frozenset(codes_of(name)) for name in LOOKUPS if codes_of(name)})
CASE = {
    "IDNCASE": "1001",
    "ALIEN_CITY": "LOS ANGELES",
    "ALIEN_STATE": "CA",
    "ALIEN_ZIPCODE": "90012",
    "NAT": "HA",
    "LANG": "CRE",
    "CUSTODY": "N",
    "CASE_TYPE": "RMV",
    "E_28_DATE": "2020-01-02",
    "LATEST_HEARING": "2021-03-04",
    "LATEST_TIME": "0830",
    "C_BIRTHDATE": "5/1990",
    "Sex": "F",
    "LPR": "0",
}


def mend(raw, table=CASES):
    columns = TABLES[table].columns
    key = frozenset(TABLES[table].position(name) for name in TABLES[table].key)
    return mend_line(raw, columns, key, CODES)


def fields_of(raw):
    return tuple(raw.decode().split("\t"))


def test_it_takes_away_bytes_that_do_not_belong():
    raw = line_of(CASES, CASE)
    line = mend(raw.replace(b"ANGELES", b"ANG\x00EL\x7fES\r"))
    assert line.fields == fields_of(raw)
    assert line.faults == ("nul_or_control_bytes",)


def test_it_reads_what_is_not_utf8_as_latin1():
    line = mend(
        line_of(CASES, {**CASE, "ALIEN_CITY": "X"}).replace(
            b"X\t", "PEÑUELAS\t".encode("latin-1"), 1
        )
    )
    assert line.fields[1] == "PEÑUELAS"
    assert line.faults == ("not_utf8",)


def test_it_leaves_utf8_as_it_is():
    line = mend(line_of(CASES, {**CASE, "ALIEN_CITY": "PEÑUELAS"}))
    assert line.fields[1] == "PEÑUELAS"
    assert line.faults == ()


@pytest.mark.parametrize("blanks", [b"\t", b"\t\t", b"\t \t   "])
def test_it_drops_blank_fields_after_the_last(blanks):
    raw = line_of(CASES, CASE)
    line = mend(raw + blanks)
    assert line.fields == fields_of(raw)
    assert line.faults == ("trailing_overflow_blank",)


def test_it_moves_back_what_an_extra_tab_moved():
    fields = list(fields_of(line_of(CASES, CASE)))
    spoilt = [*fields[:6], "", *fields[6:]]
    line = mend("\t".join(spoilt).encode())
    assert list(line.fields) == fields
    assert line.faults == ("extra_tab_shift",)


def test_it_joins_a_city_that_a_tab_cut_in_two():
    raw = line_of(CASES, CASE)
    line = mend(raw.replace(b"LOS ANGELES", b"LOS\tANGELES"))
    assert line.fields == fields_of(raw)
    assert line.faults == ("extra_tab_shift",)


def test_it_moves_back_several_places_and_drops_the_rest_at_the_end():
    fields = list(fields_of(line_of(CASES, CASE)))
    spoilt = [*fields[:10], "", "", *fields[10:], ""]
    line = mend("\t".join(spoilt).encode())
    assert list(line.fields) == fields


def test_it_sets_aside_a_line_that_can_be_read_in_two_ways():
    # Without a postal code the state may as well be the second half of the city.
    fields = list(fields_of(line_of(CASES, {**CASE, "ALIEN_ZIPCODE": ""})))
    line = mend("\t".join([*fields[:6], "", *fields[6:]]).encode())
    assert line.fields is None
    assert line.faults == ("overlong_unrepairable",)


def test_it_sets_aside_a_line_with_words_between_its_fields():
    fields = list(fields_of(line_of(CASES, CASE)))
    spoilt = [*fields[:7], "1000", *fields[7:20], "SFR", *fields[20:]]
    line = mend("\t".join(spoilt).encode())
    assert line.fields is None
    assert line.faults == ("overlong_unrepairable",)


@pytest.mark.parametrize(("extra", "is_read"), [(8, True), (9, False)])
def test_it_takes_at_most_eight_fields_away(extra, is_read):
    line = mend(line_of(CASES, CASE) + b"\t" * extra)
    assert (line.fields is not None) == is_read


def test_it_fills_up_a_line_that_ends_early():
    line = mend(b"\t".join(line_of(CASES, CASE).split(b"\t")[:12]))
    assert len(line.fields) == len(TABLES[CASES].columns)
    assert line.faults == ("short_line",)


def test_it_sets_aside_a_line_that_ends_before_its_keys():
    assert mend(b"1\t2", CHARGES).fields is None
    assert mend(b"1\t2\t3", CHARGES).fields == ("1", "2", "3", "", "")


def test_it_sets_aside_a_line_in_which_fields_ran_together():
    fields = line_of(PROCEEDINGS, {"IDNPROCEEDING": "1", "IDNCASE": "2", "OSC_DATE": "2020-01-02"})
    first, second, rest = fields.split(b"\t", 2)
    line = mend(first + second + b"\t" + rest, PROCEEDINGS)
    assert line.fields is None
    assert line.faults == ("short_line_unrepairable",)


@given(place=st.integers(0, 38))
def test_it_undoes_a_blank_field_anywhere_or_sets_the_line_aside(place):
    fields = list(fields_of(line_of(CASES, CASE)))
    line = mend("\t".join([*fields[:place], "", *fields[place:]]).encode())
    assert line.fields is None or list(line.fields) == fields


@given(st.binary(max_size=400))
def test_it_makes_of_any_bytes_a_line_of_the_right_length_or_none(raw):
    line = mend(raw.replace(b"\n", b""))
    if line.fields is not None:
        assert len(line.fields) == len(TABLES[CASES].columns)
        assert not any("\x00" in field or "\t" in field for field in line.fields)


def column(name, table=CASES):
    return TABLES[table].column(name)


@pytest.mark.parametrize(
    ("name", "value", "text", "faults"),
    [
        ("NAT", "HA", "HA", ()),
        ("NAT", " HA ", "HA", ("padded",)),
        ("NAT", '""', None, ("quote_pair",)),
        ("NAT", ' "" ', None, ("padded", "quote_pair")),
        ("NAT", "N/A", None, ("not_available",)),
        ("NAT", "ha", "HA", ("code_lower_case",)),
        ("NAT", " ha", "HA", ("padded", "code_lower_case")),
        ("NAT", "Q9", "Q9", ()),
        ("NAT", "HAITI", None, ("value_of_another_kind",)),
        ("NAT", "0830", None, ("time_in_type_column",)),
        ("NAT", "2020-01-02 00:00:00.000", None, ("value_of_another_kind",)),
        ("NAT", "  ", None, ("padded",)),
        ("ALIEN_CITY", "2020-01-02 00:00:00.000", None, ("value_of_another_kind",)),
        ("ALIEN_CITY", "0830", "0830", ()),
        ("E_28_DATE", "2020-01-02 00:00:00.000", "2020-01-02 00:00:00.000", ()),
        ("E_28_DATE", "2020-01-02", "2020-01-02", ()),
        ("E_28_DATE", "0000-00-00 00:00:00.000", None, ("impossible_date",)),
        ("E_28_DATE", "2023-02-29 00:00:00.000", None, ("impossible_date",)),
        ("E_28_DATE", "2024-02-29 00:00:00.000", "2024-02-29 00:00:00.000", ()),
        ("E_28_DATE", "1974-12-31 00:00:00.000", None, ("impossible_date",)),
        ("E_28_DATE", "1975-01-01 00:00:00.000", "1975-01-01 00:00:00.000", ()),
        ("E_28_DATE", "2059-12-31 00:00:00.000", "2059-12-31 00:00:00.000", ()),
        ("E_28_DATE", "2060-01-01 00:00:00.000", None, ("impossible_date",)),
        ("E_28_DATE", "M", None, ("value_of_another_kind",)),
        ("DATE_OF_ENTRY", "1900-01-01 00:00:00.000", "1900-01-01 00:00:00.000", ()),
        ("DATE_OF_ENTRY", "1899-12-31 00:00:00.000", None, ("impossible_date",)),
        ("C_BIRTHDATE", "1/1900", "1/1900", ()),
        ("C_BIRTHDATE", "12/1899", None, ("impossible_date",)),
        ("C_BIRTHDATE", "13/1990", None, ("impossible_date",)),
        ("C_BIRTHDATE", "0/1990", None, ("impossible_date",)),
        ("C_BIRTHDATE", "1990", None, ("value_of_another_kind",)),
        ("LATEST_TIME", "2359", "2359", ()),
        ("LATEST_TIME", "2400", None, ("impossible_time",)),
        ("LATEST_TIME", "1260", None, ("impossible_time",)),
        ("LATEST_TIME", "830", None, ("value_of_another_kind",)),
        ("LPR", "Y", None, ("value_of_another_kind",)),
        ("RELEASE_MONTH", "00", "00", ()),
        ("RELEASE_MONTH", "123", None, ("value_of_another_kind",)),
        ("RELEASE_YEAR", "-1", "-1", ()),
        ("ALIEN_CITY", "٣", "٣", ()),
        ("RELEASE_YEAR", "٣", None, ("value_of_another_kind",)),
    ],
)
def test_it_mends_a_value_by_the_rules(name, value, text, faults):
    mended = mend_value(column(name), value, CODES)
    assert (mended.text, mended.faults) == (text, faults)


def test_it_leaves_the_padding_of_a_charge():
    mended = mend_value(column("CHARGE", CHARGES), "212a02Ai  II  ", CODES)
    assert (mended.text, mended.faults) == ("212a02Ai  II  ", ())
    assert not mended.is_outside_table


def test_it_counts_a_code_that_no_table_lists_and_leaves_it():
    assert mend_value(column("NAT"), "Q9", CODES).is_outside_table
    assert not mend_value(column("INMATE_HOUSING"), "Q9", CODES).is_outside_table


def test_it_respells_a_code_only_where_one_alone_comes_near():
    two = CodeTables({"tblLookupAlienNat": frozenset({"Ha", "hA"})})
    mended = mend_value(column("NAT"), "HA", two)
    assert mended.text == "HA"
    assert mended.is_outside_table


@given(st.text(max_size=30))
def test_it_never_keeps_a_value_that_does_not_fit(value):
    for kind in Kind:
        some = replace(column("NAT"), kind=kind, lookup="", width=4)
        mended = mend_value(some, value, CODES)
        assert mended.text is None or fits(some, mended.text)
