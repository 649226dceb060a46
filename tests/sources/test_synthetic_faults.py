"""Every fault of the answer key is there, is decidable, and is the only thing wrong."""

import csv
import re
from collections import Counter, defaultdict
from datetime import datetime

import pytest

from wayhome.sources.eoir.layout import SYNTHETIC_PREFIX, TABLES, Kind, fault_key_of
from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release
from wayhome.sources.eoir.synthetic.injecting import rates_of
from wayhome.sources.eoir.synthetic.realignment import (
    codes_in_release,
    fits,
    is_clean,
    is_odd,
    read_long_line,
)
from wayhome.sources.eoir.synthetic.spoiling import FAULTS

ACTIONS = {
    "overlong_unrepairable": "set_aside",
    "short_line_unrepairable": "set_aside",
    "key_not_a_number": "set_aside",
    "duplicate_key_row": "set_aside",
    "code_outside_table": "loaded",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return write_release(tmp_path_factory.mktemp("faults"), cases=1500, seed=9)


@pytest.fixture(scope="module")
def answers(release):
    with fault_key_of(release).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def lines(release):
    return {
        name: (release / f"{SYNTHETIC_PREFIX}{table.file_name}").read_bytes().split(b"\n")
        for name, table in TABLES.items()
    }


def fields_of(line):
    try:
        return line.decode("utf-8").split("\t")
    except UnicodeDecodeError:
        return line.decode("latin-1").split("\t")


def unescaped(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text)


def of_fault(answers, *faults):
    chosen = [answer for answer in answers if answer["fault"] in faults]
    assert chosen
    return chosen


def test_it_puts_in_every_fault(answers):
    assert set(FAULTS) == {answer["fault"] for answer in answers}


@pytest.mark.parametrize("table", MAIN_TABLES)
def test_it_puts_the_gravest_faults_into_every_main_table(answers, table):
    found = {answer["fault"] for answer in answers if answer["table"] == table}

    assert found >= {
        "extra_tab_shift",
        "trailing_overflow_blank",
        "short_line",
        "nul_or_control_bytes",
        "key_not_a_number",
        "duplicate_key_row",
        "padded",
    }


def test_it_spoils_no_line_twice(answers):
    lines = Counter((answer["table"], answer["line"]) for answer in answers)

    assert set(lines.values()) == {1}


def test_it_says_what_is_done_with_each_fault(answers):
    for answer in answers:
        assert answer["action"] == ACTIONS.get(answer["fault"], "repaired")


def test_it_leaves_every_other_line_clean(lines, answers):
    spoilt = defaultdict(set)
    for answer in answers:
        spoilt[answer["table"]].add(int(answer["line"]))

    for name, table in TABLES.items():
        for number, line in enumerate(lines[name][1:-1], start=1):
            if number not in spoilt[name]:
                assert line.isascii()
                assert is_clean(table, line.decode().split("\t")), (name, number)


def test_it_puts_the_wrong_value_where_the_key_says(lines, answers):
    for answer in (a for a in answers if a["column"] and a["fault"] != "key_not_a_number"):
        table = TABLES[answer["table"]]
        fields = fields_of(lines[answer["table"]][int(answer["line"])])
        place = table.position(answer["column"])

        assert fields[place] == unescaped(answer["raw"])
        fields[place] = answer["right"]
        assert len(fields) == len(table.columns)
        if answer["fault"] != "code_outside_table":
            assert is_clean(table, fields)


def test_it_shifts_lines_so_that_the_rule_brings_them_back(lines, answers):
    for answer in of_fault(answers, "extra_tab_shift", "trailing_overflow_blank"):
        table = TABLES[answer["table"]]
        fields = fields_of(lines[answer["table"]][int(answer["line"])])

        taken = read_long_line(table, fields)

        assert len(fields) > len(table.columns)
        assert "\\t".join(taken.fields) == answer["right"]
        assert bool(taken.inside) == (answer["fault"] == "extra_tab_shift")
        assert is_clean(table, list(taken.fields))


def test_it_makes_overlong_lines_that_no_rule_brings_back(lines, answers):
    for answer in of_fault(answers, "overlong_unrepairable"):
        fields = fields_of(lines[answer["table"]][int(answer["line"])])

        assert read_long_line(TABLES[answer["table"]], fields) is None
        assert answer["right"] == ""


def test_it_cuts_short_lines_after_the_keys(lines, answers):
    for answer in of_fault(answers, "short_line"):
        table = TABLES[answer["table"]]
        fields = fields_of(lines[answer["table"]][int(answer["line"])])
        missing = len(table.columns) - len(fields)

        assert missing > 0
        assert all(fields[table.position(key)].isdigit() for key in table.key)
        assert "\\t".join([*fields, *[""] * missing]) == answer["right"]


def test_it_breaks_other_short_lines_beyond_repair(lines, answers):
    for answer in of_fault(answers, "short_line_unrepairable"):
        table = TABLES[answer["table"]]
        fields = fields_of(lines[answer["table"]][int(answer["line"])])
        has_keys = max(table.position(key) for key in table.key) < len(fields)
        pairs = zip(table.columns, fields, strict=False)

        assert len(fields) < len(table.columns)
        assert not (has_keys and all(fits(column, field) for column, field in pairs))


def test_it_repeats_a_line_right_after_itself(lines, answers):
    for answer in of_fault(answers, "duplicate_key_row"):
        number = int(answer["line"])

        assert lines[answer["table"]][number] == lines[answer["table"]][number - 1]


def test_it_writes_keys_that_are_no_numbers(lines, answers):
    for answer in of_fault(answers, "key_not_a_number"):
        table = TABLES[answer["table"]]
        fields = fields_of(lines[answer["table"]][int(answer["line"])])

        assert answer["column"] in table.key
        assert not fields[table.position(answer["column"])].isdigit()


def test_it_hides_bytes_in_values(lines, answers):
    for answer in of_fault(answers, "nul_or_control_bytes"):
        line = lines[answer["table"]][int(answer["line"])]

        assert re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", line)


def test_it_writes_some_lines_in_latin_1(lines, answers):
    for answer in of_fault(answers, "not_utf8"):
        with pytest.raises(UnicodeDecodeError):
            lines[answer["table"]][int(answer["line"])].decode("utf-8")


def test_it_writes_dates_that_cannot_be(answers):
    for answer in of_fault(answers, "impossible_date"):
        column = TABLES[answer["table"]].column(answer["column"])
        assert fits(column, answer["raw"])
        if column.kind is Kind.DATE:
            assert not is_possible(answer["raw"], column.name)


def is_possible(text, column):
    try:
        year = datetime.fromisoformat(text).year
    except ValueError:
        return False
    return (1900 if column.upper() == "DATE_OF_ENTRY" else 1975) <= year <= 2059


def test_it_writes_codes_that_no_table_lists(answers):
    for answer in of_fault(answers, "code_outside_table"):
        column = TABLES[answer["table"]].column(answer["column"])
        folded = {code.casefold() for code in codes_in_release(column.lookup)}

        assert is_odd(column, answer["raw"])
        assert answer["raw"].casefold() not in folded
        assert answer["right"] == answer["raw"]


def test_it_writes_lower_case_codes_of_one_meaning(answers):
    for answer in of_fault(answers, "code_lower_case"):
        column = TABLES[answer["table"]].column(answer["column"])
        listed = codes_in_release(column.lookup)

        assert answer["raw"] not in listed
        assert [c for c in listed if c.casefold() == answer["raw"]] == [answer["right"]]


def test_it_has_no_fault_at_rate_nought(tmp_path):
    release = write_release(tmp_path, cases=1500, seed=9, fault_rate=0)

    assert len(fault_key_of(release).read_text("utf-8").splitlines()) == 1
    for name, table in TABLES.items():
        path = release / f"{SYNTHETIC_PREFIX}{table.file_name}"
        rows = path.read_bytes().split(b"\n")[1:-1]
        keys = [row.split(b"\t")[table.position(table.key[0])] for row in rows]
        assert len(set(keys)) == len(keys), name
        assert (release / "SYNTHETIC_Count.txt").read_text("utf-8").count(f"{name}\t{len(rows)}\n")


def test_it_meets_the_real_rates_in_a_larger_release(tmp_path):
    release = write_release(tmp_path, cases=60_000, seed=4, tables=["B_TblProceeding"])
    with fault_key_of(release).open(encoding="utf-8", newline="") as file:
        found = Counter(answer["column"] for answer in csv.DictReader(file))

    rows = 76_500
    for rate in rates_of("B_TblProceeding"):
        if rate.column:
            assert found[rate.column] == pytest.approx(rows * rate.share, rel=0.35, abs=8)
    assert found["TRANSFER_TO"] > 1200
