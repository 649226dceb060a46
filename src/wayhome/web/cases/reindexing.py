"""Making every search word again: after the folding of names has changed, or a restore."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django_scopes import scope

from wayhome.web.cases.models import Case
from wayhome.web.cases.search import index_person
from wayhome.web.protection.keys import forget_opened_keys, open_case_keys

_AT_ONCE = 200


def reindex(organization: UUID) -> Iterator[int]:
    """Writes the search words of every case anew, some hundred at once; yields how many are done.

    Each case keeps its old words until its new ones stand: it can be stopped and begun again.
    """
    with scope(organization=organization):
        found = list(Case.objects.filter(erased_at=None).values_list("pk", flat=True))
        for start in range(0, len(found), _AT_ONCE):
            forget_opened_keys()
            few = found[start : start + _AT_ONCE]
            open_case_keys(few)
            with transaction.atomic():
                for case in Case.objects.filter(pk__in=few).select_related("person"):
                    index_person(case)
            yield start + len(few)
    forget_opened_keys()
