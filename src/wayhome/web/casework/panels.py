"""Messages, tasks, notes, contacts, consent and sharing on the page of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from wayhome.web.accounts.models import Organization
from wayhome.web.accounts.permissions import Deed
from wayhome.web.cases.case_panels import Panel
from wayhome.web.cases.models import Case, Consent, Contact, Message, Note, Task
from wayhome.web.casework.consents import choices_of, how_agreed, in_words, who_typed
from wayhome.web.casework.forms import (
    ConsentForm,
    ContactForm,
    HouseholdForm,
    MessageForm,
    NoteForm,
    TaskForm,
    task_owners,
)
from wayhome.web.casework.models import HouseholdMember
from wayhome.web.casework.safe_hours import reach_of
from wayhome.web.casework.sharing_panel import sharing


def messages(request: Any, case: Case) -> Mapping[str, Any]:
    found = list(Message.objects.filter(case=case).select_related("sent_by").order_by("-sent_at"))
    unread = sum(m.is_from_applicant and m.read_at is None for m in found)
    return {"case_messages": found, "unread": unread, "form": MessageForm()}


def notes(request: Any, case: Case) -> Mapping[str, Any]:
    found = Note.objects.filter(case=case).select_related("written_by").order_by("-written_at")
    return {"notes": list(found), "form": NoteForm(initial={"for_whom": "team"})}


def tasks(request: Any, case: Case) -> Mapping[str, Any]:
    found = list(Task.objects.filter(case=case).select_related("owner").order_by("due", "pk"))
    owners = task_owners(request.member)
    return {
        "open_tasks": sorted((t for t in found if t.done_at is None), key=_by_day),
        "done_tasks": [t for t in found if t.done_at is not None],
        "owners": owners,
        "form": TaskForm(members=owners),
    }


def _by_day(task: Task) -> tuple[bool, str]:
    return task.due is None, str(task.due)


def contacts(request: Any, case: Case) -> Mapping[str, Any]:
    now = timezone.now()
    rows = Contact.objects.filter(case=case).order_by("-is_first", "pk")
    # The first consent of a case says who types; later ones may be about sharing it.
    first = Consent.objects.filter(case=case).order_by("pk").first()
    return {
        "contacts": [reach_of(row, now) for row in rows],
        "who_typed": who_typed(first) if first else "",
        "household": list(HouseholdMember.objects.filter(case=case).order_by("pk")),
        "form": ContactForm(),
        "household_form": HouseholdForm(auto_id="household_%s"),
    }


def consents(request: Any, case: Case) -> Mapping[str, Any]:
    names = {o.pk.hex: o.name for o in Organization.objects.all()}
    rows = Consent.objects.filter(case=case).order_by("-given_at", "-pk")
    return {
        "consents": [
            {
                "row": row,
                "what": in_words(row, names),
                "how": how_agreed(row),
                "proxy": who_typed(row),
            }
            for row in rows
        ],
        "form": ConsentForm(choices=choices_of(case), initial={"language": case.language}),
    }


PANELS = (
    Panel("messages", "Messages", "casework/messages.html", messages, order=30),
    Panel("tasks", "Tasks", "casework/tasks.html", tasks, order=35),
    Panel("notes", "Notes", "casework/notes.html", notes, order=40),
    Panel("contacts", "Contacts", "casework/contacts.html", contacts, order=50),
    Panel("consent", "Consent", "casework/consents.html", consents, order=60),
    Panel("sharing", "Sharing", "casework/sharing.html", sharing, Deed.TRANSFER, order=65),
)
