"""What people agree to, by the version of the words, and what staff read to them."""

from __future__ import annotations

from wayhome.web.accounts.models import Organization
from wayhome.web.cases.models import Case, Consent
from wayhome.web.portal.wording import consent_version

# Begins the version of an agreement that another organization may have the case, or facts of it.
SHARING = "share/"
FILE = "file/1"


def words_to_share_with(organization: Organization, kind: str) -> str:
    """The version that names an agreement to refer or transfer to one organization."""
    return f"{SHARING}{kind[0]}/{organization.pk.hex}"


def choices_of(case: Case) -> list[tuple[str, str]]:
    """What staff may write down that somebody agreed to."""
    keep = consent_version(case.language)
    others = Organization.objects.exclude(pk=case.organization_id).order_by("name")
    shared = [
        (words_to_share_with(other, kind), f"{text} {other.name}")
        for other in others
        for kind, text in (
            ("referral", "That chosen facts are given to"),
            ("transfer", "That the whole case goes over to"),
        )
    ]
    return [(keep, "That we keep what they tell us, and work on it"), *shared]


def in_words(consent: Consent, names: dict[str, str]) -> str:
    """What was agreed to, for a list; `names` are organizations', by the hex of their id."""
    version = consent.text_version
    if version.startswith(SHARING):
        kind, _, organization = version.removeprefix(SHARING).partition("/")
        what = "go over to" if kind == "t" else "be told, in chosen facts, to"
        return f"The case may {what} {names.get(organization, 'another organization')}"
    if version == FILE:
        return "The case was taken in from a file of the organization"
    return "We may keep what they tell us, and work on it"


# How somebody agreed, where another typed for them: the portal's choices, for staff.
_HOW = {
    "yes_in_person": "said yes in person",
    "yes_by_phone": "said yes by phone or message",
    "yes_in_writing": "said yes in writing",
    "for_child": "agreed to by a parent or guardian, for a child under 18",
    "not_reached": "could not be reached; not asked yet",
}


def how_agreed(consent: Consent) -> str:
    """How it was agreed to: a choice of the portal in words, or what staff wrote down."""
    how = consent.how if isinstance(consent.how, dict) else {}
    said = str(how.get("agreed") or "")
    return _HOW.get(said, said) or ("on the phone" if how.get("on") == "phone" else "on the page")


def who_typed(consent: Consent) -> str:
    """Who agreed or typed for the person, by name and relation; empty where nobody did."""
    proxy = consent.proxy
    if not consent.is_by_proxy or not isinstance(proxy, dict):
        return ""
    relation = str(proxy.get("relation") or "").strip()
    name = str(proxy.get("name") or "").strip()
    named = f"{name}, " if name else ""
    match proxy.get("who"):
        case "relative":
            return f"who typed: {named}relative of the person{_in_brackets(relation)}"
        case "volunteer":
            return f"who typed: {named}volunteer or helper{_in_brackets(relation)}"
        case _:
            return f"agreed for the person: {relation or 'somebody else'}"


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""


def standing_consent(case: Case, organization: Organization, kind: str) -> Consent | None:
    """The newest agreement to share with an organization that was not taken back."""
    return (
        Consent.objects.filter(
            case=case,
            text_version=words_to_share_with(organization, kind),
            withdrawn_at=None,
        )
        .order_by("-given_at")
        .first()
    )
