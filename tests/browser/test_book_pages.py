"""The book as people meet it: an old phone, a zoomed laptop, a keyboard, the search page."""

import re
import subprocess

import pytest
from test_pages import AXE_FINDS, FOCUS_ORDER, LAPTOP, OPEN_ALL, PHONE, TOO_WIDE, WIDTHS
from tests.browser.conftest import QUIETLY

from wayhome.book.site import contents_of, site, write_site
from wayhome.programs import FOLDER

PAGES = (
    *("index.html", "search.html", "citations.html", "vocabulary.html", "tables.html"),
    *("program/stay.html", "program/entanglement-whole.html", "table/bond_circuits.html"),
    *("table/tps.html", "fact/detained.html", "fact/case_id.html"),
    *("rule/stay.tps_protects.html", "rule/release.credible_fear_parole.html"),
    *("rule/return_home.bar_reentry.html", "rule/stay.haiti_halt.html"),
)
SEARCH = """
const box = page.getElementById('words');
const shown = (words) => { box.value = words; box.dispatchEvent(new Event('input'));
  return [...page.querySelectorAll('[data-entry]')].filter((e) => !e.hidden)
    .map((e) => e.textContent); };
return { all: shown('').length, haiti: shown('HAITI halt'), accents: shown('protección temporal'),
         plain: shown('proteccion temporal'), none: shown('xyzzy').length,
         told: page.getElementById('told').textContent,
         groups: [...page.querySelectorAll('[data-group]')].filter((g) => !g.hidden).length };
"""


@pytest.fixture(scope="module")
def contents():
    return contents_of(FOLDER)


@pytest.fixture(scope="module")
def files(contents):
    return site(contents)


def page_of(files, name):
    """A page with its style in it, as a frame without an address needs it."""
    assert name in files, f"{name} is not in the book any more; name another page of its kind"
    style = f"<style>{files['style.css']}</style>"
    return re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: style, files[name])


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_every_screen_without_moving_sideways(look, files, name):
    for width, found in look(page_of(files, name), OPEN_ALL + TOO_WIDE, WIDTHS).items():
        assert (found.get("scrolls"), found.get("tooWide")) == (False, []), (width, found)


@pytest.mark.parametrize("name", PAGES)
def test_it_has_nothing_that_axe_objects_to(look, files, name):
    script = OPEN_ALL + AXE_FINDS
    widths = (PHONE, LAPTOP)
    for width, found in look(page_of(files, name), script, widths).items():
        assert found.get("violations") == [], (width, found)
        assert found["passes"] > 20


@pytest.mark.parametrize("name", ["index.html", "rule/stay.tps_protects.html"])
def test_it_can_be_walked_with_a_keyboard(look, files, name):
    (found,) = look(page_of(files, name), FOCUS_ORDER, (LAPTOP,)).values()
    assert found["first"]["text"].startswith("Skip")
    assert found["first"]["left"] >= 0
    assert found["outlined"]
    assert found["positive"] == 0


def test_it_searches_without_a_server(look, files):
    (found,) = look(page_of(files, "search.html"), SEARCH, (LAPTOP,)).values()
    assert found["all"] > 300
    assert any("stay.haiti_halt" in text for text in found["haiti"])
    assert len(found["haiti"]) < 10
    assert found["accents"] == found["plain"] != []
    assert (found["none"], found["groups"]) == (0, 0)
    assert found["told"].startswith("0 of ")


def test_its_own_rules_of_security_let_style_and_search_through(chromium, contents, tmp_path):
    write_site(contents, tmp_path / "book")
    address = (tmp_path / "book" / "search.html").as_uri() + "?q=haiti"
    command = [chromium, *QUIETLY, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    assert re.search(r'id="told"[^>]*>\d+ of \d+ entries fit', printed.stdout)
    assert "Content Security Policy" not in printed.stderr
