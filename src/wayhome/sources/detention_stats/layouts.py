"""The tables of the other sheets: by which words each is known, and what its figures mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from wayhome.sources.detention_stats.sheets import words_of
from wayhome.sources.detention_stats.values import MONTHS

ALL = "all"
# What is across, or names a row, and has a column of its own in every table.
NOT_DIMENSIONS = ("month", "measure", "year", "row_year")


@dataclass(frozen=True)
class Layout:
    """A table of the workbook, known by its title.

    `labels` are the columns that name a row, by dimension; `across` is what the other headings
    name: a month, a measure, or a dimension. `nested` is the dimension of rows that stand under
    another row of the same column (criminality under agency). `adds` tells whether the parts add up
    to the total; stays and shares do not. `months_add` tells it of the months of a year.
    """

    table: str
    by: str
    title: str
    labels: tuple[str, ...]
    across: str
    measure: str = "people"
    nested: str = ""
    adds: bool = True
    months_add: bool = False

    @property
    def dimensions(self) -> tuple[str, ...]:
        names = (*self.labels, self.nested, self.across)
        return tuple(name for name in names if name and name not in NOT_DIMENSIONS)

    @property
    def tells_of_years(self) -> bool:
        """Whether its rows or columns are years, not parts of the workbook's own."""
        return self.across == "year" or "row_year" in self.labels

    def is_title(self, text: str) -> bool:
        return re.search(self.title, text, re.IGNORECASE) is not None


EVENTS = ("arrests", "bookins", "removals")

# The first whose title fits is taken.
LAYOUTS = (
    Layout(
        "detained",
        "disposition",
        r"currently detained by processing disposition",
        ("disposition",),
        "facility_type",
    ),
    Layout(
        "detained",
        "criminality",
        r"currently detained by criminality",
        ("criminality",),
        "agency",
    ),
    Layout(
        "detained",
        "stateless",
        r"currently detained of stateless",
        ("facility", "code"),
        "measure",
    ),
    Layout(
        "detained",
        "fear_decision",
        r"fear decisions in an ice detention facility",
        ("facility_type",),
        "measure",
    ),
    Layout(
        "book_ins",
        "agency",
        r"book-? ?ins by arresting agency",
        ("agency",),
        "month",
        months_add=True,
    ),
    Layout(
        "book_ins",
        "criminality",
        r"book-? ?ins by (?:facility type and )?criminality",
        ("facility_type",),
        "criminality",
    ),
    Layout(
        "releases",
        "reason",
        r"final (?:releases|book ?outs) by release reason",
        ("reason", "criminality"),
        "month",
        months_add=True,
    ),
    Layout(
        "releases",
        "facility_type",
        r"^ice final (?:releases|book ?outs)(?: by facility type)? ?:",
        ("facility_type",),
        "measure",
    ),
    Layout("removals", "removals", r"^ice removals", ("removal",), "measure", adds=False),
    Layout(
        "average_population",
        "agency",
        r"average daily population by arresting agency",
        ("agency",),
        "month",
        nested="criminality",
    ),
    Layout(
        "average_population",
        "facility_type",
        r"average daily population by (?:facility type and )?month",
        ("facility_type",),
        "month",
    ),
    Layout(
        "average_stay",
        "agency",
        r"average length of stay by arresting agency",
        ("agency",),
        "month",
        measure="days",
        nested="criminality",
        adds=False,
    ),
    Layout(
        "average_stay",
        "facility_type",
        r"average length of stay by (?:facility type and )?month",
        ("facility_type",),
        "month",
        measure="days",
        adds=False,
    ),
    Layout(
        "average_stay",
        "agency_in_adult_facilities",
        r"average length of stay adult facility type",
        ("agency",),
        "month",
        measure="days",
        adds=False,
    ),
    Layout(
        "average_stay",
        "after_fear_decision",
        r"average time from uscis fear decision",
        ("release_year",),
        "facility_type",
        measure="days",
        adds=False,
    ),
    Layout(
        "parole",
        "requested",
        r"credible fear determination parole requested",
        ("row_year",),
        "month",
        months_add=True,
    ),
    Layout(
        "parole",
        "status",
        r"credible fear determination parole status",
        ("row_year", "parole_status"),
        "month",
        months_add=True,
    ),
    Layout(
        "alternatives",
        "technology",
        r"atd active population counts and daily cost",
        ("technology",),
        "measure",
    ),
    Layout("alternatives", "status", r"atd active population by status", ("status",), "measure"),
    Layout(
        "alternatives",
        "area",
        r"active atd participants and average length in program",
        ("area",),
        "measure",
        nested="technology",
    ),
    Layout("alternatives", "hearings", r"court appearance: total", ("attendance",), "measure"),
    Layout(
        "alternatives", "final_hearings", r"court appearance: final", ("attendance",), "measure"
    ),
    Layout("bonds", "bonds", r"bonded out .*\balos\b", ("item",), "month", adds=False),
    Layout(
        "segregation",
        "facility",
        r"^(?:january|february|march|april|may|june|july|august|september|october|november"
        r"|december) 20\d\d\b",
        ("facility",),
        "measure",
    ),
    Layout(
        "segregation",
        "reason",
        r"^fiscal year \(fy\) +20\d\d quarter \d data",
        ("placement_reason",),
        "measure",
    ),
    Layout(
        "transgender", "area", r"transgender detainee population", ("item",), "measure", adds=False
    ),
    *(
        Layout("semiannual", f"{who}_{event}", rf"{words}.*\b{event}\b", ("row_year",), "measure")
        for who, words in (
            ("armed_forces", r"^united states armed forces"),
            ("citizens", r"^united states citizens?\b"),
            ("parents_of_citizens", r"^parents of (?:usc|united states citizens?)\b"),
        )
        for event in EVENTS
    ),
    *(
        Layout(
            "semiannual",
            f"temporary_protected_status_{event}",
            rf"^temporary protected status countries.*\b{event}\b",
            ("country",),
            "year",
        )
        for event in EVENTS
    ),
)

