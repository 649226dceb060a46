"""What `wayhome demo` shows: published cases, with their sources."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
PUBLISHED_CASES = FOLDER / "published_cases.csv"
PUBLISHED_CASES_EXPECTED = FOLDER / "published_cases_expected.csv"
