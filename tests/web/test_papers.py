import io
import zipfile
from datetime import date, timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from pypdf import PdfReader

from wayhome.web.audit.actors import actor_of_member
from wayhome.web.audit.models import Event
from wayhome.web.cases.documents import document_bytes
from wayhome.web.cases.models import Conflict, Document
from wayhome.web.papers import actions
from wayhome.web.papers.models import Batch, KeptDraft, PaperWords
from wayhome.web.protection.files import documents_on_disk, keep_file

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

RESCIND = "return_home/motion_to_rescind"
AS_OF = date(2026, 11, 21)
ABSENT = {"ordered_in_absentia": True, "notice_received": False, "order_date": "2019-05-31"}


@pytest.fixture(autouse=True)
def _files(files):
    pass


@pytest.fixture
def signed_in(client, settings):
    settings.SECURE_SSL_REDIRECT = False
    settings.SECOND_FACTOR_REQUIRED = False

    def as_member(member):
        client.force_login(
            member.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return as_member


@pytest.fixture
def drafted(member, new_case):
    """Makes a draft and gives the case and what was kept."""

    def made(template=RESCIND, person=None, **facts):
        case = person or new_case(name="Marie Invented", **{**ABSENT, **facts})
        who = member("attorney")
        with scope(organization=case.organization_id):
            kept = actions.make_draft(
                actor_of_member(who), who, case, template, AS_OF, timezone.now()
            )
        return case, kept

    return made


def pdf(pages=1):
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(612, 792))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def a_document(case, title, content):
    with scope(organization=case.organization_id):
        document = Document(
            case=case,
            title=title,
            content_type="application/pdf",
            size=len(content),
            added_at=timezone.now(),
        )
        keep_file(case.pk, document.pk, [content])
        document.save()
    return document


def test_it_keeps_a_draft_sealed_with_one_event_that_tells_nothing_of_the_person(drafted):
    case, kept = drafted()
    with scope(organization=case.organization_id):
        word, made = document_bytes(kept.word), document_bytes(kept.pdf)
        raw = [p.read_bytes() for p in _paths(case)]
    assert word.startswith(b"PK")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "Marie Invented" in text
    assert "INVENTED" in text
    assert not any(b"PK\x03\x04" in content or b"%PDF" in content for content in raw)
    (event,) = Event.objects.filter(deed="made draft")
    assert event.details["documents"] == [str(kept.word.pk), str(kept.pdf.pk)]
    for told in ("Marie", "return_home", "absentia", RESCIND):
        assert told not in str(event.details)


def _paths(case):
    from wayhome.web.protection.files import path_of

    return [path_of(case.pk, document) for document in documents_on_disk(case.pk)]


def test_it_counts_whoever_drafts_as_having_prepared_the_case(drafted):
    case, kept = drafted()
    with scope(organization=case.organization_id):
        found = Conflict.objects.filter(case=case, user=kept.made_by_id, reason="prepared")
        assert found.exists()


def test_it_keeps_nothing_where_the_event_cannot_be_written(drafted, new_case, monkeypatch):
    def fails(*_, **__):
        raise OSError("no room")

    monkeypatch.setattr(actions, "record", fails)
    case = new_case(**ABSENT)
    with pytest.raises(OSError, match="no room"):
        drafted(person=case)
    with scope(organization=case.organization_id):
        assert not KeptDraft.objects.exists()
        assert not Document.objects.exists()
    assert documents_on_disk(case.pk) == []


@pytest.mark.parametrize("role", ["reviewer", "analyst", "auditor", "administrator"])
def test_it_refuses_whoever_may_not_draft(signed_in, member, new_case, role):
    case = new_case(**ABSENT)
    client = signed_in(member(role))
    answer = client.post(reverse("make_paper", args=[case.pk]), {"template": RESCIND})
    assert answer.status_code == 403
    assert client.get(reverse("many_papers")).status_code == 403
    with scope(organization=case.organization_id):
        assert not KeptDraft.objects.exists()


def test_it_does_not_know_a_case_of_another_organization(signed_in, member, other_clinic, new_case):
    case = new_case(organization=other_clinic, **ABSENT)
    client = signed_in(member("attorney"))
    answer = client.post(reverse("make_paper", args=[case.pk]), {"template": RESCIND})
    assert answer.status_code == 404


def test_it_shows_first_the_papers_whose_grounds_hold(signed_in, member, new_case):
    case = new_case(**ABSENT)
    page = signed_in(member("attorney")).get(reverse("case_panel", args=[case.pk, "papers"]))
    text = page.content.decode()
    called, everybody = text.index("Papers that are called for"), text.index("For every case")
    assert called < text.index("rescind an order made in absence") < everybody
    assert "style=" not in text
    assert "<script" not in text


