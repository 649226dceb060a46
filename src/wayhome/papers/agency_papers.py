"""Drafts about an agency's 287(g) agreement: its notice of termination, a request for records.

They are about no person, so no rule answers for them: each is filled from a row of ICE's list, from
the clause that somebody read in the agreement, and from what is known of the state's law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from wayhome.papers.as_pdf import pdf
from wayhome.papers.as_word import word
from wayhome.papers.blocks import Block, Line, Run, Style, blocks_of, runs
from wayhome.papers.drafting import Draft, missing_page
from wayhome.papers.edition import edition_of
from wayhome.papers.filling import Sheet, compiled
from wayhome.papers.many import Made
from wayhome.papers.templates import Template
from wayhome.papers.values import Answer, Gap, day, said
from wayhome.programs.entanglement import agreements as FOLDER
from wayhome.programs.entanglement.agreements.clauses import Clause
from wayhome.programs.entanglement.agreements.listed import ListedAgreement
from wayhome.programs.entanglement.agreements.state_laws import (
    RecordsLaw,
    records_laws,
    state_duties,
)
from wayhome.sources.agreements.meanings import state_name

NOTICE, REQUEST = "notice_of_termination", "records_request"
PROGRAM = "entanglement"


@dataclass(frozen=True)
class AgencyDraft(Draft):
    """A draft about an agency: it says of which day's list it is."""

    list_day: date

    @property
    def mark(self) -> str:
        return "DRAFT, not signed and not sent"

    @property
    def foot(self) -> str:
        listed = day(self.list_day)
        return f"DRAFT · made {day(self.as_of)} · ICE's list of {listed} · rulebook {self.edition}"


def notice_of_termination(
    agreement: ListedAgreement, clause: Clause | None, as_of: date
) -> AgencyDraft:
    """The notice by which the agency itself would end one agreement; `clause` is its own."""
    duty = state_duties().get(agreement.state)
    names = {
        "agreement": _told(agreement),
        "clause": _clause(clause),
        "state": state_name(agreement.state),
        "duties": [duty] if duty else [],
    }
    return _draft(NOTICE, names, [agreement], as_of, _for_who_checks(clause))


def records_request(agreements: Sequence[ListedAgreement], as_of: date) -> AgencyDraft:
    """A request to one agency for records of all its agreements. Raises IndexError for none."""
    first = agreements[0]
    names = {
        "agreement": _told(first),
        "agreements": [_told(one) for one in agreements],
        "law": _law(first.state),
    }
    return _draft(REQUEST, names, agreements, as_of, ())


