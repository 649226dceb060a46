"""`tend_files`: scan documents that are held apart, and sweep away files of no document."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from wayhome.web.files.sweep import tend_files


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        done = tend_files(timezone.now())
        self.stdout.write(
            f"Scanned: {done.scanned}. Waiting for the scanner: {done.waiting}. "
            f"Strays removed: {done.swept}."
        )
