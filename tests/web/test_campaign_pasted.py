"""A pasted list: who does not sign yet is set aside with the reason; kinds are shown and chosen."""

import html
import re

import pytest
from django_scopes import scope

from wayhome.web.campaign import pasting

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

PASTED = """National organizations:
Harbor Legal Aid
NOT YET: Hope Clinic
Lakes United (pending board approval)
> Please add us too
> River Alliance

Pending:
Brook Coalition

Confirmed:
Fern Coalition
"""


def _rows(campaign, text=PASTED, **told):
    with scope(organization=campaign.organization):
        found = pasting.preview(campaign.letter, text, **told)
    return {row.number: row for row in found.rows}


def _send(campaign, client, **told):
    client.force_login(campaign.organizer.user)
    form = {"text": PASTED, "how_known": "an e-mail", "lines": ""}
    return client.post(f"/campaign/{campaign.letter.pk}/paste/", form | told)


def _chosen(page, line):
    select = re.search(rf'<select name="kind_{line}".*?</select>', page, re.S)[0]
    return re.findall(r'value="(\w*)" selected', select)


def test_who_does_not_sign_yet_is_ticked_out_and_the_page_says_why(campaign, client):
    rows = _rows(campaign)
    assert [n for n, row in rows.items() if row.stays_out] == [3, 4, 5, 9]
    page = html.unescape(_send(campaign, client).content.decode())
    for said in ("NOT YET", "pending", "Pending"):
        assert f"does not sign yet, perhaps (“{said}”)" in page
    for line in (3, 4, 5, 9):  # shown, and a person may take the tick away
        assert f'aria-label="Leave out line {line}" checked' in page
    assert 'aria-label="Leave out line 6">' in page


@pytest.mark.parametrize(
    "said",
    ["we should also ask Ana about the clinic", "I think Casa will sign tomorrow", "Hope Clinic (?)",
     "Hope Clinic?"],
)  # fmt: skip
def test_what_was_said_or_is_in_question_is_ticked_out(campaign, said):
    assert _rows(campaign, f"Harbor Legal Aid\n{said}\n")[2].stays_out


@pytest.mark.parametrize(
    "name", ["We Are All America", "Justice for us all", "mijente", "Us Too Families United"]
)
def test_a_name_with_such_words_stays_in(campaign, name):
    assert not _rows(campaign, f"Harbor Legal Aid\n{name}\n")[2].stays_out


def test_a_line_that_is_corrected_signs(campaign):
    rows = _rows(campaign, corrections={3: ("Hope Clinic", "")})
    assert not rows[3].stays_out


def test_the_kind_of_each_line_is_shown_and_can_be_chosen(campaign, client):
    page = _send(campaign, client).content.decode()
    assert _chosen(page, 2) == _chosen(page, 6) == ["national"]
    assert _chosen(page, 12) == []  # "Confirmed:" ended it
    changed = {"kind_2": "", "kind_6": "local", "kind_12": "state"}
    page = _send(campaign, client, do="compare", **changed).content.decode()
    assert (_chosen(page, 2), _chosen(page, 6), _chosen(page, 12)) == ([], ["local"], ["state"])
    answer = _send(campaign, client, do="take", out=[3, 4, 5, 9], **changed)
    assert answer.status_code == 302
    assert {one.name: one.kind for one in campaign.signatures()} == {
        "Harbor Legal Aid": "", "River Alliance": "local", "Fern Coalition": "state"
    }  # fmt: skip


def test_a_kind_that_there_is_not_changes_nothing(campaign, client):
    changed = {"kind_2": "galactic", "kind_x": "local", "kind_-1": "local"}
    assert _chosen(_send(campaign, client, do="compare", **changed).content.decode(), 2) == [
        "national"
    ]


def test_a_kind_of_two_is_kept_while_nobody_chooses(campaign):
    text = "State and local groups:\nHarbor Legal Aid"
    assert _rows(campaign, text, kinds={2: ""})[2].signatories[0].kind == "state and local"
    assert _rows(campaign, text, kinds={2: "state"})[2].kind == "state"


PLEA = "Please also add us:"