@cache
def agency_template(name: str) -> Template:
    """NOTICE or REQUEST as it is written."""
    text = resources.files(FOLDER).joinpath(f"{name}.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("---\n")
    head, _, body = rest.partition("\n---\n")
    told = yaml.safe_load(head)
    return Template(
        f"{PROGRAM}/{name}", PROGRAM, told["title"], told["about"], (), body.strip() + "\n"
    )


def _draft(
    name: str,
    names: dict[str, Any],
    agreements: Sequence[ListedAgreement],
    as_of: date,
    told: Sequence[str],
) -> AgencyDraft:
    sheet = Sheet()
    template = agency_template(name)
    markdown = compiled(template.body).render({**names, "sheet": sheet, "missing": Gap})
    body = blocks_of(markdown, sheet.values)
    gaps = tuple(sheet.gaps)
    return AgencyDraft(
        template=template,
        blocks=(*body, *missing_page(gaps), *_made_from(agreements, as_of, told)),
        gaps=tuple(gap.what for gap in gaps),
        rules=(),
        as_of=as_of,
        edition=edition_of(),
        is_invented=False,
        list_day=agreements[0].list_day,
    )


def _told(agreement: ListedAgreement) -> dict[str, Answer]:
    signed = day(agreement.signed) if agreement.signed else ""
    address = "the list has no address of its text"
    return {
        "agency": said(agreement.agency, "the name of the agency is not known"),
        "state": said(state_name(agreement.state), "the state is not known"),
        "county": said(agreement.county or "", "the list does not tell the county"),
        "model": said(agreement.model, "the model is not known"),
        "signed": said(signed, "the list does not tell the day of signing"),
        "memorandum": said(agreement.memorandum or "", address),
        "listed": said(_place(agreement), ""),
    }


def _place(agreement: ListedAgreement) -> str:
    sheet = f", sheet {agreement.sheet}" if agreement.sheet else ""
    return f"{day(agreement.list_day)}: {agreement.list_file}{sheet}, row {agreement.row}"


def _clause(clause: Clause | None) -> dict[str, Answer]:
    words, where, ends = "", "", ""
    if clause is not None:
        words, where = clause.words, clause.where
        if clause.days_of_notice == 0:
            ends = "By this clause the agreement ends when you receive this notice."
        elif clause.days_of_notice:
            days = clause.days_of_notice
            ends = f"By this clause the agreement ends {days} days after you receive this notice."
    return {
        "words": said(words, "the clause has not been read"),
        "where": said(where, "where the clause stands is not known"),
        "ends": said(ends, "when it ends is not known"),
    }


def _law(state: str) -> dict[str, Answer]:
    law = records_laws().get(state)
    citation = law.citation if law and law.is_sourced else ""
    return {"name": said(law.law if law else "", ""), "citation": said(citation, _unsourced(law))}


def _unsourced(law: RecordsLaw | None) -> str:
    if law is None:
        return "the law of this place on public records is not known"
    return (
        "the law of the State on public records, which we have not seen in any source; from "
        f"general knowledge it is the {law.law}, {law.citation}"
    )


FORM_OF_2009 = (
    "ICE's standard form of 2009 let either party end the agreement at any time upon written "
    "notice, delivered personally or by certified or registered mail, with effect when it is "
    "received, and ran for three years (quoted at lawinsider.com under “Duration and termination "
    "of this MOA”). The forms that ICE has used since then were not read: do not take their words "
    "from here."
)


NOBODY_MUST = (
    "INA 287(g)(9) (nobody is required to enter into an agreement) is cited from general knowledge "
    "and was not read against its source."
)


def _for_who_checks(clause: Clause | None) -> tuple[str, ...]:
    if clause is None:
        return (NOBODY_MUST, FORM_OF_2009)
    return (NOBODY_MUST, f"The clause was read by {clause.read_by} on {day(clause.read_on)}.")


def _made_from(
    agreements: Sequence[ListedAgreement], as_of: date, told: Sequence[str]
) -> Iterator[Block]:
    yield Line(Style.HEADING, runs("How this draft was made"))
    made = (
        f"Made on {day(as_of)} from ICE's list of agencies with 287(g) agreements of "
        f"{day(agreements[0].list_day)}. A list tells who held an agreement on its day: look at "
        "the newest one before you use this. A lawyer checks every line of it before it is sent."
    )
    yield Line(Style.NORMAL, runs(made))
    for text in told:
        yield Line(Style.BULLET, runs(Run("Check: ", strong=True), text))


@dataclass(frozen=True)
class AgencyOrder:
    """One draft that is wanted, about the agreements of one agency; `name` comes back with it."""

    name: str
    paper: str
    agreements: tuple[ListedAgreement, ...]
    clause: Clause | None
    as_of: date


def orders_for(
    agreements: Iterable[ListedAgreement],
    clauses: Mapping[tuple[str, str], Clause],
    as_of: date,
) -> Iterator[AgencyOrder]:
    """A notice for each agreement and a request for each agency, agency by agency."""
    by_agency: dict[str, list[ListedAgreement]] = {}
    for agreement in agreements:
        by_agency.setdefault(agreement.agency_id, []).append(agreement)
    for agency, own in by_agency.items():
        for one in own:
            name = f"{agency[:90]}--{one.model.replace(' ', '-')}--notice-of-termination"
            yield AgencyOrder(name, NOTICE, (one,), clauses.get(one.key), as_of)
        name = f"{agency[:90]}--records-request"
        yield AgencyOrder(name, REQUEST, tuple(own), None, as_of)


def agency_draft(order: AgencyOrder) -> AgencyDraft:
    """The draft that was ordered."""
    if order.paper == NOTICE:
        return notice_of_termination(order.agreements[0], order.clause, order.as_of)
    return records_request(order.agreements, order.as_of)


def made_about_agency(order: AgencyOrder) -> Made:
    """The draft that was ordered, as Word and PDF, here and now."""
    made = agency_draft(order)
    return Made(order.name, word(made), pdf(made), made.gaps, made.rules)
