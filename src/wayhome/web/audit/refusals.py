"""What somebody was refused, in the log: who tried it, which page, which of their own cases."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import DatabaseError

from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import Case

REFUSED = "was refused"
# What addresses call the number of a case.
_CASE_IN_ADDRESS = ("case_id", "case")
_log = logging.getLogger(__name__)


def note_refusal(request: Any) -> None:
    """Writes a refusal of a member of staff or a token; nothing of the address but its page's name
    and a case of theirs. A log that cannot be written to makes no refusal into something else.
    """
    actor = actor_of(request)
    match = getattr(request, "resolver_match", None)
    if actor.organization is None or match is None:
        return
    try:
        if is_first_in_a_second(REFUSED, actor.name):
            case = _own_case(actor, match.kwargs)
            record(actor, REFUSED, case=case, details={"page": match.view_name})
    except DatabaseError:
        _log.exception("A refusal could not be written to the log.")


def is_first_in_a_second(deed: str, who: str) -> bool:
    """Whether nothing like it was written of them in this second: nobody may fill the log."""
    return bool(cache.add(f"{deed}:{who}".replace(" ", "-"), "y", timeout=1))


def _own_case(actor: Actor, parts: dict[str, Any]) -> UUID | None:
    said = next((parts[name] for name in _CASE_IN_ADDRESS if parts.get(name)), None)
    try:
        case = UUID(str(said))
    except ValueError:
        return None
    own = Case._base_manager.filter(pk=case, organization=actor.organization)
    return case if own.exists() else None
