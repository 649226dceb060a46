"""What the words of a list mean: its headings, states, models, agency types, counties and dates."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from urllib.parse import parse_qs, urlparse

from wayhome.sources.printed_text import cleaned

# Section 287(g) became law on this day: no agreement can be older.
ENACTED = date(1996, 9, 30)

UNKNOWN = re.compile(r"#?n/?\.?a\.?!?|#ref!|#value!|[-–—.?]*|none|null|unknown|tbd", re.IGNORECASE)
TOTAL = re.compile(r"(grand |sub)?totals?\b", re.IGNORECASE)

# Days written as text: month first, as ICE writes them, or the year first; a mark may be missing.
MONTH_FIRST = re.compile(r"(\d{1,2})[/.\-\s]?(\d{1,2})[/.\-\s]?(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[ T]00:00:00)?")
EXCEL_DAY_ZERO = date(1899, 12, 30)

# What each column is, by the words of its heading: the first line that fits.
HEADINGS: tuple[tuple[str, frozenset[str]], ...] = (
    ("addendum", frozenset({"addendum", "addenda"})),
    ("signed", frozenset({"signed", "signature", "executed", "date"})),
    ("model", frozenset({"support", "model", "program", "models"})),
    ("agency_type", frozenset({"type", "kind"})),
    ("agency", frozenset({"agency", "agencies", "lea"})),
    ("county", frozenset({"county", "counties", "parish"})),
    ("state", frozenset({"state", "states"})),
    ("memorandum", frozenset({"moa", "moas", "mou", "memorandum", "agreement", "link"})),
)

MODELS = (
    ("tribal task force", re.compile(r"\btribal\b", re.IGNORECASE)),
    ("task force", re.compile(r"(?<!tribal )\btask ?force\b|\btfm\b", re.IGNORECASE)),
    ("jail enforcement", re.compile(r"\bjail\b|\bdetention model\b|\bjem\b", re.IGNORECASE)),
    ("warrant service officer", re.compile(r"\bwarrant\b|\bwso\b", re.IGNORECASE)),
)

AGENCY_TYPES = (
    ("tribe", re.compile(r"\btrib", re.IGNORECASE)),
    ("county", re.compile(r"\b(county|parish)\b", re.IGNORECASE)),
    ("municipality", re.compile(r"\b(municipal|city|town)", re.IGNORECASE)),
    ("state", re.compile(r"\bstate\b", re.IGNORECASE)),
)


def known(text: str) -> str | None:
    """The text, or None where it only says that nothing is known: "N/A", "#NA", "-", empty."""
    return None if UNKNOWN.fullmatch(text) else text


def heading_meaning(text: str) -> str | None:
    """What a column holds, by the words of its heading; None for a heading of no known meaning."""
    words = frozenset(re.findall(r"[a-z]+", text.casefold()))
    return next((field for field, any_of in HEADINGS if words & any_of), None)


@cache
def state_codes() -> dict[str, str]:
    """The two letters of each state and territory by its name, and by themselves, lower case."""
    text = resources.files(__package__).joinpath("states.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    by_name = {row["state"].casefold(): row["code"] for row in rows}
    return by_name | {row["code"].casefold(): row["code"] for row in rows}


def state_code(text: str) -> str | None:
    return state_codes().get(" ".join(text.casefold().replace(".", "").split()))


@cache
def state_names() -> dict[str, str]:
    """The name of each state and territory by its two letters."""
    text = resources.files(__package__).joinpath("states.csv").read_text(encoding="utf-8")
    return {row["code"]: row["state"] for row in csv.DictReader(text.splitlines())}


def state_name(code: str) -> str:
    """A state's name by its two letters; letters of none stay as they are."""
    return state_names().get(code, code)


def models_of(text: str) -> tuple[str, ...]:
    """The models that a cell names; a model of another name stands as it is written."""
    found = tuple(name for name, pattern in MODELS if pattern.search(text))
    return found or (text.casefold().removesuffix(" model"),)


def agency_type(text: str | None) -> str | None:
    """County, municipality, state or tribe; another type stands as it is written."""
    if text is None:
        return None
    found = (name for name, pattern in AGENCY_TYPES if pattern.search(text))
    return next(found, text.casefold())


def is_known_model(model: str) -> bool:
    return any(model == name for name, _ in MODELS)


def county_key(text: str) -> str:
    """By what a county is known again: "St. Johns Co.", "SAINT JOHNS COUNTY" are one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("&", " and "))
    words = ["saint" if word in ("st", "ste") else word for word in words]
    if len(words) > 1 and words[-1] in ("county", "conty", "cnty", "cty", "co", "parish"):
        words.pop()
    return "".join(words)


def day_of(value: object) -> tuple[date | None, str]:
    """The day that a cell holds, and what had to be mended to read it (empty: nothing).

    A day kept as a number counts from 1899-12-30, as Excel does. None with a reason for what is
    no day; None without one for an empty cell.
    """
    if isinstance(value, datetime):
        return value.date(), ""
    if isinstance(value, date):
        return value, ""
    if isinstance(value, bool):
        return None, f"{value} is no date"
    if isinstance(value, int | float):
        return _day_of_number(value)
    text = cleaned(value)
    if known(text) is None:
        return None, ""
    for pattern, order in ((YEAR_FIRST, (1, 2, 3)), (MONTH_FIRST, (3, 1, 2))):
        if match := pattern.fullmatch(text):
            try:
                day = date(*(int(match[place]) for place in order))
            except ValueError:
                break
            return day, f"the text {text!r} was read as {day}"
    return None, f"{text!r} is no date; 05/08/2025 would be"


def _day_of_number(value: float) -> tuple[date | None, str]:
    try:
        day = EXCEL_DAY_ZERO + timedelta(days=int(value))
    except (OverflowError, ValueError):
        return None, f"{value} is no date"
    if not ENACTED <= day <= date(2199, 12, 31):
        return None, f"the number {value} is no date"
    return day, f"the number {value} was read as {day}"


def address_of(link: str | None) -> str | None:
    """Where a link leads: mail programs wrap addresses, and put an address of mail in them."""
    if not link:
        return None
    parts = urlparse(link)
    if parts.netloc.endswith("safelinks.protection.outlook.com"):
        return next(iter(parse_qs(parts.query).get("url", [])), None)
    if parts.scheme == "chrome-extension":  # a reader built into a browser
        return parts.path.lstrip("/") or None
    return link if parts.scheme in ("http", "https") else None


def published_day(name: str) -> tuple[date, str] | None:
    """The day in a file's name, and `am` or `pm` where it says so: lists come twice a day.

    Reads 20250221, 06122025pm, 2025-02-21, 02_21_2025.
    """
    for match in re.finditer(r"(?<!\d)(\d{2,4})[-_.]?(\d{2})[-_.]?(\d{2,4})(?!\d)", name):
        digits = "".join(match.groups())
        part = re.match(r"[\s_-]?([ap]m)\b", name[match.end() :], re.IGNORECASE)
        for form in ("%Y%m%d", "%m%d%Y"):
            try:
                day = datetime.strptime(digits, form).date()
            except ValueError:
                continue
            if len(digits) == 8 and day.year >= ENACTED.year:
                return day, part[1].lower() if part else ""
    return None
