"""`end_old_intakes`: end intakes that nobody ended, so that their rows are gone for good."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from wayhome.web.casework.intake import end_old_intakes


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"Intakes ended: {end_old_intakes(timezone.now())}.")
