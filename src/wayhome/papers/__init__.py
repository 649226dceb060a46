"""Papers: drafts filled from a case's facts and the rules that hold, as Word and PDF.

    template = template_of("return_home/motion_to_rescind")
    made = draft(template, facts, findings, person, as_of, is_invented=False)
    word(made), pdf(made)

Templates lie with the programs (`programs/<program>/papers/*.md`). Nothing here knows Django.
"""

from wayhome.papers.as_pdf import pdf, pictures
from wayhome.papers.as_word import word
from wayhome.papers.drafting import Draft, Exhibit, draft, letter_of
from wayhome.papers.naming import PERSON, UnknownField
from wayhome.papers.templates import (
    FaultyTemplates,
    Suited,
    Template,
    UnknownTemplate,
    suited,
    template_of,
    templates,
)

__all__ = [
    "PERSON",
    "Draft",
    "Exhibit",
    "FaultyTemplates",
    "Suited",
    "Template",
    "UnknownField",
    "UnknownTemplate",
    "draft",
    "letter_of",
    "pdf",
    "pictures",
    "suited",
    "template_of",
    "templates",
    "word",
]
