"""The facts of the vocabulary in the groups in which people look for them."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from wayhome.law.vocabulary import CASE_ID, SCREENING_DATE, Fact, load_vocabulary
from wayhome.web.cases.names import folded

# Each group begins with this fact and goes on to the next one's, in the vocabulary's order.
_BEGIN = {
    "country_of_citizenship": "The person",
    "first_entry_date": "Coming to the United States",
    "born_in_us": "Citizenship",
    "us_military_service": "Military service",
    "proceeding_type": "The court case",
    "order_date": "The order, and leaving",
    "charge_criminal": "Charges and convictions",
    "prior_removals": "Returning, and what stands in the way",
    "immediate_relative_of_citizen": "Family petitions and hardship",
    "crime_victim_helpful": "Harm suffered, and protection",
    "daca_status": "DACA and TPS",
    "us_citizen_children": "Family, health and danger",
    "wants_return": "What the person wants",
    "detained": "Detention and the border",
    "fixed_address": "Address and next dates",
    "independent_ground_remains": "Custody in law",
    "reached_through_local_police": "Police and detainers",
}
_NOT_SAID = {CASE_ID, SCREENING_DATE}


@cache
def fact_groups() -> dict[str, tuple[Fact, ...]]:
    """Every fact that somebody can state, by the title of its group, in order."""
    groups: dict[str, list[Fact]] = {}
    title = next(iter(_BEGIN.values()))
    for fact in load_vocabulary():
        title = _BEGIN.get(fact.name, title)
        if fact.name not in _NOT_SAID:
            groups.setdefault(title, []).append(fact)
    return {title: tuple(facts) for title, facts in groups.items()}


@cache
def label_of(fact: Fact) -> str:
    """What a fact is called on a page of staff: its meaning, which reads whatever the answer."""
    return fact.meaning.split(" (")[0]


def facts_like(text: str) -> dict[str, tuple[Fact, ...]]:
    """The facts of which each word of a text is a part: of meaning, question, name or group."""
    wanted = folded(text).split()
    found = {
        title: tuple(f for f in facts if all(word in _searched(f, title) for word in wanted))
        for title, facts in fact_groups().items()
    }
    return {title: facts for title, facts in found.items() if facts}


@cache
def _searched(fact: Fact, title: str) -> str:
    told = (fact.name, fact.meaning, fact.question, fact.help, title, " ".join(fact.values))
    return folded(" ".join(told))


@cache
def fact_options() -> SafeString:
    """The options of a list from which a fact is chosen; the same on every page."""
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((title, _options(facts)) for title, facts in fact_groups().items()),
    )


def _options(facts: tuple[Fact, ...]) -> SafeString:
    rows = ((fact.name, label_of(fact)) for fact in facts)
    return format_html_join("", '<option value="{}">{}</option>', rows)
