"""The reference pages come from the code, and the build fails when they lie."""

from pathlib import Path

import pytest

from wayhome.cli.generated_docs import pages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["vocabulary.md", "rulebook.md", "commands.md"])
def test_it_keeps_the_reference_pages_fresh(name):
    written = (ROOT / "docs" / "generated" / name).read_text(encoding="utf-8")
    assert written == pages()[name], "stale: run `make docs`"
