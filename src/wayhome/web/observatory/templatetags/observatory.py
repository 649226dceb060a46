"""`{% load observatory %}`: texts, addresses, numbers with their source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wayhome.public_record.record import Figure
from wayhome.web.observatory import wording
from wayhome.web.observatory.counting import of_month
from wayhome.web.observatory.facility_page import GROUPS, Month, days_in_words, months_in_words
from wayhome.web.observatory.frame import address as address_of
from wayhome.web.observatory.frame import place_address
from wayhome.web.observatory.maps.places import counties
from wayhome.web.observatory.sentences import in_language
from wayhome.web.observatory.series import field_name as name_of_field
from wayhome.web.observatory.series import series_name as name_of_series
from wayhome.web.observatory.series import unit_name as name_of_unit
from wayhome.web.observatory.source_words import licence_in, title_in
from wayhome.words.languages import ENGLISH

register = template.Library()


def _code(context: Any) -> str:
    return str(context["language"].code)


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, **blanks: object) -> str:
    """A text in the language of the page."""
    return wording.say(_code(context), key, **blanks)


@register.simple_tag(takes_context=True)
def address(context: Any, name: str, **names: object) -> str:
    """The address of a page in the language of this one; empty where there is no such page."""
    try:
        return address_of(name, _code(context), **names)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def number(context: Any, value: float | str | None) -> str:
    """A number as the language writes it; unknown (also a name that is not there) is never 0."""
    if value is None or isinstance(value, str):
        return wording.say(_code(context), "frame.unknown")
    return wording.number(_code(context), value)


@register.simple_tag(takes_context=True)
def people_count(context: Any, count: float) -> str:
    """`68 people`, `1 person`."""
    return wording.people_in_words(_code(context), count)


@register.simple_tag(takes_context=True)
def percent(context: Any, share: float | None) -> str:
    if share is None:
        return wording.say(_code(context), "frame.unknown")
    return wording.percent(_code(context), share)


@register.simple_tag(takes_context=True)
def day(context: Any, value: date | None) -> str | SafeString:
    """A day in words, in a `<time>`; unknown is said."""
    if value is None:
        return wording.say(_code(context), "frame.unknown")
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), wording.day(_code(context), value)
    )


@register.simple_tag(takes_context=True)
def days(context: Any, told: Any) -> str | SafeString:
    """The day of a figure, the month, or the first and the last day that it covers.

    `told`: anything with a `first_day` and an `on`."""
    if told.first_day == told.on:
        return day(context, told.on)
    if wording.is_month(told.first_day, told.on):
        told_month = told.on.isoformat()[: len("2026-01")]
        return format_html('<time datetime="{}">{}</time>', told_month, month(context, told.on))
    return format_html("{} – {}", day(context, told.first_day), day(context, told.on))


@register.simple_tag(takes_context=True)
def month(context: Any, value: date) -> str:
    return wording.month(_code(context), value)


@register.simple_tag(takes_context=True)
def figure(context: Any, told: Figure | None) -> SafeString | str:
    """A number of the record as a link to where it is from."""
    code = _code(context)
    if told is None:
        return wording.say(code, "frame.unknown")
    to = address_of("observatory_figure", code, series=told.series, on=told.on.isoformat())
    text = wording.number(code, told.value)
    title = wording.say(code, "frame.trace", number=told.value)
    return format_html('<a class="figure" href="{}" title="{}">{}</a>', to, title, text)


@register.simple_tag(takes_context=True)
def trace(
    context: Any,
    source: str | None,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    last_row: int | None = None,
) -> str:
    """The address of a row (or rows) of a source; empty where there is no source."""
    if not source:
        return ""
    return place_address(_code(context), source, sheet, row, column, last_row)


@register.simple_tag(takes_context=True)
def rows(context: Any, row: int | None, last_row: int | None = None) -> str:
    """`row 12`, or of a number that is added from many: `rows 12 to 240`."""
    return wording.rows(_code(context), row, last_row)


@register.simple_tag(takes_context=True)
def series_name(context: Any, series: str) -> str:
    return name_of_series(series, _code(context))


@register.simple_tag(takes_context=True)
def field_name(context: Any, field: str) -> str:
    return name_of_field(field, _code(context))


@register.simple_tag(takes_context=True)
def unit_name(context: Any, unit: str) -> str:
    return name_of_unit(unit, _code(context))


@register.simple_tag
def any_by_zip(rows: Sequence[Any]) -> bool:
    """Whether of any facility only its ZIP code tells the county: its row has a star."""
    return any(row.county_by_zip for row in rows)


@register.simple_tag(takes_context=True)
def contract_name(context: Any, contract: str | None) -> str:
    """A kind of contract in plain words; unknown is said."""
    key = f"contracts.{(contract or 'unknown').replace(' ', '_')}"
    return wording.say(_code(context), key) if wording.says(key) else contract or ""


@register.simple_tag(takes_context=True)
def group_name(context: Any, group: str) -> str:
    return wording.say(_code(context), f"fields.group_{group}")


@register.simple_tag(takes_context=True)
def field_value(context: Any, field: str, value: str) -> SafeString | str:
    """A value as a reader writes it: days in words, numbers parted, the rest as it is."""
    code = _code(context)
    if field == "contract":
        return contract_name(context, value)
    if field in ("zip", "code", "address"):
        return value
    try:
        return wording.day(code, date.fromisoformat(value))
    except ValueError:
        pass
    try:
        return wording.number(code, float(value))
    except ValueError:
        return as_told(context, field, value)


# Names of places and people stay as they are; other words of a source are English.
_NAMES = frozenset((*GROUPS["place"], "operator"))


@register.simple_tag(takes_context=True)
def as_told(context: Any, field: str, value: str) -> SafeString | str:
    """A value as its source has it, marked as English where it may be words."""
    is_name = field in _NAMES or not any(sign.isalpha() for sign in value)
    return marked(value, is_name or _code(context) == ENGLISH)


@register.simple_tag(takes_context=True)
def told_and_shown(context: Any, field: str, value: str) -> SafeString | str:
    """A value as its source has it; behind it, where that is another, as other pages write it."""
    told, shown = as_told(context, field, value), field_value(context, field, value)
    return told if shown in (told, value) else format_html("{} ({})", told, shown)


@register.simple_tag(takes_context=True)
def field_number(context: Any, field: str, value: float | None) -> SafeString | str:
    """The number of a facility that counts, linked to the cell that it was read from."""
    code = _code(context)
    if value is None:
        return wording.say(code, "frame.unknown")
    for _, fields in context["groups"]:
        for each in fields:
            if each.name == field and each.values:
                told = each.values[0]
                place = (told.source, told.sheet, told.row, told.column, told.last_row)
                to = place_address(code, *place)
                text = wording.number(code, value)
                return format_html('<a class="figure" href="{}">{}</a>', to, text)
    return wording.number(code, value)


@register.simple_tag(takes_context=True)
def sources_of(context: Any, figures: Sequence[Figure]) -> SafeString:
    """The files that numbers are from, each a link."""
    code = _code(context)
    used = dict.fromkeys(figure.source for figure in figures)
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        ((place_address(code, one), source_title(context, one)) for one in used),
    )
    return format_html("{} {}", wording.say(code, "frame.sources_of"), links)


@register.simple_tag(takes_context=True)
def agency_link(context: Any, agency: Any) -> SafeString | str:
    """An agency's name, with the way to its page where there is one."""
    to = address(context, "observatory_agency", agency=agency.id)
    return format_html('<a href="{}">{}</a>', to, agency.name) if to else agency.name


