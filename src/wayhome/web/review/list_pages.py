"""Lists too long for one page, several on a page: `?late=2&seats=3` says which part of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True)
class ListPage:
    """Some rows of a list: which ones they are of how many, and the addresses of its neighbours."""

    rows: list[Any]
    first: int
    last: int
    count: int
    previous: str
    next: str

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.count


def list_page(request: HttpRequest, name: str, rows: QuerySet[Any], size: int) -> ListPage:
    """The part of a list that the address asks for under its name, which is also its anchor."""
    page = Paginator(rows, size).get_page(request.GET.get(name))

    def address(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}#{name}"

    return ListPage(
        rows=list(page.object_list),
        first=page.start_index(),
        last=page.end_index(),
        count=page.paginator.count,
        previous=address(page.previous_page_number()) if page.has_previous() else "",
        next=address(page.next_page_number()) if page.has_next() else "",
    )
