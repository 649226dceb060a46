"""The reference pages come from the code, and the build fails when they lie."""

import re
from pathlib import Path

import pytest

from wayhome.cli.generated_docs import pages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["vocabulary.md", "rulebook.md", "commands.md"])
def test_it_keeps_the_reference_pages_fresh(name):
    written = (ROOT / "docs" / "generated" / name).read_text(encoding="utf-8")
    assert written == pages()[name], "stale: run `make docs`"


def links(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)


def test_it_has_no_dead_link():
    pages_of_prose = [p for p in ROOT.rglob("*.md") if not set(p.parts) & {".venv", "node_modules"}]
    dead = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in pages_of_prose
        for link in links(path)
        if "://" not in link and not (path.parent / link).exists()
    ]
    assert not dead


def test_it_tells_of_every_command(capsys):
    page = pages()["commands.md"]
    for command in (
        "demo",
        "screen",
        "explain",
        "template",
        "import eoir",
        "synth eoir",
        "rules check",
    ):
        assert f"## `wayhome {command}`" in page
