"""Months: an average is of a month and not of a day, of which of its days; nobody is not unknown."""

import re
from datetime import date

import pytest
from tests.web.invented_record import FIGURES, SOURCES, write_record

from wayhome.web.observatory import records
from wayhome.web.observatory.facility_page import months_of, population_chart
from wayhome.web.observatory.pages import forget_pages
from wayhome.web.observatory.series_charts import chart_of, series_design
from wayhome.web.observatory.wording import say

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
HARBOR = "/observatory/facilities/harborga/"
MONTHS = [
    {"facility": "harborga", "month": "2022-10-01", "last_month": "2025-02-01", "average": 0,
     "most": 0, "days": 882, "source": "daily", "row": 10, "last_row": 891},
    {"facility": "harborga", "month": "2025-03-01", "average": 70, "most": 80, "days": 31,
     "source": "daily", "row": 892, "last_row": 922},
    {"facility": "harborga", "month": "2025-04-01", "average": 65, "most": 70, "days": 10,
     "source": "daily", "row": 923, "last_row": 932},
    {"facility": "harborga", "month": "2022-04-01", "average": 14.13, "most": 20, "days": 15,
     "source": "counts", "row": 5, "last_row": 32},
]  # fmt: skip
DAILY = [
    {**SOURCES[0], "id": id, "publication": publication}
    for id, publication in (("daily", "population"), ("counts", "headcount"))
]
JANUARY = {
    **FIGURES[0], "series": "people_midnight_month", "since": "2026-01-01", "on": "2026-01-31",
    "value": 71929, "row": 60, "last_row": 90,
}  # fmt: skip
# The file ends before the month does.
OCTOBER = {
    **JANUARY, "series": "private_or_jail_midnight_month", "since": "2025-10-01",
    "on": "2025-10-28",
}  # fmt: skip
TAKEN_IN = {**JANUARY, "series": "book_ins_month", "since": "2026-02-01", "on": "2026-02-28"}
YEAR = {**FIGURES[0], "series": "removals_year", "since": "2025-10-01", "on": "2026-04-02"}


