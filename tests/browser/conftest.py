"""Pages in a real browser: one Chromium for all tests, driven by Playwright."""

import re
import shutil
import sys
from functools import wraps
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Locator, sync_playwright

sys.path.append(str(Path(__file__).parents[1] / "spec"))  # report_samples

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIETLY = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("Chromium is not installed (on Debian or Ubuntu: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def axe_source():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser(chromium):
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def whole_pages():
    """After a click or a key the next page is there as a whole before a test looks at it.

    Playwright waits until the next page has begun: on a busy machine a test saw half of it.
    """
    with pytest.MonkeyPatch.context() as patched:
        for deed in ("click", "press"):
            patched.setattr(Locator, deed, _until_loaded(getattr(Locator, deed)))
        yield


def _until_loaded(deed):
    @wraps(deed)
    def done(locator, *words, **options):
        deed(locator, *words, **options)
        locator.page.wait_for_load_state()

    return done


@pytest.fixture(scope="session")
def axe(axe_source):
    """For the start of every page: `window.loadAxe()` brings axe, where somebody asks for it.

    Handed to the browser once: to hand it over for each page took longer than what axe does.
    """
    return f"window.loadAxe = () => {{ {axe_source}; window.axe = axe; }};"


@pytest.fixture
def look(browser, axe):
    """Shows a page in several widths; gives back what a script finds in each.

    The script is the body of an async function of `page` (its document).
    """

    def run(text, script, widths):
        # The page itself forbids every script; only this copy lets the test look into it.
        open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        with browser.new_context(viewport={"width": widths[0], "height": 900}) as context:
            context.add_init_script(axe)
            shown = context.new_page()
            shown.route("**/*", lambda route: route.abort())
            shown.set_content(open_page)
            found = {}
            for width in widths:
                shown.set_viewport_size({"width": width, "height": 900})
                found[width] = shown.evaluate(f"async () => {{ const page = document; {script} }}")
            return found

    return run
