"""A case about which everything is known; nobody in it is real."""

from datetime import date, datetime

from wayhome.law.vocabulary import FactType, load_vocabulary

AS_OF = date(2026, 11, 21)

PERSON = {
    "name": "Marie Invented",
    "other_names": "Mari Invented",
    "birth_date": "1988-03-02",
    "a_number": "A000-000-000",
    "where": "Port-au-Prince",
    "case_code": "K7QM-2XNP",
    "organization": "Invented Clinic",
    "counsel": "Jane Invented",
    "counsel_address": "1 Invented Street",
    "court": "Boston",
    "own_words": "Mwen te gen sis an.\n\nMwen vle tounen.",
    "own_language": "Haitian Creole",
    "translation": "I was six.\n\nI want to come back.",
    "translator": "Tom Invented",
}
VALUES = {
    FactType.BOOL: True,
    FactType.INT: 2,
    FactType.DATE: date(2019, 5, 31),
    FactType.DATETIME: datetime(2020, 1, 2, 14, 30),
    FactType.CODE: "HT",
    FactType.TEXT: "SOUTH",
}


def everything():
    """A value for every fact of the vocabulary."""
    facts = [f for f in load_vocabulary() if f.name not in ("case_id", "screening_date")]
    known = {f.name: f.values[-1] if f.values else VALUES[f.type] for f in facts}
    return {**known, "language": "ht"}