@pytest.mark.parametrize(
    ("line", "plea"),
    [
        (f"> {PLEA} Sisters of Mercy of Flint", PLEA), ("Also: Hope Clinic", "Also:"),
        ("Add us too: Hope Clinic", "Add us too:"), ("Por favor, incluyan a: Casa Luz",
        "Por favor, incluyan a:"), ("Please Touch Museum: Flint", ""),
        ("Sign Language Center: Flint", ""), ("Hope Clinic: Flint", ""),
    ],
)  # fmt: skip
def test_a_plea_before_a_name_is_ticked_out_with_the_reason(campaign, client, line, plea):
    text = f"Harbor Legal Aid\n{line}\n"
    row = _rows(campaign, text)[2]
    assert (row.plea, row.stays_out) == (plea, bool(plea))
    page = html.unescape(_send(campaign, client, text=text).content.decode())
    assert (f"“{plea}” is no part of the name" in page) is bool(plea)


def test_a_name_that_a_plea_was_taken_out_of_comes_in(campaign, client):
    text = f"Harbor Legal Aid\n{PLEA} Sisters of Mercy of Flint\n"
    told = {"text": text, "name_1": "Harbor Legal Aid", "name_2": "Sisters of Mercy of Flint"}
    page = _send(campaign, client, do="compare", **told).content.decode()
    assert "is no part of the name" not in page
    compared = '{"2": ["Sisters of Mercy of Flint", ""]}'
    assert _send(campaign, client, do="take", compared=compared, **told).status_code == 302
    names = {one.name for one in campaign.signatures()}
    assert names == {"Harbor Legal Aid", "Sisters of Mercy of Flint"}


TWO = "Harbor Legal Aid\nMother's Circle\nMothers Circle, Detroit, MI\nHarbor Legal Aid\n"
ONE = {"pair_one": "Mother's Circle", "pair_other": "Mothers Circle", "pair_0": "same"}


def test_what_is_to_come_in_and_what_came_in_add_up(campaign, client):
    page = html.unescape(_send(campaign, client, text=TWO).content.decode())
    assert "3 to come in, 1 left out" in page
    page = _send(campaign, client, text=TWO, do="compare", out=[4], **ONE).content.decode()
    assert "2 to come in, 2 left out" in page
    client.force_login(campaign.organizer.user)
    form = {"text": TWO, "how_known": "x", "lines": "", "do": "take", "out": [4], **ONE}
    answer = client.post(f"/campaign/{campaign.letter.pk}/paste/", form, follow=True)
    said = html.unescape(answer.content.decode())
    assert "2 came in; 2 were left out. Of those left out, 2 repeat another name: " in said
    assert "“Mothers Circle, Detroit, MI”; “Harbor Legal Aid”." in said


def test_the_first_of_two_that_are_one_has_the_place_of_the_second(campaign, client):
    _send(campaign, client, text=TWO, do="take", out=[4], **ONE)
    places = {one.name: one.place for one in campaign.signatures()}
    assert places == {"Harbor Legal Aid": "", "Mother's Circle": "Detroit, MI"}


def test_a_place_that_somebody_took_away_does_not_come_back(campaign, client):
    text = "Harbor Legal Aid, Flint, MI\nHarbor Legal Aid, Detroit, MI\n"
    told = {"text": text, "name_1": "Harbor Legal Aid", "place_1": "", "out": [2]}
    told |= {"pair_one": "Harbor Legal Aid", "pair_other": "Harbor Legal Aid", "pair_0": "same"}
    _send(campaign, client, do="take", compared='{"1": ["Harbor Legal Aid", ""]}', **told)
    assert [(one.name, one.place) for one in campaign.signatures()] == [("Harbor Legal Aid", "")]


def test_two_hundred_lines_to_correct_can_be_sent_back(campaign, client):
    text = "\n".join(f"Invented Group {number}" for number in range(200))
    fields = {
        f"{field}_{line}": "" for line in range(1, 201) for field in ("name", "place", "kind")
    }
    pairs = {f"pair_{number}": "" for number in range(500)}
    answer = _send(campaign, client, text=text, do="compare", **fields, **pairs)
    assert answer.status_code == 200