def test_it_shows_every_paper_under_its_program(signed_in, member, new_case):
    case = new_case(**ABSENT)
    client = signed_in(member("attorney"))
    panel = client.get(reverse("case_panel", args=[case.pk, "papers"])).content.decode()
    called = panel[panel.index("Papers that are called for") : panel.index("For every case")]
    assert called.index("<h3>Coming home</h3>") < called.index("rescind an order made in absence")
    everybody = panel[panel.index("For every case") : panel.index("Other papers")]
    assert everybody.index("<h3>Discretion for relief</h3>") < everybody.index(
        "Equities memorandum"
    )
    others = panel[panel.index("Other papers") :]
    for program, paper in (
        ("Police and detainers", "Letter to a sheriff or jail about a detainer"),
        ("Welcome", "Request for release to a host"),
    ):
        assert f"<h3>{program}</h3>" in others
        assert others.index(f"<h3>{program}</h3>") < others.index(f"<h4>{paper}</h4>")
    many = client.get(reverse("many_papers")).content.decode()
    group = many[many.index('<optgroup label="Police and detainers">') :]
    assert "letter_on_a_detainer" in group[: group.index("</optgroup>")]


def test_it_calls_for_the_letter_to_the_jail_where_no_judge_signed(signed_in, member, new_case):
    facts = {"detainer_issued_at": "2026-11-18T09:00", "judicial_warrant": False}
    case = new_case(**facts)
    page = signed_in(member("attorney")).get(reverse("case_panel", args=[case.pk, "papers"]))
    called = page.content.decode().partition("For every case")[0]
    assert "Letter to a sheriff or jail about a detainer" in called


