"""`rescreen`: every open case by today's law. To be run every morning."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wayhome.web.accounts.models import Organization
from wayhome.web.cases.screening import rescreen_stale


class Command(BaseCommand):
    help = "Screens every open case that was not screened on this day yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day, else today")
        parser.add_argument("--most", type=int, help="at most so many cases of an organization")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.now().date()
        for organization in Organization.objects.order_by("name"):
            done = rescreen_stale(organization.pk, as_of, options["most"])
            self.stdout.write(f"{organization.name}: {done} screened")
