"""Screenings small enough to check by hand, for the tests of the reports."""

from datetime import date

from wayhome.engine.explanation import explain
from wayhome.engine.findings import findings
from wayhome.engine.graph import compile_graph
from wayhome.engine.outcomes import Outcome
from wayhome.engine.plain import Reading
from wayhome.law.vocabulary import load_vocabulary
from wayhome.programs import rulebook
from wayhome.report.summary import (
    FactCount,
    FactsCounted,
    GroupCount,
    ProgramSummary,
    RuleCount,
    Summary,
    Unit,
)

DAY = date(2021, 7, 1)
HOSTILE = "<script>alert('x')</script>\"&"
CITIES = [f"C{number:02}" for number in range(40)]


def outcomes(ground, barred, open_, none):
    return dict(zip(Outcome, (ground, barred, open_, none), strict=True))


def docket(cases=12_600_000, *, source="SYNTHETIC-store", is_synthetic=True, programs=None):
    """A docket's summary with every rule in force, three breakdowns a program."""
    book = rulebook()
    graph = compile_graph(book, DAY, programs)
    facts = [fact for fact in load_vocabulary() if fact.question][:20]
    return Summary(
        source=source,
        as_of=(DAY,),
        is_synthetic=is_synthetic,
        unit=Unit.DOCKET_CASES,
        cases=cases,
        programs=tuple(_program(book, graph, name, facts, cases) for name in graph.programs),
        provenance=(("source", "SYNTHETIC-eoir"), ("sha256", "9f86d081" * 8)),
    )


def _program(book, graph, name, facts, cases):
    rules = [book.rules[rule] for rule in graph.rules if book.rules[rule].program == name]
    a_tenth = cases // 10
    return ProgramSummary(
        name=name,
        outcomes=outcomes(a_tenth, 1, 5 * a_tenth, cases - 6 * a_tenth - 1),
        demand_outcomes=outcomes(0, 0, 0, cases),
        rules=tuple(
            RuleCount(rule, 0 if i % 3 == 2 else a_tenth, cases - 2 * a_tenth, a_tenth)
            for i, rule in enumerate(rules)
        ),
        open_facts=tuple(FactCount(fact, cases - i) for i, fact in enumerate(facts)),
        facts_counted=FactsCounted.LEFT_OPEN,
        groups={
            "nationality": _groups(["MX", "GT", HOSTILE, *CITIES], cases),
            "court": _groups(CITIES, cases),
            "year": _groups([str(year) for year in range(1990, 2022)], cases),
        },
    )


def _groups(labels, cases):
    part = cases // (4 * len(labels))
    counts = [
        GroupCount(label, outcomes(part + len(labels) - i, 0, 2 * part, 1))
        for i, label in enumerate(labels)
    ]
    return (*counts, GroupCount(None, outcomes(1, 0, 2, 0)))


PEOPLE = {
    "ana": {"detained": True, "manner_of_entry": "inspected", "final_order": False},
    "bernard": {
        "detained": True,
        "final_order": True,
        "order_final_date": date(2021, 5, 20),
        "ordered_in_absentia": True,
        "notice_received": False,
    },
    "esperanza": {"born_in_us": True, "removed": True},
    "nobody": {},
}


def findings_of(*people, programs=("return_home", "release")):
    book = rulebook()
    graph = compile_graph(book, DAY, programs)
    return [f for name in people or PEOPLE for f in findings(book, graph, name, PEOPLE[name])]


def explanations_of(person, *rules):
    book = rulebook()
    reading = Reading(book, DAY, PEOPLE[person])
    return [explain(reading, book.rules[rule]) for rule in rules]