@register.simple_tag(takes_context=True)
def asked(context: Any, **changed: object) -> str:
    """What was asked of this page, with something of it changed; empty values are left out."""
    query = {**context["visit"].asked, **{name: str(value) for name, value in changed.items()}}
    return urlencode({name: value for name, value in query.items() if value})


@register.simple_tag(takes_context=True)
def letter_name(context: Any, letter: str) -> str:
    """What a built-in letter is called."""
    key = f"demands.letter_{letter.replace('-', '_')}"
    return wording.say(_code(context), key) if wording.says(key) else letter


@register.simple_tag(takes_context=True)
def evidence_file(context: Any, evidence: Any) -> SafeString:
    """The file of a piece of evidence, with its hash."""
    demand = evidence.demand
    to = address(
        context,
        "evidence_file",
        coalition=demand.letter.organization.slug,
        letter=demand.letter.slug,
        demand=demand.slug,
        pk=evidence.pk,
    )
    text = '<a href="{}">{}</a> <span class="hash">SHA-256 {}</span>'
    return format_html(text, to, evidence.file_name, evidence.sha256)


# Maryland, Missouri, Nevada, Virginia: cities that are no part of a county are numbered from 510.
_WITH_CITIES = frozenset(("24", "29", "32", "51"))


@register.simple_tag(takes_context=True)
def county(context: Any, row: Any) -> str:
    """A county as its state calls it: Stewart County, LaSalle Parish, city of Richmond.

    One that is not known stays as its source writes it."""
    number = row.county_number or ""
    if number not in counties():
        return str(row.county)
    kind = {"LA": "parish", "AK": "borough", "PR": "municipality"}.get(row.state or "", "county")
    if number[:2] in _WITH_CITIES and number[2:] >= "510":
        kind = "city"
    return wording.say(_code(context), f"facilities.{kind}_of", county=counties()[number].name)


