"""A screening as tables in a terminal, for 80 columns, with and without colour, and piped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from wayhome.engine.outcomes import Outcome
from wayhome.law.rules import Kind
from wayhome.report.palette import LOOKS
from wayhome.report.summary import OutcomeCounts, ProgramSummary, RuleCount, Summary
from wayhome.report.words import Words, share, words

BAR_WIDTH = 16
MOST_RULES = 12
MOST_FACTS = 5
MOST_DEADLINES = 10
MOST_CASES = 10


def show(summary: Summary, *, language: str = "en", console: Console | None = None) -> None:
    """Prints the summary, to standard output unless a console is given."""
    (console or Console()).print(terminal_summary(summary, language=language))


def terminal_summary(summary: Summary, *, language: str = "en") -> RenderableType:
    """What `wayhome screen` prints, for a Rich console."""
    said = words(language)
    parts = [*_heading(summary, said), *_overview(summary, said)]
    parts += [*_near_cases(summary, said), *_deadlines(summary, said)]
    for program in summary.programs:
        parts.append(Group(*_program(program, summary, said)))
    parts += [Text(), *_synthetic(summary, said), Text(said.say("lead_note"), style="bold")]
    return Group(*parts)


def _synthetic(summary: Summary, said: Words) -> Iterator[RenderableType]:
    if summary.is_synthetic:
        yield Text(said.say("synthetic_note"), style="bold reverse")


def _heading(summary: Summary, said: Words) -> Iterator[RenderableType]:
    yield from _synthetic(summary, said)
    cases = said.count_of(summary.unit, summary.cases)
    dates = f". {said.as_of(summary.as_of)}" if summary.as_of else ""
    yield Text(said.say("screening_of", source=summary.source), style="bold")
    yield Text(f"{cases}{dates}.")


def _overview(summary: Summary, said: Words) -> Iterator[RenderableType]:
    """A line a program."""
    if len(summary.programs) < 2:
        return
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column(said.say("program"))
    for outcome in Outcome:
        grid.add_column(said.say(f"outcomes_short.{outcome}"), justify="right")
    for program in (p for p in summary.programs if p.has_grounds):
        counts = (f"{program.outcomes[outcome]:,}" for outcome in Outcome)
        grid.add_row(said.program(program.name), *counts)
    yield Text()
    yield grid


def _near_cases(summary: Summary, said: Words) -> Iterator[RenderableType]:
    """The people for whom a ground holds and a bar is not known: one answer may be enough."""
    lines = [line for line in summary.case_lines if line.open_with_ground]
    if not lines:
        return
    grid = _grid()
    for _ in range(2):
        grid.add_column(overflow="fold")
    for line in lines[:MOST_CASES]:
        told = [
            f"{said.program(name)} ({said.open_ground(is_bar)})"
            for name, is_bar in line.open_with_ground.items()
        ]
        asked = said.question(line.next_question) if line.next_question else ""
        grid.add_row(line.case_id, "\n".join(filter(None, ("; ".join(told), asked))))
    if len(lines) > MOST_CASES:
        grid.add_row("", said.say("and_more_facts", count=len(lines) - MOST_CASES))
    yield Text()
    yield Text(said.say("near_cases"), style="bold")
    yield grid


def _deadlines(summary: Summary, said: Words) -> Iterator[RenderableType]:
    if not summary.deadlines:
        return
    grid = _grid()
    for _ in range(3):
        grid.add_column(overflow="fold")
    for deadline in summary.deadlines[:MOST_DEADLINES]:
        when = said.days_until(deadline.day, deadline.as_of)
        grid.add_row(f"{deadline.day} ({when})", deadline.case_id, deadline.rule.title)
    yield Text()
    yield Text(said.say("upcoming"), style="bold")
    yield grid


def _program(program: ProgramSummary, summary: Summary, said: Words) -> Iterator[RenderableType]:
    yield Text()
    title = Text.assemble((said.program(program.name), "bold"), (f"  {program.name}", "dim"))
    yield Line(title, align="left", style="dim", characters="─")
    if program.has_grounds:
        yield _indented(_outcomes(program.outcomes, said))
        yield from _grounds(program, said)
    else:
        below = said.say("demands_below") if program.demands() else ""
        yield _indented(Text(f"{said.say('no_grounds_in_force')} {below}".rstrip()))
    for kind, key in ((Kind.BAR, "bars"), (Kind.DEADLINE, "deadlines")):
        yield from _rules(said.say(key), [c for c in program.of_law(kind) if c.told], said)
    yield from _undated(program, summary, said)
    yield from _open_facts(program, said)
    yield from _demands(program, summary, said)


def _undated(program: ProgramSummary, summary: Summary, said: Words) -> Iterator[RenderableType]:
    """Deadlines that hold and have no date, because it is not known: open, and not to be missed."""
    undated = [count for count in program.of_law(Kind.DEADLINE) if count.undated]
    if undated:
        yield Text()
        yield _indented(Text(said.say("undated"), style="bold"))
    for count in undated:
        told = said.date_not_known_in(said.count_of(summary.unit, count.undated), count.rule)
        yield _indented(Text(f"{count.rule.title}: {told}"))


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 2), expand=False)


def _grid() -> Table:
    return Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)


def _outcomes(outcomes: OutcomeCounts, said: Words) -> Table:
    grid = _grid()
    grid.add_column(no_wrap=True)
    grid.add_column(min_width=BAR_WIDTH)
    grid.add_column(justify="right")
    grid.add_column(justify="right")
    cases = sum(outcomes.values())
    for outcome in Outcome:
        count, look = outcomes[outcome], LOOKS[outcome]
        bar = Text(look.block * _bar_length(count, cases), style=look.style)
        grid.add_row(said.say(f"outcomes.{outcome}"), bar, f"{count:,}", share(count, cases))
    return grid


def _bar_length(count: int, cases: int) -> int:
    """Never nothing for something."""
    return max(1, round(BAR_WIDTH * count / cases)) if count else 0


def _grounds(program: ProgramSummary, said: Words) -> Iterator[RenderableType]:
    holding = [count for count in program.of_law(Kind.GROUND) if count.true]
    if holding:
        yield from _rules(said.say("grounds"), holding, said)
    else:
        yield _indented(Text(said.say("grounds_none"), style="dim"))


def _rules(heading: str, counts: Sequence[RuleCount], said: Words) -> Iterator[RenderableType]:
    if counts:
        yield Text()
        yield _indented(Text(heading, style="bold"))
        yield _indented(_rule_grid(counts, said))


def _rule_grid(counts: Sequence[RuleCount], said: Words) -> Table:
    """A line a rule: in how many cases it holds, its title, its first citation."""
    grid = _grid()
    grid.add_column(justify="right", min_width=7)
    grid.add_column(overflow="fold")
    for count in counts[:MOST_RULES]:
        grid.add_row(f"{count.told:,}", _rule_line(count, said))
    if len(counts) > MOST_RULES:
        more = said.say("and_more_facts", count=len(counts) - MOST_RULES)
        grid.add_row("", Text(more, style="dim"))
    return grid


def _rule_line(count: RuleCount, said: Words) -> Text:
    rule = count.rule
    line = Text(rule.title)
    if rule.emergency:
        line.append(f" [{said.say('urgent').upper()}]", style="bold red")
    if rule.check:
        line.append(f" [{said.say('check_first').upper()}]", style="yellow")
    if rule.cites:
        line.append(f"\n{rule.cites[0]}", style="dim")
    return line


def _open_facts(program: ProgramSummary, said: Words) -> Iterator[RenderableType]:
    if not program.open_facts:
        return
    grid = _grid()
    grid.add_column(justify="right", min_width=7)
    grid.add_column(overflow="fold")
    for fact in program.open_facts[:MOST_FACTS]:
        question = Text.assemble(said.question(fact.fact), (f"  {fact.fact.name}", "dim"))
        grid.add_row(f"{fact.count:,}", question)
    yield Text()
    yield _indented(Text(said.say("open_facts"), style="bold"))
    yield _indented(Text(said.say(f"open_facts_text.{program.facts_counted}"), style="dim"))
    yield _indented(grid)


def _demands(program: ProgramSummary, summary: Summary, said: Words) -> Iterator[RenderableType]:
    demands = program.demands()
    if not demands:
        return
    holding = [count for count in demands if count.true]
    found = {outcome.value: f"{count:,}" for outcome, count in program.demand_outcomes.items()}
    yield Text()
    yield _indented(Text(said.say("demands_heading"), style="bold"))
    yield _indented(_rule_grid(holding, said))
    if len(holding) < len(demands):
        silent = said.say("demands_silent", count=len(demands) - len(holding))
        yield _indented(Text(silent, style="dim"))
    sentence = said.say(
        "demands_sentence",
        ground=found["ground"],
        barred=found["ground_with_bar"],
        open=found["open"],
        cases=said.count_of(summary.unit, summary.cases),
    )
    yield _indented(Text(sentence, style="dim"))
