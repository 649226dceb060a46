"""A closing plan drawn over time: people still held, and how long each facility is in use."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from markupsafe import escape

from wayhome.programs.facilities.closing_plan.plan import Plan
from wayhome.report.charts import FONT
from wayhome.report.palette import INK

WIDTH, HEIGHT = 620, 260
ROW_HEIGHT = 13
_FIRST, _OTHER, _OPEN = "#b45309", "#00533f", "#8f0f1f"
_KINDS = (
    ("private or jail contract", _FIRST),
    ("other or not known", _OTHER),
    ("not emptied", _OPEN),
)


def pictures_of(plan: Plan, *, mark: str = "") -> dict[str, str]:
    """Two SVG files by name, each with a title and a description for who does not see it. `mark`:
    the word that says that the data is invented."""
    case = plan.question.case
    return {
        f"closing_plan_people_{case.name}.svg": people_chart(plan, mark=mark),
        f"closing_plan_facilities_{case.name}.svg": facilities_chart(plan, mark=mark),
    }


def people_chart(plan: Plan, *, mark: str = "") -> str:
    """People still held on each evening, beside a closing by transfers, which releases nobody."""
    import altair as alt  # noqa: PLC0415  slow to load: only what draws waits for it

    names = ("by this plan", "by transfers, with nobody released")
    start = [{"day": 0, "people": plan.people, "how": name} for name in names]
    rows = [{"day": d.day, "people": d.people, "how": names[0]} for d in plan.days]
    rows.append({"day": plan.question.days, "people": plan.people, "how": names[1]})
    chart = (
        alt.Chart(alt.InlineData(values=[*start, *rows]))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("day:Q", title="day", scale=alt.Scale(nice=False)),
            y=alt.Y("people:Q", title="people in detention", scale=alt.Scale(zero=True)),
            color=alt.Color(
                "how:N", scale=alt.Scale(domain=names, range=[_OTHER, _OPEN]), legend=_legend(alt)
            ),
            strokeDash=alt.StrokeDash(
                "how:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3]])
            ),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    last = plan.days[-1]
    words = (
        f"{plan.people:,} people on the first morning, {last.people:,} on the evening of day "
        f"{last.day}; {plan.question.case.words}."
    )
    return _svg(chart, "People still held, day by day", words, mark)


def facilities_chart(plan: Plan, *, mark: str = "") -> str:
    """A bar a facility, from the first day to the one on which it is empty, the first on top."""
    import altair as alt  # noqa: PLC0415

    never = plan.question.days
    shown = sorted(plan.facilities, key=lambda f: (f.day_closed or never + 1, f.facility.id))
    values = [
        {
            "facility": found.facility.id,
            "day": found.day_closed or never,
            "kind": _KINDS[
                2 if not found.day_closed else 0 if found.facility.is_asked_first else 1
            ][0],
        }
        for found in shown
    ]
    kinds, colours = zip(*_KINDS, strict=True)
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(height=ROW_HEIGHT - 4)
        .encode(
            x=alt.X("day:Q", title="in use until day", axis=alt.Axis(orient="top")),
            y=alt.Y(
                "facility:N", sort=None, title=None,
                axis=alt.Axis(labelLimit=260, labelFontSize=9.5, ticks=False, domain=False),
            ),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=kinds, range=colours), legend=_legend(alt)
            ),
        )
        .properties(width=WIDTH - 200, height=ROW_HEIGHT * len(values))
    )  # fmt: skip
    closed = len(plan.facilities) - len(plan.left_open)
    words = (
        f"{closed:,} of {len(plan.facilities):,} facilities are emptied; closing_plan.csv has the "
        f"day of each; {plan.question.case.words}."
    )
    return _svg(chart, "How long each facility is in use", words, mark)


def _legend(alt: Any) -> Any:
    return alt.Legend(title=None, orient="top", labelLimit=WIDTH, labelFontSize=12)


def _svg(chart: Any, title: str, description: str, mark: str) -> str:
    import altair as alt  # noqa: PLC0415
    import vl_convert  # noqa: PLC0415

    lines = [*([mark] if mark else []), *wrap(description, 100)]
    said = alt.TitleParams(title, subtitle=lines, anchor="start", color=INK)
    drawn = chart.properties(title=said, background="white", padding=8)
    drawn = drawn.configure(font=FONT).configure_view(stroke=None)
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    svg: str = vl_convert.vegalite_to_svg(drawn.to_dict(), vl_version=version, allowed_base_urls=[])
    head, body = svg.split(">", 1)
    names = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'{head} role="img">{names}{body}'
