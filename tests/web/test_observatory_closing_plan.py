"""The page of the closing plan: what of it is printed by a source, and what is worked out."""

import csv
import io
import re
from math import ceil
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from tests.web.invented_record import FIELDS, PLAN, write_record

from wayhome.web.observatory.pages import forget_pages

PAGE = "/observatory/closing-plan/"
ROW = re.compile(r'<tr role="row"><th role="rowheader".*?</tr>', re.DOTALL)
CELL = re.compile(r'data-label="([^"]+)">(.*?)</td>', re.DOTALL)


@pytest.fixture
def get(tmp_path, settings, monkeypatch):
    """Pages of the packaged record, or of invented tables: `get(path, record=folder)`."""
    settings.HOME = tmp_path / "no-record-here"

    def page(path, record=None):
        monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
        if record:
            monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(record))
        forget_pages()
        answer = Client(SERVER_NAME="localhost").get(path)
        assert answer.status_code == 200, path
        return answer.content.decode("utf-8-sig")

    return page


def facility_rows(text):
    """The cells of each facility of the table, by their heading."""
    table = text.split('<h2 id="each">')[1].split("</table>")[0]
    return [dict(CELL.findall(row)) for row in ROW.findall(table)]


def link_of(cell):
    found = re.search(r'href="([^"]+)"', cell)
    return found[1].replace("&amp;", "&") if found else None


def words_of(cell):
    return re.sub(r"<[^>]+>", "", cell)


def test_people_and_minimums_lead_to_their_very_columns(get):
    rows = facility_rows(get(f"{PAGE}?case=most"))
    people, minimum = "People held at first", "Guaranteed minimum"
    assert len(rows) > 100
    assert all("column" in parse_qs(urlsplit(link_of(row[people])).query) for row in rows)
    told = [row[minimum] for row in rows if words_of(row[minimum]) != "not known"]
    assert len(told) > 40
    for cell in told[:6]:
        number = float(words_of(cell).replace(",", ""))
        assert shown_at(get, link_of(cell)) == number
    for row in rows[:6]:
        number = float(words_of(row[people]).replace(",", ""))
        assert ceil(shown_at(get, link_of(row[people]))) == number


def shown_at(get, link):
    """The number that the page of a cell shows as told by it."""
    (row,) = ROW.findall(get(link).split("<tbody")[-1])
    shown = dict(CELL.findall(row))["As it is told there"].split()[0]
    return float(shown.replace(",", ""))


def test_numbers_that_are_worked_out_say_so_and_lead_to_what_they_are_counted_from(get):
    text = get(f"{PAGE}?case=fewest")
    facts = text.split('<dl class="facts">')[1].split("</dl>")[0]
    shown = re.findall(r'<dd class="big"><a href="#each">([\d,]+)</a>', facts)
    assert 'id="each"' in text
    whole = csv.DictReader(io.StringIO(get(f"{PAGE}facilities.csv")))
    rows = [row for row in whole if row["case"] == "fewest"]
    sums = [
        sum(int(row[name] or 0) for row in rows) for name in ("people", "released", "moved_out")
    ]
    closed = [int(row["day_closed"]) for row in rows if row["day_closed"]]
    counted = [*sums, len(rows), len(rows) - len(closed), max(closed)]
    assert [int(number.replace(",", "")) for number in shown] == counted
    after = text.split("</dl>")[1].split("</p>")[0]
    assert "Worked out for this plan" in after
    assert 'href="#each"' in after
    assert "summary.csv" in after
    for part in ('<h2 id="beside">', '<h2 id="good">'):
        section = text.split(part)[1].split("</section>")[0]
        (line,) = re.findall("Worked out for this plan.*?</p>", section)
        assert ".csv" in line


def test_the_table_says_which_contracts_come_first(get):
    whole = csv.DictReader(io.StringIO(get(f"{PAGE}facilities.csv")))
    first = {(row["type"], row["asked_first"]) for row in whole}
    assert {("IGSA", "yes"), ("SPC", "no"), ("Other", "unknown")} <= first
    shown = {words_of(row["Contract"]) for row in facility_rows(get(PAGE))}
    assert {"IGSA, first", "SPC", "Other"} <= shown
    assert not {"SPC, first", "Other, first"} & shown


def test_a_number_that_somebody_set_for_the_plan_is_not_said_to_be_printed(get, tmp_path):
    plan = [{**PLAN["closing_plan"][0], "sheet": "Detention", "row": 12}, PLAN["closing_plan"][1]]
    printed = write_record(tmp_path / "printed", closing_plan=plan)
    harbor = facility_rows(get(PAGE, printed))[0]
    assert link_of(harbor["Guaranteed minimum"]).endswith("row=12&column=C")
    own = [{**plan[0], "guaranteed_minimum": 1500}, plan[1]]
    changed = write_record(tmp_path / "own", closing_plan=own, facility_fields=FIELDS)
    harbor = facility_rows(get(PAGE, changed))[0]
    assert harbor["Guaranteed minimum"] == "1,500"


@pytest.mark.parametrize("case", ["most", "fewest"])
def test_a_closing_that_releases_nobody_leaves_everybody_in_detention(get, case):
    text = get(f"{PAGE}?case={case}")
    table = text.split('<h2 id="beside">')[1].split("</table>")[0]
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table))
    held = [
        words_of(cell)
        for cell in re.findall(r"<td.*?</td>", rows["People in detention at the end"])
    ]
    assert held == [{"most": "0", "fewest": "10,687"}[case], "15,608"]
    assert "What this plan leaves open stays open there too" in text
