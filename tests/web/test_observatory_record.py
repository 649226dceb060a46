"""The pages with an invented record: what is synthetic, unknown, in conflict, or broken says so."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime

import pytest
from tests.web.invented_record import FIELDS, FIGURES, TABLES, write_record

from wayhome.web.observatory import records
from wayhome.web.observatory.pages import forget_pages

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


@pytest.fixture(autouse=True)
def record(monkeypatch, tmp_path):
    folder = write_record(tmp_path / "record")
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
    monkeypatch.setattr(records, "_opened", None)
    forget_pages()
    return folder


def text_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_invented_data_says_so_on_every_page_and_picture(client):
    for path in ("", "facilities/harborga/", "detention/", "closing-plan/", "sources/"):
        assert 'class="synthetic"' in text_of(client, f"/observatory/{path}")
        assert "DATOS INVENTADOS" in text_of(client, f"/observatory/es/{path}")
    for path in ("chart/people.svg", "detention/map.svg", "facilities/harborga/population.svg",
                 "closing-plan/chart.svg", "closing-plan/map.svg"):  # fmt: skip
        assert "SYNTHETIC" in text_of(client, f"/observatory/{path}")
        assert "DATOS INVENTADOS" in text_of(client, f"/observatory/es/{path}")


def test_what_nobody_tells_is_not_known_and_never_none(client):
    text = text_of(client, "/observatory/facilities/nowhere/")
    assert "not known" in text
    assert not re.search(r"big\">\s*0", text)
    assert "The county is not known" in text
    assert "no se sabe" in text_of(client, "/observatory/es/facilities/nowhere/")


def test_values_that_differ_are_all_shown(client):
    text = text_of(client, "/observatory/facilities/harborga/")
    assert "Sources say different things" in text
    for number, row in (("1,600", "12"), ("1,500", "13")):
        assert re.search(rf'row={row}&[^"]*"[^>]*>{number}</a>', text)


def test_the_people_of_a_month_stand_on_the_page_of_their_rows(client):
    month = text_of(client, "/observatory/source/stats-2026/?row=5&last_row=32")
    for number, what in (("1,701", "People on average, over the days"), ("1,760", "fullest day")):
        assert number in month
        assert what in month
    assert "January 2026" in month
    assert "the rows of HARBORGA" in month
    assert "las filas de HARBORGA" in text_of(
        client, "/observatory/es/source/stats-2026/?row=5&last_row=32"
    )
    for place in ("row=5&last_row=33", "row=6", "row=6&last_row=32"):
        text = text_of(client, f"/observatory/source/stats-2026/?{place}", 404)
        assert "has nothing from this place" in text, place


def test_an_average_names_all_its_rows(client, record):
    average = {
        **FIELDS[0], "field": "population", "value": "1712.5", "row": 4, "last_row": 160,
        "sheet": "", "note": "at midnight, average of every day from 2025-10-01 to 2026-03-10",
    }  # fmt: skip
    write_record(record, facility_fields=[*FIELDS, average])
    forget_pages()
    text = text_of(client, "/observatory/facilities/harborga/")
    assert "rows 4 to 160" in text
    (link,) = set(re.findall(r'href="([^"]*row=4&[^"]*last_row=160[^"]*)">1,712', text))
    traced = text_of(client, link.replace("&amp;", "&"))
    assert "1712.5 (1,712" in traced


def test_the_days_of_a_facility_are_a_file_where_the_record_has_them(client, record):
    days = "/observatory/facilities/harborga/days.csv"
    assert client.get(days).status_code == 404
    assert "days.csv" not in text_of(client, "/observatory/facilities/harborga/")
    (record / "days").mkdir()
    (record / "days" / "harborga.csv").write_text(
        "day,people,source,row\n2026-01-31,1760,stats-2026,35\n"
    )
    forget_pages()
    for base in ("/observatory/", "/observatory/es/"):
        assert f"{base}facilities/harborga/days.csv" in text_of(
            client, f"{base}facilities/harborga/"
        )
        rows = text_of(client, f"{base}facilities/harborga/days.csv").split("\r\n")
        assert rows[0].endswith("day,people,counted,source,file,row,column")
        assert rows[1] == "2026-01-31,1760,,stats-2026,invented-2026.xlsx,35,"
    assert client.get("/observatory/facilities/nobody/days.csv").status_code == 404
    assert client.get("/observatory/facilities/orchardga/days.csv").status_code == 404


def test_a_county_from_a_zip_code_says_so(client):
    text = text_of(client, "/observatory/facilities/harborga/")
    assert "Stewart County" in text
    assert "No source tells the county" in text
    assert "No source tells the county" not in text_of(client, "/observatory/facilities/orchardga/")


def test_agreements_of_the_same_county_stand_beside_a_jail(client):
    assert "Orchard County Sheriff" in text_of(client, "/observatory/facilities/orchardga/")
    assert "Orchard County Sheriff" not in text_of(client, "/observatory/facilities/harborga/")
    assert "Orchard County Sheriff" in text_of(client, "/observatory/state/ga/")


def test_who_was_held_years_ago_is_not_counted_now(client):
    texas = text_of(client, "/observatory/state/tx/")
    assert "No facility with people is known" in texas
    listed = text_of(client, "/observatory/facilities/")
    assert "CLOSED JAIL" not in listed
    assert "CLOSED JAIL" in text_of(client, "/observatory/facilities/?all=1")
    assert "CLOSED JAIL" in text_of(client, "/observatory/facilities/?q=laredo")


def test_names_of_other_sources_find_a_facility(client):
    assert "facilities/harborga/" in text_of(client, "/observatory/facilities/?q=harbour+ctr")


def test_a_new_record_is_shown_at_once(client, record):
    assert "60,311" in text_of(client, "/observatory/detention/")
    changed = [dict(one) for one in FIGURES]
    changed[0]["value"] = 59000
    write_record(record, figures=changed)
    text = text_of(client, "/observatory/detention/")
    assert "59,000" in text
    assert "60,311" not in text


def test_a_broken_record_is_told_in_a_sentence_and_never_replaced_by_another(client, record):
    (record / "figures.csv").write_text("series,on\nx,not a day\n")
    (record / "sources.csv").write_text((record / "sources.csv").read_text() + "\n")
    response = client.get("/observatory/detention/")
    assert response.status_code == 503
    assert b"figures.csv of the record is not as declared" in response.content


def test_without_a_plan_the_page_says_so(client, record):
    write_record(record, **{name: [] for name in TABLES if name.startswith("closing_plan")})
    assert "has no closing plan" in text_of(client, "/observatory/closing-plan/")
    text_of(client, "/observatory/closing-plan/chart.svg", 404)


def test_the_closing_plan_tells_what_it_could_not_do_and_its_gap(client):
    text = text_of(client, "/observatory/closing-plan/")
    for part in ("1,740", "not emptied", "0.55%", "20 people cannot be released", "1,810"):
        assert part in text
    assert 'href="/observatory/facilities/harborga/"' in text
    ET.fromstring(text_of(client, "/observatory/closing-plan/map.svg"))


def test_a_source_shows_what_stands_at_a_place_and_no_more(client):
    at = "/observatory/source/stats-2026/"
    text = text_of(client, f"{at}?sheet=Detention&row=12&column=C")
    assert "1600" in text
    assert "60,311" not in text
    assert "60,311" in text_of(client, f"{at}?row=20")
    assert "nothing from this place" in text_of(client, f"{at}?row=999", 404)


def test_what_is_asked_is_shown_as_text(client):
    text = text_of(client, "/observatory/facilities/?q=<script>alert(1)</script>")
    assert "<script" not in text


# --- the demands ---


def make_letter(clinic, member, dated, *, open_to_all=True, slug="hundred-days"):
    from django_scopes import scope

    from wayhome.web.audit.chain import Actor
    from wayhome.web.campaign import demands, letters
    from wayhome.web.campaign.models import Letter

    own = Actor("test"), member("lead", clinic)
    now = datetime(2026, 4, 20, tzinfo=UTC)
    letter = letters.make_letter(
        *own, now, slug=slug, title="The letter", recipient="The Secretary", text="Text."
    )
    demands.write_demand(
        *own, letter, None, now, words="Release", slug="release", known_as="release_consideration"
    )
    if open_to_all:
        letters.open_text(*own, letter, now)
    with scope(organization=clinic):
        Letter.objects.filter(pk=letter.pk).update(dated=dated, dated_from="The letter's head.")
    return letter


DEMAND = "/observatory/demand/release_consideration/"


def status(text):
    return re.search(r'<p class="status (\w+)">', text).group(1)


def test_without_a_date_nothing_is_counted(client):
    text = text_of(client, DEMAND)
    assert status(text) == "inconclusive"
    assert "never guessed" in text


def test_a_reader_may_try_a_date_for_a_letter_that_tells_none(client, clinic, member):
    tried = text_of(client, f"{DEMAND}?suppose=2026-02-01&on=2026-04-15")
    assert status(tried) == "too_early"
    assert "as if the letter were of 1 February 2026" in tried
    assert "Day 73 of 100" in text_of(client, "/observatory/?suppose=2026-02-01&on=2026-04-15")
    rows = text_of(client, "/observatory/demands.csv?suppose=2026-02-01&on=2026-04-15")
    assert ",2026-02-01,2026-05-12,too early," in rows
    assert "cannot be read" in text_of(client, "/observatory/?suppose=soon")
    make_letter(clinic, member, date(2026, 1, 1))
    entered = text_of(client, f"{DEMAND}?suppose=2026-02-01&on=2026-04-15")
    assert "as if the letter" not in entered
    assert status(entered) != "too_early"


def test_the_status_follows_the_day_that_is_asked_for(client, clinic, member):
    make_letter(clinic, member, date(2026, 2, 1))
    early = text_of(client, f"{DEMAND}?on=2026-04-15")
    assert status(early) == "too_early"
    assert "Day 73 of 100" in early
    assert "2026-05-12" in text_of(client, f"{DEMAND}?on=2026-06-30")
    card = text_of(client, "/observatory/?on=2026-04-15")
    assert "Day 73 of 100" in card


def test_another_letter_that_asks_for_the_same_lends_no_date_and_no_evidence(
    client, clinic, member
):
    from django_scopes import scope

    from wayhome.web.campaign.models import Demand, Evidence

    letter = make_letter(clinic, member, date(2026, 2, 1), slug="lakes-four")
    with scope(organization=clinic):
        Evidence.objects.create(
            demand=Demand.objects.get(letter=letter), on=date(2026, 4, 1), source="A newspaper",
            quote="We close the jail.", added_at=datetime(2026, 4, 21, tzinfo=UTC),
        )  # fmt: skip
    text = text_of(client, DEMAND)
    assert "never guessed" in text
    assert "We close the jail." not in text


def test_a_letter_that_is_still_a_draft_dates_nothing(client, clinic, member):
    make_letter(clinic, member, date(2026, 2, 1), open_to_all=False)
    assert "never guessed" in text_of(client, DEMAND)


def test_a_date_that_is_entered_is_shown_at_once(client, clinic, member):
    assert "never guessed" in text_of(client, DEMAND)
    make_letter(clinic, member, date(2026, 2, 1))
    assert "never guessed" not in text_of(client, DEMAND)
    assert "2026-02-01" in text_of(client, DEMAND)


def test_evidence_and_notes_stand_beside_the_status_and_do_not_change_it(client, clinic, member):
    from django_scopes import scope

    from wayhome.web.campaign.models import Demand, DemandNote, Evidence

    letter = make_letter(clinic, member, date(2026, 2, 1))
    before = status(text_of(client, f"{DEMAND}?on=2026-04-15"))
    now = datetime(2026, 4, 21, tzinfo=UTC)
    with scope(organization=clinic):
        demand = Demand.objects.get(letter=letter)
        Evidence.objects.create(
            demand=demand, on=date(2026, 4, 1), source="A newspaper", quote="Nobody left.",
            added_at=now,
        )  # fmt: skip
        Evidence.objects.create(
            demand=demand, on=date(2026, 4, 1), source="Taken away", added_at=now, removed_at=now
        )
        DemandNote.objects.create(
            demand=demand, on=date(2026, 4, 2), text="We were told no.", written_at=now
        )
    text = text_of(client, f"{DEMAND}?on=2026-04-15")
    assert "Nobody left." in text
    assert "We were told no." in text
    assert "Taken away" not in text
    assert status(text) == before
