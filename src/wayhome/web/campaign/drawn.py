"""Posters, pictures to share and lists of signatories, drawn by Typst from data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from wayhome.papers.typst_compiler import HERE, compiled
from wayhome.public_record.demands.demand import Status
from wayhome.public_record.demands.wording import number_words, unit_word
from wayhome.public_record.record import Figure, PublicRecord
from wayhome.web.campaign.letter_lines import about_copy, foot_of_copy, lines_of
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.signatories import Signed
from wayhome.web.campaign.signed_words import count_words, how_words, line_words
from wayhome.web.campaign.standing import Clock, Told
from wayhome.web.campaign.wording import say
from wayhome.web.observatory.series import series_name
from wayhome.web.observatory.source_words import title_in
from wayhome.web.observatory.wording import rows, written
from wayhome.web.observatory.wording import say as public_words

_FONTS = ("Libertinus Serif", "DejaVu Sans")
_LONG = 60  # letters of a title that still stand in large type


def poster(
    letter: Letter, told: Sequence[Told], clock: Clock, language: str, record: PublicRecord,
    absolute: Callable[[str], str],
) -> bytes:  # fmt: skip
    """Every demand of a letter with its status on a day, as a PDF of 18 by 24 inches. `absolute`
    makes an address of a path.
    """
    demands = [
        {
            "number": one.demand.number,
            "words": one.words,
            "status": one.status,
            "css": one.css,
            "reason": one.reason,
            "source": _sources(one, record, language, absolute),
        }
        for one in told
    ]
    shown = _frame(letter, clock, language) | {
        "title": letter.title,
        "clock": clock_words(clock, language),
        "demands": demands,
    }
    return _drawn("poster.typ", shown, "pdf")


def _sources(one: Told, record: PublicRecord, language: str, absolute: Callable[[str], str]) -> str:
    """Where each figure of a status is from, file by file; empty without figures."""
    places: dict[str, list[str]] = {}
    for figure in dict.fromkeys(one.standing.figures):
        source = record.source_of(figure)
        title = title_in(language, source)[0]
        file = title if source.file in title else f"{title}, {source.file}"
        place = f"{_place(figure, language)} ({written(language, figure.on)})"
        if figure.last_row is not None:  # added from many rows: its page says how
            names = {"language": language, "series": figure.series, "on": figure.on.isoformat()}
            place += f" {absolute(reverse('observatory_figure', kwargs=names))}"
        places.setdefault(file, []).append(place)
    told = [f"{file}: {'; '.join(found)}" for file, found in places.items()]
    return f"{say(language, 'demand.source')}: {'. '.join(told)}" if told else ""


def _place(figure: Figure, language: str) -> str:
    """Sheet, row and column of a figure, as the pages name them."""
    parts = (
        f"{public_words(language, 'frame.sheet')} {figure.sheet}" if figure.sheet else "",
        rows(language, figure.row, figure.last_row),
        f"{public_words(language, 'frame.column')} {figure.column}" if figure.column else "",
    )
    return ", ".join(part for part in parts if part)


def picture_of_letter(
    letter: Letter, told: Sequence[Told], clock: Clock, language: str, signed: Signed | None
) -> bytes:
    """How many demands of a letter stand how and who signs it, as a PNG of 1200 by 630."""
    shown = letter_picture_words(letter, told, language, signed)
    return _picture(letter, shown, clock, language)


def letter_picture_words(
    letter: Letter, told: Sequence[Told], language: str, signed: Signed | None
) -> dict[str, Any]:
    """What stands on the picture of a letter; nothing of who signs where `signed` is None."""
    times = Counter((one.css, one.status) for one in told)
    counts = [{"css": css, "status": word, "count": n} for (css, word), n in times.most_common()]
    shown = {"title": letter.title, "counts": counts}
    if signed is None:
        return shown
    said = f"{count_words(letter, signed, language)} {how_words(letter, signed, language)}"
    return shown | {"signed": said.strip()}


def picture_of_demand(
    letter: Letter, one: Told, clock: Clock, language: str, record: PublicRecord,
    *, is_dropped: bool = False,
) -> bytes:  # fmt: skip
    """One demand with its status and what it rests on, as a PNG of 1200 by 630."""
    shown = picture_words(one, language, record, is_dropped=is_dropped)
    return _picture(letter, shown, clock, language)


def picture_words(
    one: Told, language: str, record: PublicRecord, *, is_dropped: bool = False
) -> dict[str, Any]:
    """What stands on the picture of a demand: its status with the figures, or why none can tell.
    A dropped one has no status any more.
    """
    if is_dropped:
        status = say(language, "demand.dropped_word")
        return {"title": one.words, "status": status, "css": Status.INCONCLUSIVE.value}
    figures = _figures(one, language)
    titles = (title_in(language, record.source_of(each))[0] for each in one.standing.figures)
    source = "; ".join(dict.fromkeys(titles))
    return {
        "title": one.words,
        "status": one.status,
        "css": one.css,
        "reason": "" if figures else one.reason,
        "counted": series_name(one.standing.figures[0].series, language) if figures else "",
        "figures": figures,
        "source": f"{say(language, 'demand.source')}: {source}." if source else "",
        "invented": public_words(language, "frame.synthetic_mark")
        if one.standing.synthetic
        else "",
    }


def _figures(one: Told, language: str) -> list[dict[str, str]]:
    """The figures that were compared, each with its days, and the target."""
    named = {"baseline": one.standing.baseline, "newest": one.standing.newest}
    if None in named.values():
        return []
    shown = [
        {
            "label": say(language, f"demand.{name}"),
            "value": _value(figure, language),
            "days": _days(figure, language),
        }
        for name, figure in named.items()
        if figure
    ]
    if one.target:
        target = {"label": say(language, "demand.target"), "value": one.target, "days": ""}
        shown.append(target)
    return shown


def _value(figure: Figure, language: str) -> str:
    unit = unit_word(figure.unit, language, figure.value)
    return f"{number_words(figure.value, language)} {unit}"


def _days(figure: Figure, language: str) -> str:
    days = dict.fromkeys((figure.first_day, figure.on))
    return " – ".join(written(language, one) for one in days)


def _picture(letter: Letter, shown: dict[str, Any], clock: Clock, language: str) -> bytes:
    frame = _frame(letter, clock, language)
    dated = say(language, "letter.copy_dated", day=clock.dated) if clock.dated else ""
    frame["foot"] = " ".join(filter(None, (dated, clock_words(clock, language), frame["foot"])))
    frame["mark"] = " ".join(filter(None, (shown.get("invented", ""), frame["mark"])))
    empty = {"status": "", "css": "", "counts": [], "reason": "", "figures": [], "source": ""}
    empty["signed"] = ""
    size = 46 if len(shown["title"]) <= _LONG else 36
    return _drawn("share.typ", empty | frame | shown | {"size": size}, "png")


def letter_pdf(letter: Letter, signed: Signed, language: str, now: datetime) -> bytes:
    """The letter to be sent: its text, then who has signed in two columns. Which text it is, of
    which day, and when the copy was made stands above and on every page.
    """
    text = [
        {
            "kind": str(line.style),
            "number": line.number,
            "runs": [
                {"text": run.text, "strong": run.strong, "emphasis": run.emphasis}
                for run in line.runs
            ],
        }
        for line in lines_of(letter)
    ]
    about, frame = about_copy(letter, signed, language, now), _frame(letter, None, language)
    frame["foot"] = f"{foot_of_copy(letter, signed, language, now)} {frame['foot']}"
    shown = frame | {
        "title": letter.title,
        "about": about,
        "text": text,
        "signed": say(language, "letter.signatories"),
        "lines": [
            {
                "name": one.name,
                "place": one.place_shown,
                "how": line_words(letter, one, language),
            }
            for one in signed.lines
        ],
    }
    return _drawn("signatories.typ", shown, "pdf")


def clock_words(clock: Clock, language: str) -> str:
    """Where the hundred days stand, in a sentence."""
    if clock.day is None:
        return say(language, "clock.none")
    if clock.day < 0:
        return say(language, "clock.before")
    if not clock.is_over:
        return say(language, "clock.day", day=clock.day) + "."
    return say(language, "clock.over", day=clock.due)


def _frame(letter: Letter, clock: Clock | None, language: str) -> dict[str, Any]:
    """What stands around: to whom, by whom, as of which day, and that a demonstration is one."""
    kept_by = say(language, "page.kept_by", coalition=letter.organization.name)
    as_of = say(language, "page.today_is", day=clock.on) if clock else ""
    return {
        "language": language,
        "fonts": _FONTS,
        "mark": say(language, "page.invented") if settings.IS_DEMO else "",
        "above": f"{say(language, 'page.to')}: {letter.recipient}",
        "foot": ". ".join(part for part in (as_of, kept_by) if part) + ".",
    }


def _drawn(source: str, shown: dict[str, Any], form: Any) -> bytes:
    return compiled(HERE / source, {"shown": json.dumps(shown)}, form)[0]
