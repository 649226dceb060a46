"""The pages as people meet them: an old phone, a zoomed laptop, a keyboard, a screen reader."""

import functools
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from report_samples import docket, explanations_of, findings_of

from wayhome.programs import rulebook
from wayhome.report.explanation_text import case_text
from wayhome.report.index_page import PageEntry, index_page
from wayhome.report.page import page
from wayhome.report.summary import summary_of_findings

PHONE, SMALL_TABLET, ZOOMED, LAPTOP = 320, 480, 640, 1280  # 640 is a laptop at 200 % zoom
WIDTHS = (PHONE, SMALL_TABLET, ZOOMED, LAPTOP)

OPEN_ALL = "page.querySelectorAll('details').forEach((d) => { d.open = true; });"
TOO_WIDE = """
const width = page.documentElement.clientWidth;
const tooWide = [...page.querySelectorAll('body *')].filter((e) =>
  !e.closest('.scroll, .unseen, .skip') && e.getBoundingClientRect().right > width + 1);
return { width, scrolls: page.documentElement.scrollWidth > width,
         tooWide: tooWide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120)) };
"""
AXE_FINDS = """
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
if (!window.axe) window.loadAxe();
// Contrasts take most of the time, and are the same at every width.
const found = await axe.run(page, {
  runOnly: rules, resultTypes: ['violations'], preload: false,
  rules: { 'color-contrast': { enabled: window.innerWidth > 640 } } });
return { passes: found.passes.length, violations: found.violations.map((v) =>
  [v.impact, v.id, v.help, v.nodes[0].html.slice(0, 200)]) };
"""
FOCUS_ORDER = """
const focusable = [...page.querySelectorAll('a[href], summary, [tabindex="0"]')];
focusable[0].focus();
const first = { text: focusable[0].textContent, left: focusable[0].getBoundingClientRect().left };
return { first, outlined: focusable.slice(1, 6).every((e) => { e.focus();
  return getComputedStyle(e).outlineStyle !== 'none' || !e.matches(':focus-visible'); }),
  positive: page.querySelectorAll('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').length };
"""


def docket_page():
    return page(docket(programs=("return_home", "release")))


def spanish_docket_page():
    return page(docket(programs=("stay",)), language="es")


def people_page():
    return page(summary_of_findings("clients.csv", findings_of(), rulebook()))


def case_page():
    rules = ("return_home.in_absentia_no_notice", "release.tps_no_detention", "release.vulnerable")
    return case_text(findings_of("bernard"), explanations_of("bernard", *rules), style="html")


def first_page():
    return index_page([PageEntry("a.html", "A page", "What it shows.")])


@functools.cache
def synthetic_stores():
    """Two small dockets, the second with other cases, as their pages are made from."""
    from wayhome.sources.eoir.importing import import_release
    from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release

    folder = Path(tempfile.mkdtemp(prefix="wayhome-pages-"))
    return [
        import_release(
            write_release(folder / name, cases=cases, seed=3, tables=MAIN_TABLES),
            folder / f"SYNTHETIC-{name}",
        ).store
        for name, cases in (("old", 400), ("new", 450))
    ]


def written_by(*words):
    """The page that a command writes into the folder or file that stands last."""
    command = [sys.executable, "-c", "from wayhome.cli import main; main()", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = Path(words[-1]).parent.rglob("*.html")
    return made.read_text(encoding="utf-8")


def simulation_page():
    folder = Path(tempfile.mkdtemp(prefix="wayhome-pages-"))
    store = synthetic_stores()[0]
    return written_by("simulate", store, "--as-of", "2021-07-01", "--out", folder / "reach.html")


def changes_page():
    folder = Path(tempfile.mkdtemp(prefix="wayhome-pages-"))
    days = ("2021-01-01", "2021-08-01")
    store = synthetic_stores()[0]
    return written_by("rules", "diff", *days, "--cases", store, "--out", folder / "changes")


def ledger_page():
    folder = Path(tempfile.mkdtemp(prefix="wayhome-pages-"))
    return written_by("ledger", "compare", *synthetic_stores(), "--out", folder / "ledger")


PAGES = [
    docket_page,
    spanish_docket_page,
    people_page,
    case_page,
    first_page,
    simulation_page,
    changes_page,
    ledger_page,
]


@pytest.fixture(scope="module", params=PAGES, ids=lambda made: made.__name__)
def text(request):
    return request.param()


def test_it_fits_every_screen_without_moving_sideways(look, text):
    for width, found in look(text, OPEN_ALL + TOO_WIDE, WIDTHS).items():
        assert (found.get("scrolls"), found.get("tooWide")) == (False, []), (width, found)


def test_it_has_nothing_that_axe_objects_to(look, text):
    script = OPEN_ALL + AXE_FINDS
    for width, found in look(text, script, (PHONE, LAPTOP)).items():
        assert found.get("violations") == [], (width, found)
        assert found["passes"] > 20


def test_it_can_be_walked_with_a_keyboard(look, text):
    (found,) = look(text, FOCUS_ORDER, (LAPTOP,)).values()
    assert found["first"]["text"].startswith("Skip") or found["first"]["text"].startswith("Ir a")
    assert found["first"]["left"] >= 0
    assert found["outlined"]
    assert found["positive"] == 0