# Two tables of another form: see in_custody.py.
IN_CUSTODY_STAY = Layout(
    "in_custody",
    "stay",
    r"^average in custody length of stay",
    ("population",),
    "point",
    measure="days",
    adds=False,
)
IN_CUSTODY_PEOPLE = Layout(
    "in_custody", "people", r"^detainees$", ("population", "time_held"), "point"
)
EVERY_LAYOUT = (*LAYOUTS, IN_CUSTODY_STAY, IN_CUSTODY_PEOPLE)

# The headings that name each dimension; () where the column below the title does, whatever it says.
LABEL_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "agency": ("agency", "arresting agency"),
    "area": ("aor technology", "aor", "area of responsibility technology"),
    "attendance": ("metric",),
    "country": ("citizenship country", "country of citizenship"),
    "code": ("detention facility code", "facility code"),
    "criminality": ("criminality",),
    "disposition": ("processing disposition",),
    "facility": ("detention facility", "facilities", "facility", "facility name"),
    "facility_type": ("facility type", "detention facility type"),
    "item": (),
    "parole_status": ("parole status",),
    "placement_reason": ("placement reason",),
    "reason": ("release reason",),
    "release_year": ("ice release fiscal year", "release fiscal year"),
    "removal": (),
    "row_year": ("fiscal year",),
    "status": ("famu status", "status"),
    "technology": ("technology",),
}

MEASURES: Mapping[str, str] = {
    "count": "people",
    "total": "people",
    "total detained": "people",
    "removals": "people",
    "arrests": "people",
    "bookins": "people",
    "placement count": "people",
    "number of placements": "placements",
    "average number of consecutive days in segregation": "days",
    "average number of cumulative days in segregation": "days_in_all",
    "alip": "days",
    "average length in program": "days",
    "daily tech cost": "dollars_a_day",
    "%": "share",
}
ADDITIVE_MEASURES = frozenset(("people", "placements", "dollars_a_day"))

NESTED_CRIMINALITY = re.compile(
    r"^(?:convicted criminal|pending criminal charges|other immigration violator)", re.I
)
TECHNOLOGIES = frozenset(
    (
        *("gps", "smartlink", "tr", "voiceid", "veriwatch", "wristworn", "wrist worn"),
        *("dual tech", "ankle monitor", "no tech"),
    )
)
# Parts of `Bonded Out`, which stands among the reasons as a whole.
PARTS_OF_ANOTHER = re.compile(r"^bond set by", re.I)

WHOLE = re.compile(r"^(?:grand )?totals?$|^average$|^fy overall$|^$", re.I)


def layout_of(text: str) -> Layout | None:
    """The table that a text is the title of."""
    if len(text) < 8:
        return None
    return next((layout for layout in LAYOUTS if layout.is_title(text)), None)


def label_of(dimension: str, text: str) -> str:
    """A row's label without what the sheet only adds for show; `all` for a total."""
    label = " ".join(text.split()).rstrip("*: ")
    if dimension == "agency":
        label = re.sub(r"\s*\baverage$", "", label, flags=re.IGNORECASE)
    return ALL if WHOLE.match(label) else label


def names_label(dimension: str, heading: object) -> bool:
    return words_of(heading) in LABEL_HEADINGS[dimension]


def first_month(title: str) -> date | None:
    """The first day of the month, or of the quarter, that a title begins with: `March 2026`,
    `Fiscal Year (FY) 2022 Quarter 3 Data`."""
    if found := re.match(r"fiscal year \(fy\) +(20\d\d) quarter (\d)", title, re.IGNORECASE):
        first = date(int(found[1]) - 1, 10, 1)
        return first + relativedelta(months=3 * (int(found[2]) - 1))
    found = re.match(r"([a-z]{3})[a-z]* (20\d\d)\b", title, re.IGNORECASE)
    if not found or found[1].casefold() not in MONTHS:
        return None
    return date(int(found[2]), MONTHS.index(found[1].casefold()) + 1, 1)