@pytest.fixture(autouse=True)
def record(monkeypatch, tmp_path):
    folder = write_record(
        tmp_path / "record",
        sources=[*SOURCES, *DAILY],
        facility_population=MONTHS,
        figures=[OCTOBER, JANUARY, TAKEN_IN, YEAR, FIGURES[0]],
    )
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    monkeypatch.setattr(records, "_opened", None)
    forget_pages()
    return folder


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def rows_of(text):
    """The cells of each row of the tables of a page, without their marks."""
    rows = re.findall(r"<tr[ >].*?</tr>", text, flags=re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_a_month_says_over_how_many_of_its_days_it_is(client):
    rows = {row[0]: row[1:4] for row in rows_of(text_of(client, HARBOR))}
    assert rows["April 2022"] == ["14.1", "only 15 of 30 days", "20"]
    assert rows["March 2025"] == ["70", "all 31 days", "80"]
    assert rows["April 2025"] == ["65", "only 10 of 30 days", "70"]
    spanish = text_of(client, HARBOR.replace("observatory/", "observatory/es/"))
    assert "solo 15 de 30 días" in spanish
    assert "los 31 días" in spanish


def test_months_with_nobody_are_a_row_of_0_and_what_is_not_known_is_none(client):
    told = [row[:4] for row in rows_of(text_of(client, HARBOR)) if row[0].count("20") in (1, 2)]
    months = [row[0] for row in told if re.match(r"[A-Z][a-z]+ 20\d\d", row[0])]
    assert months == ["April 2025", "March 2025", "October 2022 – February 2025", "April 2022"]
    (nobody,) = [row for row in told if row[0].startswith("October 2022")]
    assert nobody[1:] == ["0", "all 882 days", "0"]


def test_it_says_for_each_way_of_counting_what_a_day_without_a_row_means(client, record):
    text = text_of(client, HARBOR)
    assert "nobody can tell which" in text
    assert "So 0 is nobody" in text
    write_record(record, sources=[*SOURCES, *DAILY], facility_population=MONTHS[:3])
    forget_pages()
    assert "nobody can tell which" not in text_of(client, HARBOR)


def test_the_chart_has_zeros_where_nobody_was_and_hollow_points_for_parts(client):
    opened = records.record_at_hand()
    chart = population_chart(opened, "Harbor", months_of(opened, "harborga"), "en")
    counts, daily = chart.lines
    assert daily.points[:2] == [(date(2022, 10, 16), 0), (date(2022, 11, 15), 0)]
    assert daily.points[28:30] == [(date(2025, 2, 14), 0), (date(2025, 3, 16), 70)]
    assert len(daily.points) == 31
    assert (counts.parts, daily.parts) == ({date(2022, 4, 15)}, {date(2025, 4, 15)})
    picture = text_of(client, f"{HARBOR}population.svg")
    assert picture.count('fill="#ffffff" stroke=') == 2
    assert "April 2025: 65 people on average, over only 10 of 30 days." in picture
    assert "Averages of months: each stands at the middle of its month." in picture


def test_the_file_of_months_tells_both_ends_and_the_days_of_the_calendar(client):
    lines = text_of(client, f"{HARBOR}population.csv").split("\r\n")
    assert "2022-10-01,2025-02-01,,0,0,882,882,daily,10,891" in lines
    assert "2022-04-01,,,14.13,20,15,30,counts,5,32" in lines


def test_the_rows_of_months_with_nobody_say_both_months(client):
    text = text_of(client, "/observatory/source/daily/?row=10&last_row=891")
    assert "October 2022 – February 2025" in text


@pytest.mark.parametrize(
    ("language", "month", "when", "heading"),
    [("", "January 2026", "in January 2026", "Month"),
     ("es/", "enero de 2026", "en enero de 2026", "Mes")],
)  # fmt: skip
def test_an_average_of_a_month_is_dated_by_its_month(client, language, month, when, heading):
    chart = text_of(client, f"/observatory/{language}chart/people/")
    assert f"71,929 {when}" in chart
    assert f'scope="col">{heading}</th>' in chart
    assert f">{month}</time>" in chart
    for path in ("source/stats-2026/?row=60&last_row=90", "figures/",
                 "figure/people_midnight_month/2026-01-31/"):  # fmt: skip
        text = text_of(client, f"/observatory/{language}{path}")
        assert f">{month}</time>" in text, path
        assert f"31 {'de ' if language else ''}{month}</time>" not in text, path


def test_what_covers_more_than_a_month_says_its_first_and_last_day(client):
    chart = text_of(client, "/observatory/chart/series-removals_year/")
    assert "from 1 October 2025 to 2 April 2026" in chart
    assert 'scope="col">Day or days</th>' in chart
    day = text_of(client, "/observatory/chart/series-detained_total/")
    assert "on 5 April 2026" in day
    assert 'scope="col">Day</th>' in day


def drawn_on(series):
    opened = records.record_at_hand()
    chart = chart_of(opened, series_design(opened, series), "en")
    return [on for line in chart.lines for on, _ in line.points]


def test_what_is_told_of_a_month_is_drawn_at_its_middle_and_all_else_at_its_last_day():
    assert drawn_on("people_midnight_month") == [date(2026, 1, 16)]
    assert drawn_on("private_or_jail_midnight_month") == [date(2025, 10, 16)]
    assert drawn_on("book_ins_month") == [date(2026, 2, 14)]
    assert drawn_on("removals_year") == [date(2026, 4, 2)]
    assert drawn_on("detained_total") == [date(2026, 4, 5)]


@pytest.mark.parametrize(
    ("series", "says", "says_not"),
    [
        ("people_midnight_month", "averages_of_months", "counts_of_months"),
        ("book_ins_month", "counts_of_months", "averages_of_months"),
    ],
)
def test_a_caption_says_whether_months_are_averages_or_counts(client, series, says, says_not):
    for language, path in (("en", ""), ("es", "es/")):
        address = f"/observatory/{path}chart/series-{series}"
        for text in (text_of(client, f"{address}/"), text_of(client, f"{address}.svg")):
            assert say(language, f"charts.{says}") in text
            assert say(language, f"charts.{says_not}") not in text
    for other in ("removals_year", "detained_total"):
        assert "of months" not in text_of(client, f"/observatory/chart/series-{other}/")


def test_the_files_of_a_figure_name_its_month(client):
    for path in ("series/people_midnight_month", "chart/people",
                 "figure/people_midnight_month/2026-01-31"):  # fmt: skip
        lines = text_of(client, f"/observatory/{path}.csv").split("\r\n")
        assert any(
            line.startswith("people_midnight_month,January 2026,2026-01-01,2026-01-31,71929,")
            for line in lines
        ), path
    spanish = text_of(client, "/observatory/es/series/people_midnight_month.csv")
    assert ",enero de 2026,2026-01-01," in spanish
    page = text_of(client, "/observatory/figure/people_midnight_month/2026-01-31/")
    assert ", January 2026 ·" in page[page.index("<title>") : page.index("</title>")]
