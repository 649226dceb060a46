"""Drafts of invented cases."""

import pytest
from tests.papers.invented_case import AS_OF

from wayhome import papers
from wayhome.engine.findings import CaseScreener
from wayhome.programs import rulebook


@pytest.fixture(scope="session")
def screener():
    book = rulebook()
    return CaseScreener(book, book.programs)


@pytest.fixture
def make(screener):
    """Makes a draft: `make("return_home/declaration", facts, person)`."""

    def made(template, facts=None, person=None, *, as_of=AS_OF, is_invented=False, exhibits=()):
        if isinstance(template, str):
            template = papers.template_of(template)
        found = tuple(screener.findings("case", facts or {}, as_of, with_questions=False))
        return papers.draft(
            template,
            facts or {},
            found,
            person or {},
            as_of,
            is_invented=is_invented,
            exhibits=exhibits,
        )

    return made


@pytest.fixture
def template():
    """A template of a few words: `template("{{ person.name }}")`."""

    def made(body, for_rules=()):
        return papers.Template("return_home/x", "return_home", "A test", "", tuple(for_rules), body)

    return made
