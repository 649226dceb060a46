"""What one cell may hold, and what is said about a cell that cannot be read."""

from datetime import date, datetime

import pytest

from wayhome.sources.case_files import CaseFileProblem, read_case_file


@pytest.fixture
def cell(tmp_path):
    """Read one cell of one fact."""

    def read(fact, text):
        path = tmp_path / "clients.csv"
        path.write_text(f"case_id\t{fact}\n17\t{text}\n", encoding="utf-8")
        return read_case_file(path).rows[0].facts.get(fact)

    return read


@pytest.fixture
def refusal(cell):
    """What is said about a cell that cannot be read."""

    def read(fact, text):
        with pytest.raises(CaseFileProblem) as problem:
            cell(fact, text)
        (fault,) = problem.value.faults
        assert (fault.file, fault.row, fault.column) == ("clients.csv", 2, fact)
        assert str(fault).startswith(f"clients.csv, row 2, column {fact}: ")
        return fault.message

    return read


@pytest.mark.parametrize(
    "text", ["yes", "YES", " Yes ", "true", "TRUE", "1", "si", "Sí", "SÍ", "si\u0301", "verdadero"]
)
def test_it_reads_yes_in_english_and_spanish(cell, text):
    assert cell("detained", text) is True


@pytest.mark.parametrize("text", ["no", "No", "NO ", "false", "False", "0", "falso", "FALSO"])
def test_it_reads_no_in_english_and_spanish(cell, text):
    assert cell("detained", text) is False


@pytest.mark.parametrize(
    "fact", ["detained", "birth_date", "prior_removals", "sex", "language", "transferred_at"]
)
@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_it_takes_an_empty_cell_for_not_known_and_never_for_no(cell, fact, text):
    assert cell(fact, text) is None


@pytest.mark.parametrize("text", ["y", "n", "unknown", "2", "-", "yes no", "10", "x", "✓"])
def test_it_refuses_what_is_neither_yes_nor_no(refusal, text):
    assert "neither yes nor no" in refusal("detained", text)
    assert "Leave the cell empty if it is not known." in refusal("detained", text)


def test_it_offers_the_nearest_yes_or_no(refusal):
    assert "Did you mean yes?" in refusal("detained", "yess")


def test_it_reads_a_day_and_the_first_of_a_month(cell):
    assert cell("birth_date", "1980-02-29") == date(1980, 2, 29)
    assert cell("birth_date", "1980-02") == date(1980, 2, 1)


@pytest.mark.parametrize("text", ["03/04/2019", "3/4/2019", "3-4-2019", "3.4.2019"])
def test_it_never_guesses_between_two_readings_of_a_date(refusal, text):
    message = refusal("birth_date", text)
    assert "2019-03-04" in message
    assert "2019-04-03" in message


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("25/03/2019", "Write 2019-03-25."),
        ("03/25/2019", "Write 2019-03-25."),
        ("04/04/2019", "Write 2019-04-04."),
        ("2019/03/25", "Write 2019-03-25."),
        ("2019-3-5", "Write 2019-03-05."),
        ("2019-03-25T14:30", "Write 2019-03-25."),
        ("43549", "format the column as a date"),
        ("2019-02-29", "there is no day 2019-02-29"),
        ("2019-00", "there is no day 2019-00"),
        ("1899-12-31", "outside 1900-01-01 to 2199-12-31"),
        ("2200-01-01", "outside 1900-01-01 to 2199-12-31"),
        ("25 March 2019", "year-month-day"),
        ("03/04/19", "year-month-day"),
        ("2019", "Write the month too, as 2019-03"),
        ("٢٠١٩-٠٣-٢٥", "year-month-day"),
        ("31/31/2019", "year-month-day"),
    ],
)
def test_it_says_what_a_date_should_be(refusal, text, right):
    assert right in refusal("birth_date", text)


