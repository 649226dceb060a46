"""One transaction that adds to a case what is no fact: a document, a message, a task.

Unlike `actions.changing` it does not count the case's edition: whoever is editing a fact is not
stopped by a message that came in meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django_scopes import scope

from wayhome.web.cases.actions import Erased
from wayhome.web.cases.models import Case


@contextmanager
def adding(case: Case) -> Iterator[None]:
    """Holds the case's row until done. Raises Erased where the case was erased."""
    with scope(organization=case.organization_id), transaction.atomic():
        rows = Case.objects.select_for_update().filter(pk=case.pk)
        if rows.values_list("erased_at", flat=True).get() is not None:
            raise Erased("This case was erased.")
        yield
