"""Pages in a real browser, without a driver: Chromium loads a page of frames and prints it."""

import html
import json
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "spec"))  # report_samples

HERE = Path(__file__).parent
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


@pytest.fixture
def look(chromium, tmp_path):
    """Shows a page in frames of several widths; gives back what a script finds in each.

    The script is the body of an async function of `frame` (its window) and `page` (its document).
    """

    def run(page, script, widths, *, libraries=""):
        # The page itself forbids every script; only this copy lets the test look into it.
        open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
        frames = "".join(
            f'<iframe width="{w}" height="900" srcdoc="{html.escape(open_page)}"></iframe>'
            for w in widths
        )
        harness = (HERE / "harness.html").read_text(encoding="utf-8")
        harness = harness.replace("/*SCRIPT*/", script).replace("<!--FRAMES-->", frames)
        harness = harness.replace("/*LIBRARIES*/", json.dumps(libraries).replace("</", "<\\/"))
        path = tmp_path / "harness.html"
        path.write_text(harness, encoding="utf-8")
        return dict(zip(widths, _found(chromium, path, tmp_path / "profile"), strict=True))

    return run


def _found(chromium, path, profile):
    command = [chromium, *QUIETLY, f"--user-data-dir={profile}", "--window-size=1600,1000"]
    command += ["--virtual-time-budget=60000", "--dump-dom", path.as_uri()]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
    found = re.search(r'<pre id="found">(.*?)</pre>', printed.stdout, re.S)
    assert found, printed.stderr[-2000:]
    return json.loads(html.unescape(found.group(1)))