@pytest.mark.parametrize("text", ["2021-01-15 14:30", "2021-01-15T14:30", "2021-01-15 14:30:00"])
def test_it_reads_a_date_and_time(cell, text):
    assert cell("detainer_issued_at", text) == datetime(2021, 1, 15, 14, 30)


@pytest.mark.parametrize(
    "text",
    ["2021-01-15", "14:30", "2021-01-15 14:30Z", "2021-01-15 14:30+02:00", "2021-01-15 2:30 PM"],
)
def test_it_refuses_a_time_without_a_day_a_day_without_a_time_and_a_zone(refusal, text):
    assert "2019-03-25 14:30, without a time zone" in refusal("detainer_issued_at", text)


def test_it_refuses_a_moment_that_never_was(refusal):
    assert "there is no moment" in refusal("detainer_issued_at", "2021-01-15 25:00")


def test_it_reads_a_count(cell):
    assert cell("prior_removals", "0") == 0
    assert cell("unlawful_presence_days", " 365 ") == 365


@pytest.mark.parametrize("text", ["-1", "1.5", "1,000", "two", "yes", "1e3", "9" * 5000, "٣"])
def test_it_refuses_what_is_no_count(refusal, text):
    assert "whole number of 0 or more" in refusal("prior_removals", text)


def test_it_reads_the_words_of_a_category_however_they_are_joined(cell):
    assert cell("manner_of_entry", "without_inspection") == "without_inspection"
    assert cell("manner_of_entry", "Without inspection") == "without_inspection"
    assert cell("judicial_circuit", "9") == "9"
    assert cell("judicial_circuit", "dc") == "DC"


def test_it_offers_the_nearest_word_of_a_category(refusal):
    message = refusal("manner_of_entry", "inspectd")
    assert "Did you mean inspected?" in message
    assert "paroled" in message


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Haiti", "Write HT for Haiti."),
        ("haití", "Write HT for Haiti."),
        ("Hati", "Write HT for Haiti."),
        ("HTI", "Write HT for Haiti."),
        ("ht", "Write HT for Haiti."),
        ("Burma", "Write MM for Myanmar."),
        ("México", "Write MX for Mexico."),
        ("Turkey", "Write TR for Türkiye."),
        ("UK", "Write GB for United Kingdom."),
        ("USA", "Write US for United States."),
        ("no", "Write NO for Norway."),
        ("ZZ", "two capital letters of ISO 3166-1"),
        ("Atlantis beneath the sea", "two capital letters of ISO 3166-1"),
    ],
)
def test_it_takes_country_codes_only_and_says_which_one_is_meant(cell, refusal, text, advice):
    assert cell("country_of_citizenship", "HT") == "HT"
    assert advice in refusal("country_of_citizenship", text)


@pytest.mark.parametrize("text", ["SP", "es", "es-MX", "CRE", "quc", "zh-Hant-TW"])
def test_it_takes_a_language_of_the_courts_or_of_bcp_47(cell, text):
    assert cell("language", text) == text


@pytest.mark.parametrize("text", ["???", "Spanish", "e", "es_MX", "español"])
def test_it_refuses_what_is_no_language_code(refusal, text):
    assert "as SP, es or es-MX" in refusal("language", text)


def test_it_keeps_text_and_tidies_its_spaces(cell):
    assert cell("detention_facility", "  Baker  County\u00a0Jail ") == "Baker County Jail"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * 201, "201 characters"),
        ("N/A", "Leave the cell empty"),
        ("#REF!", "error of the spreadsheet"),
        ("Baker\u200bJail", "U+200B"),
        ("Baker\x07Jail", "U+0007"),
    ],
)
def test_it_refuses_text_that_says_nothing_or_hides_something(refusal, text, reason):
    assert reason in refusal("detention_facility", text)


def test_it_shows_a_long_value_cut_short_and_hidden_characters_as_codes(refusal):
    assert len(refusal("detained", "x" * 100_000)) < 250
    assert "\\u200b" in refusal("detained", "yes\u200b")
