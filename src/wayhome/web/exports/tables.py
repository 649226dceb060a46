"""What an export holds: a table for each model, in the order in which they can be read back.

Every model of the application is here, or among NOT_EXPORTED with the reason (a test sees to it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models

from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.accounts.models import Membership, Organization, User
from wayhome.web.campaign import models as campaign
from wayhome.web.cases import models as cases
from wayhome.web.casework.models import HouseholdMember
from wayhome.web.files.models import Scan
from wayhome.web.journey.models import Step
from wayhome.web.papers.models import KeptDraft, PaperWords
from wayhome.web.portal.models import CallBack
from wayhome.web.protection.fields import SealedField
from wayhome.web.review import models as review


class Holds(StrEnum):
    """What a column holds."""

    ID = "id"
    CASE = "case"
    PERSON_OF_STAFF = "email"
    ROW = "row"
    JSON = "json"
    YES_NO = "yes or no"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column of a table, and the field that it holds."""

    name: str
    holds: Holds
    field: Any

    @property
    def may_be_empty(self) -> bool:
        return bool(self.field.null)


@dataclass(frozen=True)
class Table:
    """A model's rows. `owner` is the way from a row to its organization.

    `later` are columns that came later: an export made before has none, and says nothing there.
    """

    name: str
    model: type[models.Model]
    owner: str = "case__organization"
    leave_out: tuple[str, ...] = ()
    later: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self._columns())

    def _columns(self) -> Iterable[Column]:
        for field in self.model._meta.concrete_fields:
            is_owner = field.is_relation and field.related_model is Organization
            if not (field.generated or is_owner or field.name in self.leave_out):
                yield Column(field.name, _holds(field), field)

    @property
    def refers_to(self) -> set[type[models.Model]]:
        """The models of the rows that its rows name."""
        return {c.field.related_model for c in self.columns if c.holds is Holds.ROW}


_SIMPLE: tuple[tuple[type[models.Field[Any, Any]], Holds], ...] = (
    (SealedField, Holds.JSON),
    (models.JSONField, Holds.JSON),
    (models.BooleanField, Holds.YES_NO),
    (models.IntegerField, Holds.NUMBER),
    (models.DateTimeField, Holds.MOMENT),
    (models.DateField, Holds.DAY),
    (models.CharField, Holds.TEXT),
    (models.TextField, Holds.TEXT),
)


def _holds(field: Any) -> Holds:
    if field.is_relation:
        kinds = {cases.Case: Holds.CASE, User: Holds.PERSON_OF_STAFF}
        return kinds.get(field.related_model, Holds.ROW)
    if field.primary_key:
        return Holds.ID
    return next(holds for kind, holds in _SIMPLE if isinstance(field, kind))


TABLES: tuple[Table, ...] = (
    Table("cases", cases.Case, owner="organization"),
    Table("persons", cases.Person),
    Table("statements", cases.Statement),
    Table("contacts", cases.Contact),
    Table("household", HouseholdMember),
    Table("consents", cases.Consent),
    Table("tasks", cases.Task),
    Table("notes", cases.Note),
    Table("messages", cases.Message),
    Table("documents", cases.Document),
    Table("scans", Scan, owner="document__case__organization"),
    Table("conflicts", cases.Conflict),
    Table("duplicates", cases.Duplicate),
    Table("possible_conflicts", cases.PossibleConflict),
    Table("saved_views", cases.SavedView, owner="organization"),
    Table("rounds", review.Round),
    Table("assignments", review.Assignment),
    Table("findings", review.Finding),
    # The number in the log that it stands at is that of another log after a move.
    Table(
        "state_changes",
        review.StateChange,
        leave_out=("audit_number",),
        later=("happened_on", "said"),
    ),
    Table("filings", review.Filing),
    Table("agreement_counts", review.AgreementCount, owner="organization"),
    Table("steps", Step),
    Table("call_backs", CallBack),
    Table("paper_words", PaperWords),
    Table("drafts", KeptDraft),
    # The key, which is the organization's own, is written as the case that it stands for.
    Table("finding_rows", FindingRow, owner="organization", leave_out=("key",)),
    Table("publications", Publication, owner="organization"),
    # Who signed for an organization is not exported: addresses stay where they were given.
    Table("letters", campaign.Letter, owner="organization"),
    Table("letter_texts", campaign.Version, owner="letter__organization"),
    Table("signatures", campaign.Signature, owner="letter__organization"),
    Table("demands", campaign.Demand, owner="letter__organization"),
    Table("evidence", campaign.Evidence, owner="demand__letter__organization"),
    Table("evidence_files", campaign.EvidencePiece, owner="evidence__demand__letter__organization"),
    Table("demand_notes", campaign.DemandNote, owner="demand__letter__organization"),
    Table("like_names", campaign.Likeness, owner="organization"),
)
BY_NAME = {table.name: table for table in TABLES}
BY_MODEL = {table.model: table for table in TABLES}
# Ids of documents in a sealed list.
LISTS_OF_DOCUMENTS = {("paper_words", "exhibits")}

NOT_EXPORTED = {
    "accounts.organization": "its name and settings stand in about.json",
    "accounts.membership": "people.* holds name, address and role",
    "accounts.user": "people.* holds name, address and role; never a password",
    "accounts.invitation": "a secret link, good for three days",
    "accounts.signin": "a session of a browser",
    "api.token": "a secret; a new one is made where the cases go",
    "audit.event": "log.* holds the organization's events; they are read, not taken in",
    "audit.head": "the end of the installation's log",
    "cases.searchword": "made again from the names",
    "campaign.signer": "who signed for an organization: given to this coalition alone",
    "campaign.signerlink": "a secret link",
    "campaign.signingtry": "tries of the last day",
    "casework.calendarfeed": "a secret address",
    "casework.intake": "what was taken in stands among the cases",
    "casework.intakerow": "what was taken in stands among the cases",
    "casework.sharing": "an offer between organizations of this installation",
    "papers.batch": "work that is under way; its drafts stand among the drafts",
    "portal.doorway": "a passphrase; applicants are given new words",
    "portal.wrongtry": "wrong passphrases of the last hours",
    "protection.casekey": "a key",
    "protection.organizationkey": "a key",
    "review.findingdraft": "nobody but its reviewer reads it before it is a finding",
}
PEOPLE = ("email", "name", "role", "is_active", "languages")
LOG = ("number", "at", "actor", "case", "deed", "details", "hash")


def people_of(organization: Organization) -> list[dict[str, Any]]:
    """Who works, or worked, for the organization."""
    members = Membership.objects.filter(organization=organization).select_related("user")
    return [
        {
            "email": m.user.email,
            "name": m.user.name,
            "role": m.role,
            "is_active": m.is_active,
            "languages": m.user.languages,
        }
        for m in members.order_by("user__email")
    ]