@register.simple_tag(takes_context=True)
def source_title(context: Any, source: str) -> SafeString | str:
    """What a source is called; marked where it has a title in English alone."""
    return marked(*title_in(_code(context), context["visit"].record.sources[source]))


@register.simple_tag(takes_context=True)
def source_licence(context: Any, source: str) -> SafeString | str:
    """On what terms a source may be used; empty where that is not known."""
    return marked(*licence_in(_code(context), context["visit"].record.sources[source]))


def marked(text: str, is_said: bool) -> SafeString | str:
    """A text as it is where the page's language says it, else marked as English."""
    return text if is_said else format_html('<span lang="en">{}</span>', text)


@register.simple_tag(takes_context=True)
def aim_name(context: Any, aim: Any) -> str:
    """An aim of the closing plan in plain words; its unit where none are written."""
    key = f"closing.aim_{aim.name}"
    return wording.say(_code(context), key) if wording.says(key) else aim.unit or aim.name


@register.simple_tag(takes_context=True)
def inspection_name(context: Any, which: str) -> str:
    """Which inspection of its row is meant."""
    return wording.say(_code(context), f"facilities.inspection_{which}")


@register.simple_tag(takes_context=True)
def case_name(context: Any, case: str) -> str:
    """What a case of the closing plan is called."""
    key = f"closing.case_{case}"
    return wording.say(_code(context), key) if wording.says(key) else case


@register.simple_tag(takes_context=True)
def way_name(context: Any, way: str) -> str:
    """How people were counted."""
    return wording.say(_code(context), f"counting.{way}")


@register.simple_tag(takes_context=True)
def way_of_month(context: Any, source: str) -> str:
    """How the people of a month were counted; the record has them at midnight, or head counts."""
    return of_month(context["visit"].record, source)


@register.simple_tag(takes_context=True)
def say_of_days(context: Any, way: str) -> str:
    """What a day without a row means, by the way of counting."""
    return wording.say(_code(context), f"facilities.days_of_{way}")


@register.simple_tag(takes_context=True)
def months_told(context: Any, told: Month) -> str:
    """The month, or the months with nobody, of a facility."""
    return months_in_words(told, _code(context))


@register.simple_tag(takes_context=True)
def days_told(context: Any, told: Month) -> str:
    """Over how many days of its month an average is."""
    return days_in_words(told, _code(context))


@register.simple_tag(takes_context=True)
def sentence(context: Any, text: str) -> SafeString | str:
    """A sentence of the record in the language of the page; else marked as English."""
    return marked(*in_language(_code(context), text))


@register.simple_tag(takes_context=True)
def cell(context: Any, value: Any) -> SafeString | str:
    """A cell as printed, linked to where it stands; unknown is said."""
    if value is None:
        return wording.say(_code(context), "frame.unknown")
    to = place_address(_code(context), value.source, value.sheet, value.row, value.column)
    shown = field_value(context, "cell", value.value)
    return format_html('<a class="figure" href="{}">{}</a>', to, shown)


@register.simple_tag(takes_context=True)
def gap(context: Any, share: float | None) -> str:
    """A gap as per cent, with two digits behind the point: 0.12%."""
    if share is None:
        return wording.say(_code(context), "frame.unknown")
    return wording.percent(_code(context), share, digits=2)


@register.simple_tag(takes_context=True)
def chart_of(context: Any, series: str) -> str:
    """The page of a series' chart."""
    return address_of("observatory_chart_page", _code(context), chart=f"series-{series}")
