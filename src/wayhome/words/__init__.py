"""The law in plain words, in six languages: English beside the law, the others in PO files here.

English is written where the law is: `programs/<program>/words.yaml` (the sentences of each rule),
`programs/<program>/page.yaml` (the program's page), `law/questions.csv` (the question and the help
of each fact). The translations are `catalogs/<language>.po`; see docs/how-to/translate.md.
"""

from wayhome.words.languages import LANGUAGES, Language, UnknownLanguage, language_of
from wayhome.words.telling import Page, Section, help_line, program_page, question, sentence

__all__ = [
    "LANGUAGES",
    "Language",
    "Page",
    "Section",
    "UnknownLanguage",
    "help_line",
    "language_of",
    "program_page",
    "question",
    "sentence",
]
