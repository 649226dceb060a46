"""What goes in and out of the API. Every field says what it is; nothing unknown is filled in."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

from wayhome.law.vocabulary import EARLIEST_DATE, LARGEST_COUNT, LATEST_DATE
from wayhome.web.cases.models import State
from wayhome.words import LANGUAGES

LONGEST_TEXT = 2000


def _readable(text: str) -> str:
    """Text that every database and file can hold."""
    if "\0" in text or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("must not hold NUL or half of a surrogate pair")
    return text


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_readable)]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
Day = Annotated[date, Field(ge=EARLIEST_DATE, le=LATEST_DATE)]
Language = Literal[tuple(LANGUAGES)]  # type: ignore[valid-type]
StateName = Literal[tuple(str(s) for s in State)]  # type: ignore[valid-type]
# A program says what people or records say; it never says what the lawyer says.
Teller = Literal["applicant", "family", "record"]


class Wrong(Schema):
    """What is wrong, in a sentence."""

    detail: str


class CaseLine(Schema):
    """A case without anything that names a person."""

    id: UUID
    code: str
    state: str
    state_since: datetime = Field(
        description="when the state began; of a filing, an answer of the government, a departure "
        "and an arrival the beginning of the day on which it happened, unless that was the day on "
        "which it was written down, or is not known"
    )
    received_at: datetime
    is_emergency: bool
    next_deadline: date | None = Field(None, description="empty: none is known")
    outcomes: dict[str, str] = Field(description="each program's outcome at the last screening")
    screened_on: date | None
    assigned_to: UUID | None = Field(None, validation_alias="assigned_to_id")
    language: str
    edition: int = Field(description="counts changes; say it when you change something")
    is_invented: bool


class CasePage(Schema):
    cases: list[CaseLine]
    after: str = Field(description="ask for the page behind it with this; empty at the end")


class PersonOut(Schema):
    """Only for tokens with persons:read; the A-number only with a_numbers:read."""

    name: str
    other_names: list[str]
    birth_date: str
    where: str
    a_number: str | None = Field(None, description="left out without a_numbers:read")


class CaseDetail(CaseLine):
    person: PersonOut | None = Field(None, description="left out without persons:read")


class NewPerson(Schema):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=200), AfterValidator(_readable)] = ""
    other_names: Annotated[str, Field(max_length=1000), AfterValidator(_readable)] = ""
    birth_date: Day | None = None
    a_number: Annotated[str, Field(pattern=r"^(A?[0-9]{8,9})?$")] = ""
    where: Annotated[str, Field(max_length=200), AfterValidator(_readable)] = ""


class Answer(Schema):
    """A value, or that it is unknown or declined: exactly one of the three."""

    model_config = ConfigDict(extra="forbid")
    value: bool | Count | Text | None = None
    is_unknown: bool = False
    is_declined: bool = False


class NewCase(Schema):
    model_config = ConfigDict(extra="forbid")
    person: NewPerson = NewPerson()
    facts: dict[str, Answer] = Field({}, max_length=200)
    source: Teller = "applicant"
    language: Language = "en"


class NewStatement(Answer):
    fact: str
    source: Teller
    said_on: Day
    note: Text = ""
    edition: int | None = Field(
        None, ge=0, le=2**31 - 1, description="refused with 409 if the case has another by now"
    )


class StatementOut(Schema):
    """What a source says of a fact; value is empty where it is unknown or declined."""

    id: int
    fact: str
    value: bool | int | str | None
    is_unknown: bool
    is_declined: bool
    source: str
    said_on: date
    recorded_at: datetime
    counts: bool = Field(description="whether this is what the rules read")


class Facts(Schema):
    edition: int
    facts: dict[str, bool | int | str] = Field(description="what counts; the unknown is left out")
    statements: list[StatementOut]
    disputed: list[str] = Field(description="facts of which sources say different things")


class Stated(Schema):
    id: int
    edition: int


class DeadlineOut(Schema):
    """A deadline. Where only the month of a day is known, it lies between `day` and `latest`."""

    rule: str
    title: str
    day: date
    latest: date | None = None


class FindingOut(Schema):
    """One program's finding: the contract of `wayhome screen --format json`."""

    program: str
    outcome: str
    demand_outcome: str
    grounds: list[dict[str, object]]
    demands: list[dict[str, object]]
    bars: list[dict[str, object]]
    deadlines: list[dict[str, str]]


class Screening(Schema):
    case: UUID
    as_of: date
    is_emergency: bool
    findings: list[FindingOut]
    deadlines: list[DeadlineOut]
    questions: list[str] | None = Field(None, description="facts to ask for next, if asked for")


class Deadlines(Schema):
    case: UUID
    as_of: date
    deadlines: list[DeadlineOut]


class CaseDeadlineOut(Schema):
    case: UUID
    code: str
    day: date
    is_emergency: bool
