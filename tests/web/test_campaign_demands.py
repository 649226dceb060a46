"""Demands: status by rule at any day, evidence, notes that change nothing, own measures."""

import hashlib
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from PIL import Image

from wayhome.public_record.demands.demand import Status
from wayhome.public_record.record import open_record
from wayhome.public_record.series import every_series
from wayhome.web.audit.models import Event
from wayhome.web.campaign import demands, drawn, letters, standing
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import Demand, Evidence

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
DATED = date(2021, 3, 1)


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A small record with a series of which everything is known: 100 people, then 60, 40 and 70."""
    lines = [
        "id,publication,title,file,sha256,published,data_as_of,address,licence,synthetic",
        "own,test,A test,t.csv,00,2021-02-01,2021-02-01,,,yes",
        *(f"s{n},test,A test,t{n}.csv,0{n},{day},{day},,,yes" for n, day in enumerate(_DAYS)),
    ]
    (tmp_path / "sources.csv").write_text("\n".join(lines) + "\n")
    rows = ["series,since,on,value,unit,source,sheet,row,column,last_row,note"]
    rows.append("detained_total,,2021-02-01,100,people,own,,2,B,,")
    rows += [
        f"detained_total,,{day},{value},people,s{n},,3,B,,"
        for n, (day, value) in enumerate(zip(_DAYS, (90, 40, 150), strict=True))
    ]
    (tmp_path / "figures.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(tmp_path))
    return open_record(tmp_path)


_DAYS = ("2021-04-01", "2021-06-01", "2021-09-01")


@pytest.fixture
def demand(campaign):
    made = demands.write_demand(
        campaign.actor, campaign.organizer, campaign.letter, None, timezone.now(),
        words="Half of those in detention go home", words_es="La mitad vuelve a casa",
        slug="half", series="detained_total", direction="down", target=0.5,
        target_is="share of the baseline", owner="Harbor Clinic",
    )  # fmt: skip
    letters.open_text(campaign.actor, campaign.organizer, campaign.letter, timezone.now())
    with scope(organization=campaign.organization):
        made = Demand.objects.get(slug=made.slug)
        campaign.letter.versions.filter(number=1).delete()  # its first text has the demand
    _date(campaign, DATED, sent_before=True)
    return made


def _date(campaign, dated, **more):
    known_from = "a copy" if dated else ""
    letters.enter_date(
        campaign.actor, campaign.organizer, campaign.letter, dated, known_from, timezone.now(),
        **more,
    )  # fmt: skip


def _status(campaign, demand, record, on):
    with scope(organization=campaign.organization):
        campaign.letter.refresh_from_db()
        demand.letter = campaign.letter
        return standing.told_of(demand, record, on, "en").standing.status


def test_the_status_follows_the_day(campaign, demand, record):
    told = {
        date(2021, 3, 15): Status.TOO_EARLY,
        date(2021, 5, 1): Status.TOO_EARLY,
        date(2021, 6, 2): Status.KEPT,
        date(2021, 9, 2): Status.REVERSED,
    }
    for on, status in told.items():
        assert _status(campaign, demand, record, on) == status, on


def test_a_page_shows_the_status_of_the_day_that_is_asked_for(campaign, demand, record, client):
    for on, word in (("2021-06-02", "kept"), ("2021-09-02", "reversed")):
        page = client.get(f"{campaign.page}demands/half/", {"on": on}).content.decode()
        assert f'class="status {word}"' in page
        assert "/observatory/figure/detained_total/" in page  # a click to the source
    spanish = client.get(campaign.page.replace("/letters/", "/letters/es/"), {"on": "2021-06-02"})
    assert "La mitad vuelve a casa" in spanish.content.decode()
    assert "Day 93 of 100" in client.get(campaign.page, {"on": "2021-06-02"}).content.decode()


def test_the_timeline_tells_each_day_on_which_the_status_changed(campaign, demand, record, client):
    page = client.get(f"{campaign.page}timeline/", {"on": "2021-12-31"}).content.decode()
    for day, word in (("1 March 2021", "too early"), ("1 June 2021", "kept")):
        assert day in page
        assert word in page
    feed = client.get(f"{campaign.page}changes.atom").content.decode()
    assert "Half of those in detention go home: reversed" in feed


def test_without_a_date_nothing_is_counted(campaign, demand, record):
    letters.enter_date(
        campaign.actor, campaign.organizer, campaign.letter, None, "", timezone.now()
    )
    assert _status(campaign, demand, record, date(2021, 9, 2)) == Status.INCONCLUSIVE


def test_a_date_needs_where_it_is_known_from(campaign):
    with pytest.raises(CannotBe, match="known from"):
        letters.enter_date(
            campaign.actor, campaign.organizer, campaign.letter, DATED, " ", timezone.now()
        )


def test_a_date_before_the_text_was_opened_asks_once_more_and_the_former_date_stays(
    campaign, demand, record, client
):
    today = today_there()
    for wrong in (today + timedelta(days=2), date(2099, 1, 1)):
        with pytest.raises(CannotBe, match="future"):
            _date(campaign, wrong, sent_before=True)
    staff = Client()
    staff.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/date/"
    told = {"dated": "2021-02-01", "known_from": "another copy"}
    assert "tick that" in staff.post(address, told, follow=True).content.decode()
    campaign.letter.refresh_from_db()
    assert campaign.letter.dated == DATED
    staff.post(address, told | {"sent_before": "on"})
    for path in ("timeline/", "changes.atom", "days.ics"):
        page = client.get(f"{campaign.page}{path}").content.decode().replace("\r\n ", "")
        assert "Until then it was 1 March 2021" in page, path
        assert "entered here: 1 February 2021. Whoever keeps it says that it was sent" in page, path


def test_a_demand_has_no_status_before_its_text_was_opened(campaign, demand, record, client):
    campaign.change(said_sent_before=False)
    _opened(campaign, 2, datetime(2021, 5, 10, 12, tzinfo=UTC))
    half = f"{campaign.page}demands/half/"
    for path in ("", "press/", "embed/", "demands/half/"):
        page = client.get(f"{campaign.page}{path}", {"on": "2021-05-09"}).content.decode()
        assert 'class="status' not in page, path
        page = client.get(f"{campaign.page}{path}", {"on": "2021-06-02"}).content.decode()
        assert "kept" in page, path
    page = client.get(half, {"on": "2021-05-09"}).content.decode()
    assert "On this day the letter did not ask for this: text 2 does" in page
    letter = client.get(campaign.page, {"on": "2021-05-09"}).content.decode()
    assert "did not ask for anything here yet" in letter
    assert client.get(f"{half}picture.png", {"on": "2021-05-09"}).status_code == 404
    feed = client.get(f"{campaign.page}changes.atom").content.decode()
    assert "<published>2021-03-01T00:00:00+00:00</published>" in feed  # the letter's own day
    assert feed.count("go home: too early</title>") == 1
    assert "go home: kept" in feed
    campaign.change(said_sent_before=True)
    assert 'class="status too_early"' in client.get(half, {"on": "2021-05-09"}).content.decode()


def test_what_a_later_text_brings_is_not_dated_back(campaign, demand, record, client):
    """Also not for a letter that was sent before: only its first text was."""
    client.force_login(campaign.organizer.user)
    _add(client, campaign, "Be kind", "kind")
    letters.open_text(campaign.actor, campaign.organizer, campaign.letter, timezone.now())
    page = client.get(campaign.page, {"on": "2021-06-02"}).content.decode()
    assert "Half of those" in page
    assert "Be kind</a>" not in page
    assert "Be kind</a>" in client.get(campaign.page).content.decode()


@pytest.mark.parametrize("do", ["evidence", "note"])
def test_nothing_of_a_day_to_come_stands_beside_a_status(campaign, demand, record, client, do):
    client.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/change/"
    told = {"do": do, "on": "2099-01-01", "text": "Soon", "source": "Soon", "quote": "Soon"}
    page = client.post(address, told, follow=True).content.decode()
    assert "lies in the future" in page
    assert "Soon" not in page


def test_a_note_stands_beside_the_status_and_changes_nothing(campaign, demand, record, client):
    before = _status(campaign, demand, record, date(2021, 6, 2))
    client.force_login(campaign.organizer.user)
    client.post(
        f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/change/",
        {"do": "note", "on": "2021-06-01", "text": "We say that it is broken."},
    )
    page = client.get(f"{campaign.page}demands/half/", {"on": "2021-06-02"}).content.decode()
    assert "We say that it is broken." in page
    assert _status(campaign, demand, record, date(2021, 6, 2)) == before
    assert not {"status", "standing"} & {field.name for field in Demand._meta.get_fields()}


def test_a_note_that_is_taken_off_stands_nowhere_and_in_the_log(campaign, demand, record, client):
    staff = Client()
    staff.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/"
    told = {"do": "note", "on": "2021-06-01", "text": "Mistaken words"}
    staff.post(f"{address}change/", told)
    public = ["demands/half/", "timeline/", "changes.atom", "days.ics"]
    for path in public:
        assert "Mistaken words" in client.get(f"{campaign.page}{path}").content.decode(), path
    with scope(organization=campaign.organization):
        note = demand.notes.get()
    staff.post(f"{address}change/", {"do": "take off note", "note": note.pk})
    for path in public:
        assert "Mistaken words" not in client.get(f"{campaign.page}{path}").content.decode(), path
    assert "<strong>taken off</strong>" in staff.get(address).content.decode()
    event = Event.objects.get(deed="took a note off a demand")
    assert event.details["note"] == note.pk
    assert staff.post(f"{address}change/", {"do": "take off note", "note": "x"}).status_code == 404


def test_a_demand_without_a_measure_says_that_nothing_can_tell(campaign, record, client):
    made = demands.write_demand(
        campaign.actor, campaign.organizer, campaign.letter, None, timezone.now(),
        words="Be kind", slug="kind",
    )  # fmt: skip
    letters.open_text(campaign.actor, campaign.organizer, campaign.letter, timezone.now())
    with scope(organization=campaign.organization):
        made = Demand.objects.get(slug="kind")
    assert _status(campaign, made, record, date(2021, 6, 2)) == Status.INCONCLUSIVE


def test_a_demand_with_a_built_in_measure_says_in_spanish_no_words_that_nobody_signed(
    campaign, client
):
    own = {"words": "Empty the jail of our county", "slug": "jail", "known_as": "close_facilities"}
    write, actor, organizer = demands.write_demand, campaign.actor, campaign.organizer
    write(actor, organizer, campaign.letter, None, timezone.now(), **own)
    letters.open_text(actor, organizer, campaign.letter, timezone.now())
    spanish = campaign.page.replace("/letters/", "/letters/es/")
    for path in ("", "press/", "demands/jail/", "sign/"):
        page = client.get(f"{spanish}{path}").content.decode()
        assert 'lang="en">Empty the jail of our county' in page, path
        assert ">Cerrar los centros de detención y no usar prisiones" not in page, path
        assert ". Cerrar los centros" not in page, path
    with scope(organization=campaign.organization):
        demand = Demand.objects.get()
        said = standing.told_of(demand, open_record(), today_there(), "en").target_said
        assert said.startswith("Measure and target are those of the built-in demand “Close")
        demand.letter.slug = "hundred-days"
        said = standing.told_of(demand, open_record(), today_there(), "en").target_said
        assert said.startswith("The letter: nobody in a private prison")


def test_who_borrows_a_demand_does_not_borrow_the_days_of_its_letter(campaign, client):
    """Only the first letter of 2021 must be of certain months, by what else it asks for."""
    borrowed = {"words": "End 287(g)", "slug": "end", "known_as": "end_entanglement"}
    write, actor, organizer = demands.write_demand, campaign.actor, campaign.organizer
    write(actor, organizer, campaign.letter, None, timezone.now(), **borrowed)
    letters.open_text(actor, organizer, campaign.letter, timezone.now())
    for path in ("", "press/", "demands/end/"):
        page = client.get(campaign.page + path, {"suppose": "2026-03-01"}).content.decode()
        assert "Supposed, not known" in page, path
        assert "cannot be of that day" not in page, path
        assert "20 January 2021" not in client.get(campaign.page + path).content.decode(), path
    client.force_login(organizer.user)
    own = client.get(f"/campaign/{campaign.letter.pk}/").content.decode()
    assert "End 287(g)" in own
    assert "20 January 2021" not in own


def test_every_demand_of_the_first_letter_has_the_days_of_that_letter(campaign, demand, record):
    _date(campaign, None)
    with scope(organization=campaign.organization):
        own = Demand.objects.get()
        own.letter.slug = "hundred-days"
        said = standing.told_of(own, record, date(2022, 1, 1), "en").reason
        assert "from 20 January 2021 to 29 November 2021" in said
        returned = Demand(letter=own.letter, number=2, slug="r", known_as="chance_to_return")
        days = standing.measured_of(returned).letter_days
        assert days == (date(2021, 1, 20), date(2021, 11, 29))


def test_a_target_that_is_a_change_has_no_minus_beside_the_way_that_it_must_go(campaign):
    terms = {"known_as": "", "series": "detained_total", "target_is": "change from the baseline"}
    down = terms | {"direction": "down", "target": -5000.0}
    up = terms | {"direction": "up", "target": 5000.0}
    assert standing.measure_words(down, "en").endswith("must go down by 5,000 from the beginning")
    assert standing.measure_words(up, "en").endswith("must go up by 5,000 from the beginning")
    assert standing.measure_words(down, "es").endswith("debe bajar en 5,000 desde el principio")


def test_a_demand_without_a_baseline_says_what_measures_it_and_its_target(
    campaign, demand, record, client
):
    _date(campaign, None)
    page = client.get(f"{campaign.page}demands/half/").content.decode()
    assert "At the beginning" not in page
    assert "must go down to 50 % of what it was at the beginning" in page
    assert every_series()["detained_total"].title["en"] in page
    spanish = campaign.page.replace("/letters/", "/letters/es/")
    page = client.get(f"{spanish}demands/half/").content.decode()
    assert "debe bajar al 50 % de lo que era al principio" in page


def test_evidence_needs_a_quote_or_a_file_and_comes_back_as_it_was(
    campaign, demand, client, record
):
    client.force_login(campaign.organizer.user)
    change = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/change/"
    told = {"do": "evidence", "on": "2021-05-01", "source": "A page https://x.example"}
    client.post(change, told)
    picture = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(picture, "PNG")
    picture.seek(0)
    picture.name = "../../evil.html"
    client.post(change, told | {"file": picture})
    with scope(organization=campaign.organization):
        kept = Evidence.objects.get()
        assert kept.file_name == "A-page-https---x-example.pdf"  # pictures are kept as a PDF
        assert kept.pieces.count() > 1
    page = client.get(f"{campaign.page}demands/half/").content.decode()
    assert kept.file_name in page
    answer = client.get(f"{campaign.page}demands/half/evidence/{kept.pk}/")
    assert answer.content.startswith(b"%PDF")
    assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
    assert answer["Content-Disposition"].startswith("attachment")
    client.post(change, {"do": "take off evidence", "evidence": kept.pk})
    assert client.get(f"{campaign.page}demands/half/evidence/{kept.pk}/").status_code == 404
    assert Event.objects.filter(deed="removed evidence from a demand").exists()


def test_a_file_that_is_none_is_refused_with_a_sentence(campaign, demand, client, record):
    client.force_login(campaign.organizer.user)
    page = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/"
    bad = io.BytesIO(b"<html><script>alert(1)</script></html>")
    bad.name = "a.pdf"
    told = {"do": "evidence", "on": "2021-05-01", "source": "x", "file": bad}
    answer = client.post(f"{page}change/", told, follow=True)
    assert "Send a PDF" in answer.content.decode()
    with scope(organization=campaign.organization):
        assert not Evidence.objects.exists()


def test_a_demand_stays_on_a_letter_that_was_open(campaign, demand):
    with scope(organization=campaign.organization):
        demand.refresh_from_db()
        with pytest.raises(CannotBe, match="drop it from the next text"):
            demands.remove_demand(campaign.actor, campaign.organizer, demand, timezone.now())


def test_the_poster_and_the_pictures_show_the_day(campaign, demand, record, client):
    poster = client.get(f"{campaign.page}poster.pdf", {"on": "2021-06-02"})
    from pypdf import PdfReader

    text = PdfReader(io.BytesIO(poster.content)).pages[0].extract_text()
    text = " ".join(text.split())
    assert "Half of those in detention go home" in text
    assert "Source: A test" in text
    assert "kept" in text
    assert "93" in text
    for path in ("picture.png", "demands/half/picture.png"):
        answer = client.get(f"{campaign.page}{path}", {"on": "2021-06-02"})
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


@pytest.fixture
def words_of_picture(campaign, client, monkeypatch):
    """What can be read on the picture of the demand on a day: the same page, drawn as a PDF."""
    from pypdf import PdfReader

    drawn_as = drawn.compiled
    monkeypatch.setattr(
        drawn, "compiled", lambda source, shown, form: drawn_as(source, shown, "pdf")
    )

    def of(on, letters="letters", demand="half"):
        path = campaign.page.replace("letters/", f"{letters}/", 1)
        made = client.get(f"{path}demands/{demand}/picture.png", {"on": on}).content
        (page,) = PdfReader(io.BytesIO(made)).pages
        return " ".join(page.extract_text().split())

    return of


def test_the_picture_of_a_demand_says_what_its_status_rests_on(
    campaign, demand, record, words_of_picture
):
    text = words_of_picture("2021-06-02")
    for part in (
        *("Half of those in detention go home", "kept", "SYNTHETIC", "Source: A test"),
        *("At the beginning", "100 people", "1 February 2021"),
        *("Newest that can be compared", "40 people", "1 June 2021", "Target", "50 people"),
        *("Date of the letter: 1 March 2021.", "Day 93 of 100", "As of 2 June 2021"),
    ):
        assert part in text, part
    spanish = words_of_picture("2021-06-02", "letters/es")
    assert "La mitad vuelve a casa" in spanish
    assert "100 personas" in spanish
    assert "1 de febrero de 2021" in spanish


def test_the_picture_of_a_demand_that_nothing_tells_says_why(
    campaign, demand, record, words_of_picture
):
    campaign.change(dated=None)
    text = words_of_picture("2021-06-02")
    assert "inconclusive" in text
    assert "the date of the letter has not been entered" in text
    assert "Target" not in text
    campaign.change(dated=DATED)
    early = words_of_picture("2021-03-05")
    assert "100 people on 1 February 2021. No figure up to 5 March 2021" in early


def test_the_longest_words_of_a_demand_fit_on_its_picture(
    campaign, demand, record, words_of_picture
):
    actor, organizer, letter, now = (
        campaign.actor, campaign.organizer, campaign.letter, timezone.now()
    )  # fmt: skip
    demands.write_demand(
        actor, organizer, letter, None, now, words="transfers " * 49 + "THE END", slug="long",
        series="detained_total", direction="down", target=0.5, target_is="share of the baseline",
    )  # fmt: skip
    letters.write_text(actor, organizer, letter, "Dear Secretary,\n\nclose two.", "", now)
    letters.open_text(actor, organizer, letter, now)
    text = words_of_picture(today_there(), demand="long")
    assert "THE END" in text
    assert "Kept by" in text


def test_the_day_counter_ends_with_the_hundredth_day():
    clock = standing.Clock(DATED + timedelta(days=99), DATED)
    assert (clock.day, clock.left, clock.is_over) == (99, 1, False)
    last = standing.Clock(DATED + timedelta(days=100), DATED)
    assert (last.day, last.left, last.is_over) == (100, 0, False)
    assert last.due == last.on == date(2021, 6, 9)
    assert standing.Clock(DATED + timedelta(days=101), DATED).is_over


@pytest.mark.parametrize("path", ["", "demands/half/", "press/"])
def test_a_day_that_cannot_be_read_is_told(campaign, demand, record, client, path):
    for asked in ({"on": "4/9/2026"}, {"suppose": "soon"}):
        assert "cannot be read" in client.get(campaign.page + path, asked).content.decode()
    assert "cannot be read" not in client.get(campaign.page + path).content.decode()


def test_a_day_outside_of_what_is_looked_at_is_not_called_unreadable(
    campaign, demand, record, client
):
    for asked in ({"on": "1066-10-14"}, {"suppose": "2101-01-01"}):
        page = client.get(campaign.page, asked).content.decode()
        assert "Days from 2000 to 2100 can be looked at" in page
        assert "cannot be read" not in page
    spanish = client.get(campaign.page.replace("/letters/", "/letters/es/"), {"on": "1066-10-14"})
    assert "Se pueden ver los días de 2000 a 2100" in spanish.content.decode()
    last = client.get(campaign.page, {"on": "2100-12-31"}).content.decode()
    assert "can be looked at" not in last
    assert "As of 31 December 2100" in last


def test_every_page_says_the_same_last_day(campaign, demand, record, client):
    """The letter is of 1 March: day 100, the due day, is 9 June in both apps and in the files."""
    for path in ("", "demands/half/", "press/"):
        on_it = client.get(f"{campaign.page}{path}", {"on": "2021-06-09"}).content.decode()
        assert "Day 100 of 100" in on_it, path
        after = client.get(f"{campaign.page}{path}", {"on": "2021-06-10"}).content.decode()
        assert "The hundred days ended on 9 June 2021" in after, path
        assert "8 June" not in on_it + after
    calendar = client.get(f"{campaign.page}days.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20210609" in calendar
    observed = client.get("/observatory/", {"suppose": "2021-03-01", "on": "2021-06-09"})
    assert "Day 100 of 100. The hundred days last until 9 June 2021" in observed.content.decode()


def test_a_past_day_is_told_as_it_is_known_today(campaign, demand, record, client):
    """What was published later counts for the day that it tells of, and is said to be later."""
    sources = record.path / "sources.csv"
    told_late = "s1,test,A test,t1.csv,01,2022-01-01"
    sources.write_text(
        sources.read_text().replace("s1,test,A test,t1.csv,01,2021-06-01", told_late)
    )
    page = client.get(f"{campaign.page}demands/half/", {"on": "2021-06-09"}).content.decode()
    assert 'class="status kept"' in page
    assert "By what was known on 9 June 2021 itself, it was inconclusive" in page
    assert "1 June 2021</time>: Half of those in detention go home: kept" in page
    feed = client.get(f"{campaign.page}changes.atom").content.decode()
    assert "<published>2021-06-01T00:00:00+00:00</published>" in feed


def _change(client, campaign, demand, **more):
    told = {
        "words": demand.words, "words_es": demand.words_es, "slug": demand.slug, "owner": "",
        "known_as": "", "series": demand.series, "direction": demand.direction,
        "target": demand.target, "target_is": demand.target_is,
    }  # fmt: skip
    address = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/"
    return client.post(address, told | more, follow=True).content.decode()


def test_words_and_measure_change_with_a_new_text_only_and_its_day_is_public(
    campaign, demand, record, client
):
    """The measure of a broken demand is made easy: before that day it stays what it was."""
    campaign.fill_in()
    client.post(campaign.link(), {"version": "2"})
    asked = client.get(campaign.sign).content.decode()
    assert "Half of those in detention go home" in asked
    assert "must go down to 50 % of what it was at the beginning" in asked
    client.force_login(campaign.organizer.user)
    page = _change(client, campaign, demand, words="A little fewer", target="0.99")
    assert "kept for the next text" in page
    assert "A little fewer" in page  # waits
    with scope(organization=campaign.organization):
        assert Demand.objects.get().target == 0.5
    assert "A little fewer" not in client.get(campaign.page).content.decode()
    now = timezone.now()
    assert letters.open_text(campaign.actor, campaign.organizer, campaign.letter, now) == 1
    with scope(organization=campaign.organization):
        changed = Demand.objects.get()
        assert changed.target == 0.99
        changed.letter.refresh_from_db()
        then = standing.told_of(changed, record, date(2021, 5, 1), "en")
        assert then.words == "Half of those in detention go home"
        assert then.standing.target == 50  # not 99: nothing is dated back
        assert standing.told_of(changed, record, today_there(), "en").standing.target == 99
    timeline = client.get(f"{campaign.page}timeline/").content.decode()
    for path in ("timeline/", "changes.atom"):
        told = client.get(f"{campaign.page}{path}").content.decode()
        assert "the measure of “A little fewer” was changed from" in told, path
        assert "must go down to 99 % of what it was" in told
        assert "the words of a demand were changed from “Half of those" in told
    today = today_there()
    assert f"{today.day} {today:%B %Y}" in timeline
    assert "stand so since text 3" in client.get(f"{campaign.page}demands/half/").content.decode()


def test_a_closed_letter_keeps_its_demands_and_who_looks_after_one_may_change(
    campaign, demand, client, record
):
    letters.close_letter(campaign.actor, campaign.organizer, campaign.letter, timezone.now())
    client.force_login(campaign.organizer.user)
    assert "stay as they were signed" in _change(client, campaign, demand, words="Else")
    assert "short name stays" in _change(client, campaign, demand, slug="else")
    _change(client, campaign, demand, owner="Somebody else")
    with scope(organization=campaign.organization):
        assert Demand.objects.get().owner == "Somebody else"
        assert Demand.objects.get().words == demand.words


def _add(client, campaign, words, slug, **more):
    told = {
        "words": words, "words_es": "", "slug": slug, "owner": "", "known_as": "", "series": "",
        "direction": "", "target": "", "target_is": "number",
    }  # fmt: skip
    address = f"/campaign/{campaign.letter.pk}/demands/"
    return client.post(address, told | more, follow=True).content.decode()


def _leave(client, campaign, slug):
    address = f"/campaign/{campaign.letter.pk}/demands/{slug}/leave/"
    return client.post(address, follow=True).content.decode()


def _texts(campaign):
    with scope(organization=campaign.organization):
        return list(campaign.letter.versions.order_by("number"))


def test_a_demand_of_the_next_text_is_taken_out_before_that_is_opened(
    campaign, demand, record, client
):
    client.force_login(campaign.organizer.user)
    page = _add(client, campaign, "Be kind", "kind")
    assert "Take it out of the next text" in page
    before = len(_texts(campaign))
    assert "Be kind" not in _leave(client, campaign, "kind")
    assert len(_texts(campaign)) == before - 1  # it would change nothing: nobody is asked again
    now = timezone.now()
    with pytest.raises(CannotBe, match="open already"):
        letters.open_text(campaign.actor, campaign.organizer, campaign.letter, now)
    assert "changes nothing of this demand" in _leave(client, campaign, "kind")
    letters.write_text(
        campaign.actor, campaign.organizer, campaign.letter, "Dear Secretary, anew.", "", now
    )
    _add(client, campaign, "Be kind", "kind")
    _change(client, campaign, demand, words="A little fewer")
    _leave(client, campaign, "kind")
    assert "A little fewer" in _add(client, campaign, "", "x")  # the other change still waits
    letters.open_text(campaign.actor, campaign.organizer, campaign.letter, now)
    with scope(organization=campaign.organization):
        assert [one.words for one in Demand.objects.all()] == ["A little fewer"]
    assert _texts(campaign)[-1].text == "Dear Secretary, anew."


def test_a_changed_demand_stays_as_it_stands_if_the_change_is_taken_back(
    campaign, demand, record, client
):
    client.force_login(campaign.organizer.user)
    assert "Leave it as it stands" in _change(client, campaign, demand, target="0.9")
    before = len(_texts(campaign))
    assert "In the next text" not in _leave(client, campaign, "half")
    assert len(_texts(campaign)) == before - 1


def _opened(campaign, number, when):
    """As if a text had been opened then."""
    with scope(organization=campaign.organization):
        campaign.letter.versions.filter(number=number).update(opened_at=when)


def test_a_dropped_demand_was_signed_on_the_days_before_and_says_when_it_was_dropped(
    campaign, demand, record, client
):
    _opened(campaign, 2, datetime(2021, 3, 1, 12, tzinfo=UTC))
    campaign.fill_in()
    client.post(campaign.link(), {"version": "2"})
    client.force_login(campaign.organizer.user)
    address = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/"
    assert "Drop it from the next text" in client.get(address).content.decode()
    page = client.post(f"{address}change/", {"do": "drop"}, follow=True).content.decode()
    assert "Leave it in" in page
    assert "Drop it from the next text" not in page
    assert "Half of those in detention" in client.get(campaign.sign).content.decode()
    assert "No longer asked for" not in client.get(campaign.page).content.decode()
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    assert letters.open_text(actor, organizer, campaign.letter, now) == 1  # asked again
    _opened(campaign, 3, datetime(2021, 8, 15, 12, tzinfo=UTC))
    assert "Half of those in detention" not in client.get(campaign.sign).content.decode()

    half = f"{campaign.page}demands/half/"
    then = client.get(half, {"on": "2021-06-02"}).content.decode()
    assert 'class="status kept"' in then
    assert "does not ask for this any more" not in then
    after = client.get(half, {"on": "2021-09-02"}).content.decode()
    assert 'class="status' not in after
    assert "text 3, opened here on 15 August 2021, dropped it" in after
    assert "?on=2021-08-14" in after
    assert "Text 3 dropped a demand" in after  # among what happened
    assert "Text 3 dropped a demand" not in then
    letter = client.get(campaign.page, {"on": "2021-06-02"}).content.decode()
    assert 'class="status kept"' in letter
    for path in ("", "press/"):
        letter = client.get(f"{campaign.page}{path}", {"on": "2021-09-02"}).content.decode()
        assert 'class="status' not in letter, path
        assert "dropped by text 3 on 15 August 2021; signed until then" in letter, path
    spanish = client.get(campaign.page.replace("/letters/", "/letters/es/"))
    assert "Lo que ya no pide" in spanish.content.decode()
    assert client.get(f"{campaign.page}poster.pdf", {"on": "2021-06-02"}).status_code == 200
    assert client.get(f"{campaign.page}poster.pdf", {"on": "2021-09-02"}).status_code == 404
    assert client.get(f"{half}picture.png", {"on": "2021-09-02"}).status_code == 200

    timeline = client.get(f"{campaign.page}timeline/").content.decode()
    for told in (timeline, client.get(f"{campaign.page}changes.atom").content.decode()):
        assert "Text 3 dropped a demand, which was signed until then: Half of those" in told
        assert "Half of those in detention go home: kept" in told
        assert "Half of those in detention go home: reversed" not in told  # of 1 September
    assert "15 August 2021" in timeline


def test_a_dropped_demand_can_be_asked_for_again_under_its_number(campaign, demand, record, client):
    client.force_login(campaign.organizer.user)
    actor, organizer, now = campaign.actor, campaign.organizer, timezone.now()
    address = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/"
    client.post(f"{address}change/", {"do": "drop"})
    assert "In the next text" not in _leave(client, campaign, "half")
    client.post(f"{address}change/", {"do": "drop"})
    _add(client, campaign, "Be kind", "kind")
    letters.open_text(actor, organizer, campaign.letter, now)
    with scope(organization=campaign.organization):
        assert [(one.number, one.slug) for one in Demand.objects.all()] == [
            (1, "half"), (2, "kind")  # its number is nobody else's
        ]  # fmt: skip
    assert "No longer asked for" in client.get(address).content.decode()
    again = client.post(f"{address}change/", {"do": "drop"}, follow=True).content.decode()
    assert "does not have this demand" in again
    _change(client, campaign, demand, owner="Harbor Clinic", target="0.4")
    letters.open_text(actor, organizer, campaign.letter, now)
    page = client.get(campaign.page).content.decode()
    assert "No longer asked for" not in page
    assert "1. <a" in page
    told = client.get(f"{campaign.page}changes.atom").content.decode()
    assert "Asked for again, by text 4: Half of those" in told
    assert "since text 4" in client.get(f"{campaign.page}demands/half/").content.decode()


def test_a_closed_letter_drops_no_demand_and_a_lead_elsewhere_cannot(
    campaign, demand, record, client, member, other_clinic
):
    client.force_login(campaign.organizer.user)
    _add(client, campaign, "Be kind", "kind")
    letters.close_letter(campaign.actor, campaign.organizer, campaign.letter, timezone.now())
    address = f"/campaign/{campaign.letter.pk}/demands/{demand.pk}/"
    assert "Drop it" not in client.get(address).content.decode()
    refused = client.post(f"{address}change/", {"do": "drop"}, follow=True).content.decode()
    assert "stay as they were signed" in refused
    stranger = Client()
    stranger.force_login(member("organizer", other_clinic).user)
    assert stranger.post(f"{address}change/", {"do": "drop"}).status_code == 404
    kind = f"/campaign/{campaign.letter.pk}/demands/kind/leave/"
    assert stranger.post(kind).status_code == 404
    assert "Be kind" not in _leave(client, campaign, "kind")  # what waits can still be taken back


@pytest.mark.parametrize(
    ("direction", "target", "target_is"),
    [
        ("down", "120", "number"), ("up", "20", "number"), ("down", "1.5", "share of the baseline"),
        ("up", "-5", "change from the baseline"),
    ],
)  # fmt: skip
def test_a_target_that_lies_the_wrong_way_is_refused(
    campaign, demand, client, record, direction, target, target_is
):
    client.force_login(campaign.organizer.user)
    more = {"direction": direction, "target": target, "target_is": target_is}
    assert "that is the wrong way" in _change(client, campaign, demand, **more)


def test_the_page_to_confirm_shows_what_is_demanded(campaign, demand, record, client):
    campaign.fill_in()
    page = client.get(campaign.link()).content.decode()
    assert "Half of those in detention go home" in page
    assert "must go down to 50 %" in page


def test_a_figure_that_nothing_can_be_compared_with_is_not_called_comparable(
    campaign, demand, record, client
):
    figures = record.path / "figures.csv"
    kept = [
        row for row in figures.read_text().splitlines()
        if "2021-02-01" not in row and "2021-04-01" not in row
    ]  # fmt: skip
    figures.write_text("\n".join(kept) + "\n")
    for path in ("demands/half/", ""):
        page = client.get(f"{campaign.page}{path}", {"on": "2021-06-09"}).content.decode()
        assert "Newest figure" in page
        assert "Newest that can be compared" not in page
