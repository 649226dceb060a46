"""What a cell says: a number, a day, a month, or that nothing is known."""

from __future__ import annotations

import re
from datetime import date, timedelta

from wayhome.sources.ledger.workbook import Value

NOTHING_KNOWN = frozenset(
    (
        "",
        "n/a",
        "na",
        "#n/a",
        "-",
        "--",
        "---",
        "–",
        "—",
        "*",
        "**",
        "none",
        "null",
        "tbd",
        "unknown",
    )
)
# Excel counts days from here, and its users write dates as bare numbers between these.
FIRST_DAY = date(1899, 12, 30)
DAY_NUMBERS = range(20_000, 80_000)  # 1954 to 2119

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FISCAL_YEAR = re.compile(r"\b(?:eoy|eo)?fy ?(?:20)?(\d\d)\b|\bfiscal year (?:20)(\d\d)\b", re.I)
ISO_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T].*)?$")
US_DAY = re.compile(r"(\d\d?)[/.](\d\d?)[/.](\d{4}|\d\d)$")


def number_of(value: Value) -> float | None:
    """The number in a cell, None where nothing is known. Raises ValueError with what would be
    right."""
    if value is None or isinstance(value, int | float):
        return None if value is None else float(value)
    text = value.strip()
    if text.casefold() in NOTHING_KNOWN:
        return None
    try:
        return float(text.replace(",", "").removeprefix("$"))
    except ValueError:
        raise ValueError("a number, or N/A where it is not known, would be right") from None


def count_of(value: Value) -> float | None:
    """A number that cannot be less than 0."""
    number = number_of(value)
    if number is not None and not 0 <= number < 1e12:
        raise ValueError("a number of 0 or more would be right")
    return number


def day_of(value: Value) -> date | None:
    """The day in a cell: a date, a day number of Excel, or a text such as 3/10/2021. None where
    nothing is known. Raises ValueError for anything else."""
    if value is None or (isinstance(value, str) and value.strip().casefold() in NOTHING_KNOWN):
        return None
    if isinstance(value, int | float):
        if DAY_NUMBERS.start <= value < DAY_NUMBERS.stop:
            return FIRST_DAY + timedelta(days=int(value))
    elif found := ISO_DAY.match(value):
        return date(int(found[1]), int(found[2]), int(found[3]))
    elif found := US_DAY.match(value):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return date(year, int(found[1]), int(found[2]))
    raise ValueError("a date such as 3/10/2021, or N/A, would be right")


def zip_of(value: Value) -> str | None:
    """A ZIP code with the zeros that it loses where it is kept as a number. Raises ValueError for a
    number that is none."""
    if not isinstance(value, int | float):
        return text_of(value)
    if not 0 < value < 100_000:
        raise ValueError("a ZIP code of five digits would be right")
    return f"{int(value):05d}"


def text_of(value: Value) -> str | None:
    if value is None:
        return None
    text = " ".join(str(value).split())
    return None if text.casefold() in NOTHING_KNOWN else text


def fiscal_year_in(text: str) -> int | None:
    """The last fiscal year that a text names: `FY24`, `EOFY2024`, `Fiscal Year 2024`."""
    found = [int(a or b) for a, b in FISCAL_YEAR.findall(text.replace("_", " "))]
    return 2000 + found[-1] if found else None


def month_in(heading: Value, fiscal_year: int | None) -> date | None:
    """The first day of the month that a heading names: `Oct` of a fiscal year, or a date."""
    if isinstance(heading, str) and not ISO_DAY.match(heading):
        name = heading.strip().casefold()
        if name[:3] not in MONTHS or fiscal_year is None or not name.isalpha():
            return None
        number = MONTHS.index(name[:3]) + 1
        return date(fiscal_year - (number >= 10), number, 1)
    try:
        day = day_of(heading)
    except ValueError:
        return None
    return day.replace(day=1) if day else None


def day_in(text: str) -> date | None:
    """The first date in a text: `IIDS, 04/05/2021`; `04.10.2021`."""
    for found in re.findall(r"\d\d?[/.]\d\d?[/.]\d{4}", text):
        try:
            return day_of(found)
        except ValueError:
            continue
    return None


def day_in_name(name: str, fiscal_year: int | None) -> date | None:
    """The day in a file's name: `_04092026`, or `_0414` of a fiscal year."""
    try:
        if found := re.search(r"(?<!\d)(\d\d)(\d\d)(20\d\d)(?!\d)", name):
            return date(int(found[3]), int(found[1]), int(found[2]))
        if fiscal_year and (found := re.search(r"(?<!\d)(\d\d)(\d\d)(?!\d)", name)):
            return date(fiscal_year - (int(found[1]) >= 10), int(found[1]), int(found[2]))
    except ValueError:
        pass
    return None
