"""A letter that is open for signing, and how a stranger signs it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from wayhome.web.accounts.models import Role
from wayhome.web.audit.actors import actor_of_member
from wayhome.web.campaign import forms, letters
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.models import Letter, Signature

LINK = re.compile(r"https?://testserver(/(?:confirm|withdraw)/[\w-]+/)")


class Campaign:
    """An open letter of a coalition, with an organizer, and a clock that can be set."""

    def __init__(self, organizer):
        self.organizer, self.organization = organizer, organizer.organization
        self.actor = actor_of_member(organizer)
        self.letter = letters.make_letter(
            self.actor, organizer, timezone.now(), text="Dear Secretary,\n\nclose one.",
            slug="try", title="A letter to try", recipient="The Secretary",
            deadline=today_there() + timedelta(days=30),
        )  # fmt: skip
        letters.open_text(self.actor, organizer, self.letter, timezone.now())
        base = f"/letters/{self.organization.slug}/try/"
        self.page, self.sign = base, f"{base}sign/"

    def fill_in(self, name="Harbor Legal Aid", client=None, path=None, **more):
        """Sends the form as a browser would, after as long as somebody needs."""
        client = client or Client()
        path = path or self.sign
        stamp = re.search(r'name="opened" value="([^"]+)"', client.get(path).content.decode())
        told = {"name": name, "signer": "Ana Invented", "email": "ana@aid.example"}
        told |= {"opened": stamp[1], **more}
        return client.post(path, told)

    def link(self, place=-1):
        """The link in a message that was sent."""
        return LINK.search(mail.outbox[place].body)[1]

    def signatures(self, **by):
        with scope(organization=self.organization):
            return list(Signature.objects.filter(letter=self.letter, **by).order_by("asked_at"))

    def change(self, **fields):
        with scope(organization=self.organization):
            Letter.objects.filter(pk=self.letter.pk).update(**fields)
            self.letter.refresh_from_db()


@pytest.fixture
def campaign(clinic, member, settings, monkeypatch):
    settings.SENDS_MESSAGES = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MESSAGES = settings.HOME / "no-messages"
    monkeypatch.setattr(forms, "QUICKEST", timedelta(0))
    return Campaign(member(Role.ORGANIZER))
