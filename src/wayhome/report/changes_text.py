"""What differs between two rulebooks, and for whom, as JSON and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wayhome.changes.change_list import ChangeCounts, Move
from wayhome.changes.rulebook_changes import (
    FieldChange,
    RowChange,
    RulebookChanges,
    RuleChange,
    TableChange,
    What,
)
from wayhome.report.words import words

Json = dict[str, Any]

NOT_KNOWN = "not_known"
MOST_ROWS = 12
MOST_MOVES = 40

SIGNS = {
    What.ADDED: "+",
    What.REMOVED: "−",
    What.CHANGED: "~",
    What.BEGAN: "▶",
    What.ENDED: "■",
    What.CAME_AND_WENT: "◆",
    What.DATED: "·",
}


# --- JSON ----------------------------------------------------------------------------------


def changes_json(changes: RulebookChanges, counts: ChangeCounts | None = None) -> Json:
    """Every difference; with a case file or a docket, whose outcomes changed, in numbers."""
    told: Json = {
        "old": changes.old,
        "new": changes.new,
        "rules": [_rule(change) for change in changes.rules],
        "tables": [_table(change) for change in changes.tables],
        "dates_crossed": [
            {"rule": c.rule, "condition": c.condition, "before": c.before, "after": c.after}
            for c in changes.crossings
        ],
        "notes": list(changes.notes),
    }
    return told if counts is None else told | {"cases": counts_json(counts)}


def _rule(change: RuleChange) -> Json:
    days = [{"day": day.isoformat(), "what": what} for day, what in change.days]
    return {
        "rule": change.rule,
        "title": change.title,
        "what": change.what,
        "fields": _fields(change.fields),
        "days": days,
    }


def _table(change: TableChange) -> Json:
    rows = [
        {
            "row": row.row,
            "what": row.what,
            "day": row.day.isoformat() if row.day else None,
            "fields": _fields(row.fields),
        }
        for row in change.rows
    ]
    return {
        "table": change.table,
        "what": change.what,
        "fields": _fields(change.fields),
        "rows": rows,
    }


def _fields(changes: Iterable[FieldChange]) -> list[Json]:
    return [{"field": c.field, "before": c.before, "after": c.after} for c in changes]


def counts_json(counts: ChangeCounts) -> Json:
    """Every count of a change list. A group that is not known has the label `not_known`."""
    return {
        "source": counts.source,
        "synthetic": counts.is_synthetic,
        "cases": counts.cases,
        "changed_cases": counts.changed_cases,
        "note": "A lead for a lawyer, not advice.",
        "moves": [_move(move) | {"cases": n} for move, n in counts.moves.most_common()],
        "why": [
            {
                "program": program,
                "rests_on": rests_on,
                "rule": moved.rule,
                "title": moved.title,
                "before": moved.before,
                "after": moved.after,
                "reason": moved.reason,
                "cases": number,
            }
            for (program, rests_on), rules in counts.rules.items()
            for moved, number in rules.most_common()
        ],
        "grouped_by": list(counts.grouped_by),
        "groups": [
            _move(move)
            | {n: _label(label) for n, label in zip(counts.grouped_by, groups, strict=True)}
            | {"cases": number}
            for move, found in counts.groups.items()
            for groups, number in found.most_common()
        ],
        "notes": list(counts.notes),
    }


def _label(label: object) -> str:
    return NOT_KNOWN if label is None else str(label)


def _move(move: Move) -> Json:
    return {
        "program": move.program,
        "rests_on": move.rests_on,
        "before": move.before,
        "after": move.after,
    }


# --- text ----------------------------------------------------------------------------------


def show(
    changes: RulebookChanges, counts: ChangeCounts | None = None, console: Console | None = None
) -> None:
    """Prints the differences, to standard output unless a console is given."""
    parts = [*_rulebook(changes), *(_cases(counts) if counts else ())]
    (console or Console()).print(Group(*parts))


def _rulebook(changes: RulebookChanges) -> Iterator[RenderableType]:
    yield Text(f"{changes.old} → {changes.new}", style="bold")
    if changes.is_empty:
        yield Text("No rule and no table differs.")
    for note in changes.notes:
        yield Text(note, style="dim")
    for rule in changes.rules:
        yield Text()
        yield Text.assemble(
            (f"{SIGNS[rule.what]} {rule.rule}", "bold"), f"  {rule.what}: {rule.title}"
        )
        for day, what in rule.days:
            began = "began" if what is What.BEGAN else "ended"
            told = "asked for (a demand, not law)" if rule.is_demand else f"{began} to be law"
            yield _indented(f"{day}: {told}")
        if rule.what is What.CHANGED:
            yield from _field_lines(rule.fields)
    for table in changes.tables:
        yield Text()
        yield Text.assemble((f"{SIGNS[table.what]} table {table.table}", "bold"), f"  {table.what}")
        yield from _field_lines(table.fields)
        for row in table.rows[:MOST_ROWS]:
            yield _indented(_row_line(row))
            if row.what is What.CHANGED:
                yield from _field_lines(row.fields)
        if len(table.rows) > MOST_ROWS:
            yield _indented(f"… and {len(table.rows) - MOST_ROWS} more rows")
    for crossing in changes.crossings:
        yield Text()
        yield Text.assemble((f"· {crossing.rule}", "bold"), f"  {crossing.condition}")
        yield _indented(f"{crossing.before} → {crossing.after}")


def _row_line(row: RowChange) -> str:
    day = f"{row.day}: " if row.day else ""
    return f"{SIGNS[row.what]} {day}{row.row} ({row.what})"


def _field_lines(fields: Iterable[FieldChange]) -> Iterator[RenderableType]:
    for change in fields:
        yield _indented(f"{change.field.replace('_', ' ')}:")
        for sign, text, style in (("−", change.before, "red"), ("+", change.after, "green")):
            if text:
                yield Padding(Text(f"{sign} {text}", style=style), (0, 0, 0, 4))


def _indented(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2))


def _cases(counts: ChangeCounts) -> Iterator[RenderableType]:
    said = words()
    yield Text()
    if counts.is_synthetic:
        yield Text(said.say("synthetic_note"), style="bold reverse")
    yield Text(
        f"{counts.source}: {counts.changed_cases:,} of {counts.cases:,} cases have another outcome",
        style="bold",
    )
    for note in counts.notes:
        yield Text(note, style="dim")
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for heading in ("program", "rests on", "before", "after"):
        grid.add_column(heading, no_wrap=True)
    grid.add_column("cases", justify="right")
    for move, number in counts.moves.most_common(MOST_MOVES):
        before, after = (said.say(f"outcomes_short.{o}") for o in (move.before, move.after))
        grid.add_row(move.program, move.rests_on, before, after, f"{number:,}")
    if counts.moves:
        yield grid
    for (program, rests_on), rules in counts.rules.items():
        yield Text()
        yield Text(f"{program} ({rests_on}), because of", style="bold")
        for moved, number in rules.most_common(MOST_ROWS):
            yield _indented(f"{number:,}  {moved}")
    yield Text()
    yield Text(said.say("lead_note"), style="bold")