def test_it_makes_a_draft_from_the_page_and_hands_it_out_under_the_case_code(
    signed_in, member, new_case
):
    case = new_case(name="Marie Invented", **ABSENT)
    client = signed_in(member("attorney"))
    answer = client.post(reverse("make_paper", args=[case.pk]), {"template": RESCIND}, follow=True)
    assert "The draft was made." in answer.content.decode()
    with scope(organization=case.organization_id):
        kept = KeptDraft.objects.get(case=case)
    got = client.get(reverse("download_document", args=[case.pk, kept.word_id]))
    name = got.headers["Content-Disposition"]
    assert case.code in name
    assert "DRAFT.docx" in name
    assert "Marie" not in name
    assert Event.objects.filter(deed="read document", case=case.pk).exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (
            {"template": "return_home/motion_to_resind"},
            "Did you mean return_home/motion_to_rescind?",
        ),
        ({"template": RESCIND, "as_of": "1850-01-01"}, "No draft was made"),
        ({"template": RESCIND, "as_of": "tomorrow"}, "No draft was made"),
        ({}, "There is no paper"),
    ],
)
def test_it_says_what_is_wrong_with_an_order(signed_in, member, new_case, sent, said):
    case = new_case(**ABSENT)
    answer = signed_in(member("attorney")).post(reverse("make_paper", args=[case.pk]), sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_it_puts_the_persons_own_words_into_the_declaration(signed_in, member, new_case, drafted):
    case = new_case(name="Marie Invented")
    client = signed_in(member("attorney"))
    words = {"own_words": "Mwen te gen sis an.", "translation": "I was *six*.", "court": "Boston"}
    assert client.post(reverse("paper_words", args=[case.pk]), words).status_code == 302
    with scope(organization=case.organization_id):
        raw = PaperWords.objects.filter(case=case).values_list("own_words", flat=True)[0]
    assert b"Mwen" not in bytes(raw)
    _, kept = drafted("return_home/declaration", person=case)
    with scope(organization=case.organization_id):
        made = document_bytes(kept.pdf)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "I was *six*." in text
    assert "Mwen te gen sis an." in text


def test_it_bundles_the_chosen_documents_in_their_order(signed_in, member, new_case, drafted):
    case = new_case()
    first, second = a_document(case, "Photo", pdf(1)), a_document(case, "Order", pdf(2))
    client = signed_in(member("attorney"))
    places = {f"place_{second.pk.hex}": 1, f"place_{first.pk.hex}": 2}
    assert client.post(reverse("paper_exhibits", args=[case.pk]), places).status_code == 302
    same = client.post(reverse("paper_exhibits", args=[case.pk]), dict.fromkeys(places, 1))
    assert "Two documents have the same place" in same.content.decode()
    _, kept = drafted("return_home/exhibit_list", person=case)
    with scope(organization=case.organization_id):
        reader = PdfReader(io.BytesIO(document_bytes(kept.pdf)))
    assert [mark.title for mark in reader.outline] == [
        "List of exhibits",
        "Exhibit A: Order",
        "Exhibit B: Photo",
    ]
    assert "Exhibit A, page 2 of 2" in reader.pages[-2].extract_text()


def test_it_drafts_for_many_cases_and_leaves_out_what_it_may_not(
    signed_in, member, new_case, other_clinic
):
    mine = [new_case(name=f"Invented {n}", **ABSENT) for n in range(3)]
    theirs = new_case(organization=other_clinic, **ABSENT)
    client = signed_in(member("lead"))
    sent = {"template": RESCIND, "case": [str(c.pk) for c in [*mine, theirs]]}
    answer = client.post(reverse("many_papers"), sent)
    page = client.get(answer.url)
    while "Refresh" in page.headers:
        page = client.get(answer.url)
    text = page.content.decode()
    assert "4 of 4 cases gone through" in text
    assert "1 left out" in text
    batch_id = answer.url.strip("/").rpartition("/")[2]
    got = client.get(reverse("paper_batch_file", args=[batch_id]))
    archive = zipfile.ZipFile(io.BytesIO(got.getvalue()))
    assert archive.testzip() is None
    wanted = {f"{c.code}/motion_to_rescind{e}" for c in mine for e in (".docx", ".pdf")}
    assert set(archive.namelist()) == wanted
    assert Event.objects.filter(deed="made draft").count() == 3


def test_it_goes_on_where_a_batch_was_broken_off(member, new_case, monkeypatch):
    cases = [new_case(**ABSENT) for _ in range(2)]
    who = member("lead")
    actor, now = actor_of_member(who), timezone.now()
    with scope(organization=who.organization_id):
        keys = [case.pk for case in cases]
        batch = actions.start_batch(actor, who, RESCIND, keys, AS_OF, now)
        assert actions.continue_batch(actor, who, batch, now, seconds=0.0)
        real, calls = actions.make_draft, []

        def killed(*args):
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return real(*args)

        monkeypatch.setattr(actions, "make_draft", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.continue_batch(actor, who, batch, now, seconds=60.0)
        monkeypatch.setattr(actions, "make_draft", real)
        batch = Batch.objects.get(pk=batch.pk)
        assert batch.done == 1
        assert not actions.continue_batch(actor, who, batch, now, seconds=60.0)
        assert KeptDraft.objects.count() == 2


def test_it_shows_a_batch_to_nobody_else(signed_in, member, new_case):
    owner, other = member("lead"), member("lead")
    with scope(organization=owner.organization_id):
        batch = actions.start_batch(
            actor_of_member(owner), owner, RESCIND, [new_case().pk], AS_OF, timezone.now()
        )
    client = signed_in(other)
    assert client.get(reverse("paper_batch", args=[batch.pk])).status_code == 404
    assert client.get(reverse("paper_batch_file", args=[batch.pk])).status_code == 404


def test_it_says_that_the_rulebook_changed_since_the_draft(signed_in, member, new_case, drafted):
    case, kept = drafted()
    with scope(organization=case.organization_id):
        KeptDraft.objects.filter(pk=kept.pk).update(
            edition="000000000000", made_at=timezone.now() - timedelta(days=9)
        )
    page = signed_in(member("attorney")).get(reverse("case_panel", args=[case.pk, "papers"]))
    assert "The rulebook has changed since the last draft" in page.content.decode()


def test_it_lists_unfinished_and_finished_batches_with_the_way_back(
    signed_in, member, new_case, clinic
):
    attorney, other = member("attorney"), member("attorney")
    cases = [new_case(**ABSENT) for _ in range(2)]
    ids = [case.pk for case in cases]

    def begun(who, many):
        with scope(organization=clinic):
            actor = actor_of_member(who)
            return actions.start_batch(actor, who, RESCIND, many, AS_OF, timezone.now())

    left, done, strange = begun(attorney, ids), begun(attorney, ids[:1]), begun(other, ids)
    with scope(organization=clinic):
        Batch.objects.filter(pk=left.pk).update(done=1)
        Batch.objects.filter(pk=done.pk).update(done=1)
    client = signed_in(attorney)
    text = client.get(reverse("many_papers")).text
    assert "Drafts for many that you began: 2" in text
    assert "1 of 2" in text
    assert text.count("not finished") == 1
    assert reverse("paper_batch", args=[strange.pk]) not in text
    address = reverse("paper_batch", args=[left.pk])
    assert address in text
    client.get(address)
    after = client.get(reverse("many_papers")).text
    assert "2 of 2" in after
    assert "not finished" not in after
