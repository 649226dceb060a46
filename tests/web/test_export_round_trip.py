"""Export and import: everything comes back as it was, in every format; nothing half-taken-in."""

import csv
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from openpyxl import load_workbook
from tests.web.review_cases import Team

from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.campaign import demands, letters
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.demonstration import letters_of_demonstration
from wayhome.web.campaign.likeness import decide
from wayhome.web.campaign.models import Letter, Signer
from wayhome.web.campaign.signing import keep_signer
from wayhome.web.cases.actions import receive_case, state_fact
from wayhome.web.cases.facts import NoAnswer
from wayhome.web.cases.invented import invented_caseload, invented_staff
from wayhome.web.cases.models import Case, Document, Note, Person
from wayhome.web.cases.search import search
from wayhome.web.exports import formats
from wayhome.web.exports.cells import text_of, value_of
from wayhome.web.exports.exporting import AlreadyThere, export, undecided_findings
from wayhome.web.exports.importing import NotEmpty, import_export
from wayhome.web.exports.reading import Faulty
from wayhome.web.exports.reviews_anew import begin_reviews_anew
from wayhome.web.exports.tables import BY_NAME, NOT_EXPORTED, TABLES, Holds
from wayhome.web.protection.files import file_bytes, keep_file
from wayhome.web.protection.models import CaseKey
from wayhome.web.review.models import Filing, Finding, StateChange

pytest_plugins = ("tests.web.review_cases",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("command:test")
NASTY = '=HYPERLINK("x")\n"true"; 12, \u202bمرحبا\u202c ሰላም 😀 \x07'


@pytest.fixture
def office(clinic, files):
    """An invented caseload, with names, texts and files that are hard to carry."""
    invented_staff(clinic)
    list(invented_caseload(clinic, 40, 3, timezone.now()))
    person = {"name": "ሰላም", "a_number": "A999000777", "where": "true"}
    case = receive_case(
        ACTOR, clinic, person=person, facts={"removed": True, "represented": NoAnswer.DECLINED},
        source="applicant", language="ar", now=timezone.now(), is_invented=True,
    )  # fmt: skip
    state_fact(
        ACTOR, case, "us_citizen_children", 0, "record", timezone.now().date(), timezone.now()
    )
    with scope(organization=clinic):
        for text in (NASTY, "12", "null", "'quoted", "+1 555", "", "-", "{}"):
            Note.objects.create(case=case, text=text, written_at=timezone.now())
        change = StateChange.objects.filter(case__is_invented=True, to_state="filed").first()
        change.said = NASTY
        change.save()
        Filing.objects.create(case=change.case, change=change, to="A court", papers=["Motion"])
        made = [
            Document.objects.create(
                case=case,
                title=f"v{n}",
                content_type="application/pdf",
                size=3,
                added_at=timezone.now(),
            )
            for n in (1, 2)
        ]
        Document.objects.filter(pk=made[1].pk).update(version_of=made[0])
        for document in made:
            keep_file(case.pk, document.pk, [b"%PDF \x00\xff", bytes(300_000)])
    _letters(clinic)
    return clinic


def _letters(clinic):
    """Letters, with a text, evidence and a decision that are hard to carry."""
    letters_of_demonstration(clinic, timezone.now())
    organizer = Membership.objects.get(organization=clinic, role="organizer")
    with scope(organization=clinic):
        letter = Letter.objects.get(slug="invented-letter")
        letters.write_text(ACTOR, organizer, letter, NASTY, NASTY[:20], timezone.now())
        demand = letter.demands.first()
        day = today_there()
        told = {"on": day, "source": NASTY, "quote": "'"}
        demands.add_evidence(ACTOR, organizer, demand, timezone.now(), **told)
        told |= {"file": b"%PDF \x00\xff" * 9000, "file_name": "a.pdf", "content_type": "x/y"}
        demands.add_evidence(ACTOR, organizer, demand, timezone.now(), **told)
        demands.attach_note(ACTOR, organizer, demand, day, "12", timezone.now())
        decide(ACTOR, organizer, "One Aid", "Two Aid", is_same=False, now=timezone.now())
        signature = letter.signatures.create(
            name="=Aid", name_key="aid", state="asked", came="form", asked_at=timezone.now(),
            state_since=timezone.now(),
        )  # fmt: skip
        keep_signer(signature, "Ana Invented", "ana@aid.example", timezone.now())


def _decided_or_begun_anew(office):
    """As the next office would have it: no review under way, which is not taken along."""
    with scope(organization=office):
        undecided_findings().delete()
        begin_reviews_anew(ACTOR, timezone.now())


def _out(office, folder, format="jsonl", **options):
    options = {"with_a_numbers": True, "now": timezone.now(), **options}
    export(ACTOR, office, folder, format=format, **options)
    return folder


def _tables(folder):
    """Every table of an export as text, without the log and the day."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.is_file() and path.name not in ("log.jsonl", "about.json", "people.jsonl")
    }


def _emptied(office):
    """Takes away everything of an organization, as if this were another installation."""
    with scopes_disabled():
        ids = list(Case.objects.filter(organization=office).values_list("pk", flat=True))
        signers = list(Signer.objects.values_list("pk", flat=True))
        Finding.objects.filter(case__in=ids).delete()
        for table in TABLES:
            if table.owner == "organization" and table.name != "cases":
                table.model._base_manager.filter(organization=office).delete()
        Case.objects.filter(pk__in=ids).delete()
    CaseKey.objects.filter(pk__in=[*ids, *signers]).delete()
    return Organization.objects.create(name="Second Office", slug="second-office")


@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl"])
def test_it_brings_everything_back_as_it_was(office, tmp_path, format):
    _decided_or_begun_anew(office)
    as_it_was = _tables(_out(office, tmp_path / "before"))
    first = _out(office, tmp_path / "first", format)
    second = _emptied(office)
    import_export(ACTOR, second, first, timezone.now())
    again = _tables(_out(second, tmp_path / "again"))
    assert again.keys() == as_it_was.keys()
    for name, text in as_it_was.items():
        assert again[name] == text, name
    assert not list(breaks())
    with scope(organization=second):
        document = Document.objects.filter(version_of__isnull=False).get()
        assert file_bytes(document.case_id, document.pk) == b"%PDF \x00\xff" + bytes(300_000)
        assert search(second.pk, "A999000777")[0].case == document.case


def test_it_opens_a_workbook_once_and_says_where_it_is_none(office, tmp_path, monkeypatch):
    folder, opened = _out(office, tmp_path / "all", "xlsx"), []
    monkeypatch.setattr(
        formats, "load_workbook", lambda *a, **k: opened.append(a) or load_workbook(*a, **k)
    )
    import_export(ACTOR, _emptied(office), folder, timezone.now())
    assert len(opened) == 1
    whole = (folder / formats.WORKBOOK).read_bytes()
    (folder / formats.WORKBOOK).write_bytes(whole[: len(whole) // 2])
    third = Organization.objects.create(name="Third Office", slug="third-office")
    with pytest.raises(Faulty, match="no Excel workbook"):
        import_export(ACTOR, third, folder, timezone.now())


def test_it_takes_a_zip_and_gives_new_ids_where_the_old_cases_still_are(
    office, tmp_path, other_clinic
):
    packed = tmp_path / "all.zip"
    _out(office, packed, "csv")
    assert packed.stat().st_mode & 0o077 == 0
    counts = import_export(ACTOR, other_clinic, packed, timezone.now())
    with scopes_disabled():
        old = set(Case.objects.filter(organization=office).values_list("pk", "code"))
        new = set(Case.objects.filter(organization=other_clinic).values_list("pk", "code"))
        assert counts["cases"] == len(old) == len(new)
        assert not {pk for pk, _ in old} & {pk for pk, _ in new}
        assert not {code for _, code in old} & {code for _, code in new}
        assert sorted(
            str(p.name) for p in Person.objects.filter(case__organization=office)
        ) == sorted(str(p.name) for p in Person.objects.filter(case__organization=other_clinic))


def test_it_carries_no_address_of_a_signer(office, tmp_path):
    folder = _out(office, tmp_path / "plain", "csv")
    for path in folder.iterdir():
        assert path.is_dir() or "ana@aid.example" not in path.read_text(encoding="utf-8")
    assert "=Aid" in (folder / "signatures.csv").read_text(encoding="utf-8")


def test_it_leaves_out_a_numbers_unless_asked(office, tmp_path):
    folder = _out(office, tmp_path / "plain", "csv", with_a_numbers=False)
    for path in folder.iterdir():
        assert path.is_dir() or "999000777" not in path.read_text(encoding="utf-8")


def test_it_keeps_readers_blind_to_findings_of_a_round_that_is_not_decided(
    in_scope, files, team, ready_case, clinic, tmp_path
):
    open_case, decided = ready_case(), ready_case()
    for case in (open_case, decided):
        team.open(case)
    team.find(open_case, 1, causes=("retaliation",), conditions="BLIND WORDS")
    for seat in (1, 2):
        team.find(decided, seat, conditions="DECIDED WORDS")
    folder = _out(clinic, tmp_path / "out")
    texts = "".join(p.read_text(encoding="utf-8") for p in folder.iterdir() if p.is_file())
    assert "DECIDED WORDS" in texts
    assert "BLIND WORDS" not in texts
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    assert about["rows"]["findings"] == 2
    assert about["left_out"]["findings_of_undecided_rounds"] == 1
    assert "blind" in about["left_out"]["why"]


def test_it_begins_a_review_anew_where_its_findings_could_not_be_taken_along(
    in_scope, files, team, ready_case, clinic, tmp_path, other_clinic, member
):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    import_export(ACTOR, other_clinic, _out(clinic, tmp_path / "out"), timezone.now())
    elsewhere = Team(lambda role: member(role, other_clinic))
    with scope(organization=other_clinic):
        moved = Case.objects.get(organization=other_clinic)
        assert moved.state == "ready"
        assert not Finding.objects.exists()
        elsewhere.open(moved)
        for seat in (1, 2):
            elsewhere.find(moved, seat)
        moved.refresh_from_db()
        assert moved.state == "recommended"
    assert not list(breaks())


def test_it_exports_or_explains_every_model():
    ours = {
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.startswith("wayhome.web.")
    }
    exported = {table.model._meta.label_lower for table in TABLES}
    assert exported.isdisjoint(NOT_EXPORTED)
    assert ours == exported | set(NOT_EXPORTED)


def _leads_to(model, wanted, seen=()):
    """Whether a row of a model belongs to one of these, over however many others."""
    to = {f.related_model for f in model._meta.concrete_fields if f.is_relation}
    return bool(to & wanted) or any(
        _leads_to(other, wanted, (*seen, model)) for other in to if other not in seen
    )


def test_it_backs_up_whatever_belongs_to_a_case_an_organization_or_staff():
    """Also tables of libraries, and any that is added one day."""
    from wayhome.web.accounts.models import User
    from wayhome.web.protection.backup_tables import LEFT_OUT, kept_models

    every = {model for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    kept = set(kept_models())
    assert {model._meta.label for model in every - kept} == LEFT_OUT.keys() & {
        model._meta.label for model in every
    }
    for model in every - kept:
        if _leads_to(model, {Case, Organization, User}):
            assert LEFT_OUT[model._meta.label].split(":")[0].split(";")[0] in (
                "who is signed in", "not used",
            ), model  # fmt: skip


def test_it_tells_in_words_of_every_kind_that_a_case_has():
    from wayhome.web.protection.erasure import _what_points_at_cases
    from wayhome.web.protection.held import _WORDS

    assert {m._meta.model_name for m, _ in _what_points_at_cases()} <= _WORDS.keys()


def test_nothing_but_review_and_the_export_reads_findings():
    """Every page asks `findings_for(member)`; an import of the model elsewhere is a way around."""
    web = Path(__file__).parents[2] / "src" / "wayhome" / "web"
    allowed = ("review/", "cases/invented/", "exports/exporting.py")
    around = [
        path.relative_to(web).as_posix()
        for path in web.rglob("*.py")
        if re.search(r"from wayhome\.web\.review\.models import [^#]*?\bFinding\b(?=[,\s)])",
                     path.read_text(encoding="utf-8").replace("(\n", " "))
        or re.search(r"\bcase\.findings\b|assignment__finding|\.finding\.(reasons|grounds|causes)", path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert [path for path in around if not path.startswith(allowed)] == []


def test_it_writes_over_nothing_and_leaves_nothing_half_written(office, tmp_path, monkeypatch):
    there = tmp_path / "there"
    there.mkdir()
    (there / "mine.txt").write_text("mine")
    with pytest.raises(AlreadyThere):
        _out(office, there)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wayhome.web.exports.exporting.read_file", full)
    with pytest.raises(OSError, match="No space"):
        _out(office, tmp_path / "full")
    assert [path.name for path in tmp_path.iterdir() if path.name != "files"] == ["there"]


def _spoiled(folder, table, row, name, value):
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row][rows[0].index(name)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.parametrize(
    ("table", "name", "value", "said"),
    [
        ("cases", "state", "lost", "must be one of received"),
        ("cases", "received_at", "03/04/2019", "a moment like"),
        ("cases", "received_at", "", "must not be empty"),
        ("statements", "case", "0" * 36, "no such row in the table cases"),
        ("tasks", "owner", "somebody@else.example", "not in the table people"),
        ("contacts", "from_hour", "nine", "a whole number"),
        ("findings", "assignment", "9999", "no such row in the table assignments"),
        ("statements", "is_unknown", "perhaps", "yes or no"),
        ("people", "role", "king", "roles: caseworker"),
    ],
)
def test_it_says_file_row_and_field_of_what_is_wrong_and_keeps_nothing(
    office, tmp_path, table, name, value, said
):
    folder = _out(office, tmp_path / "out", "csv")
    _spoiled(folder, table, 1, name, value)
    second = _emptied(office)
    with pytest.raises(Faulty) as wrong:
        import_export(ACTOR, second, folder, timezone.now())
    assert f"{table}.csv, row 1, {name}: " in str(wrong.value)
    assert said in str(wrong.value)
    with scopes_disabled():
        assert not Case.objects.exists()


def test_it_leaves_no_key_and_no_file_of_an_import_that_failed(
    office, tmp_path, monkeypatch, files
):
    folder = _out(office, tmp_path / "out")
    second = _emptied(office)
    before = {path for path in files.rglob("*") if path.is_file()}
    with monkeypatch.context() as broken:
        broken.setattr("wayhome.web.exports.importing._Import._versions", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_export(ACTOR, second, folder, timezone.now())
    assert not CaseKey.objects.exists()
    assert {path for path in files.rglob("*") if path.is_file()} <= before
    import_export(ACTOR, second, folder, timezone.now())


def test_it_goes_only_into_an_organization_without_cases(office, tmp_path):
    folder = _out(office, tmp_path / "out")
    with pytest.raises(NotEmpty):
        import_export(ACTOR, office, folder, timezone.now())


@pytest.mark.parametrize("lost", ["about.json", "cases.jsonl"])
def test_it_refuses_what_is_no_export(office, tmp_path, lost, other_clinic):
    folder = _out(office, tmp_path / "out")
    (folder / lost).unlink()
    with pytest.raises(Faulty):
        import_export(ACTOR, other_clinic, folder, timezone.now())


def test_it_refuses_a_file_that_was_cut_short(office, tmp_path, other_clinic):
    folder = _out(office, tmp_path / "out")
    path = folder / "statements.jsonl"
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    with pytest.raises(Faulty, match="cut short"):
        import_export(ACTOR, other_clinic, folder, timezone.now())


def test_it_takes_in_an_export_from_before_days_of_steps_were_asked_for(
    office, tmp_path, other_clinic
):
    folder = _out(office, tmp_path / "out")
    path = folder / "state_changes.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    known = [(row.pop("happened_on"), row.pop("said")) for row in rows]
    assert any(day for day, _ in known)
    assert any(said for _, said in known)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    import_export(ACTOR, other_clinic, folder, timezone.now())
    with scope(organization=other_clinic):
        assert {(one.happened_on, one.said) for one in StateChange.objects.all()} == {(None, "")}


def test_it_lets_nobody_in_who_was_only_imported(office, tmp_path, other_clinic):
    import_export(ACTOR, other_clinic, _out(office, tmp_path / "out"), timezone.now())
    assert other_clinic.memberships.count() == office.memberships.count()
    assert not other_clinic.memberships.filter(is_active=True).exists()


def test_it_leaves_out_who_was_erased(office, tmp_path):
    from wayhome.web.protection.keys import destroy_case_key

    with scope(organization=office):
        gone = Case.objects.order_by("received_at")[0]
        Case.objects.filter(pk=gone.pk).update(erased_at=timezone.now() - timedelta(days=1))
    destroy_case_key(gone.pk)
    folder = _out(office, tmp_path / "out")
    log = folder / "log.jsonl"
    texts = [p.read_text(encoding="utf-8") for p in folder.iterdir() if p.is_file() and p != log]
    assert not any(str(gone.pk) in text for text in texts)


@pytest.mark.parametrize(
    "value", ["", "12", "true", '"x"', "'", "=1+1", "a\tb", "\x07", {"a": [1]}, 0, False, "a"]
)
def test_it_reads_every_cell_back_exactly(value):
    column = next(c for c in BY_NAME["notes"].columns if c.holds is Holds.JSON)
    back = value_of(column, text_of(Holds.JSON, value))
    assert (back, type(back)) == (value, type(value))


def test_it_writes_a_case_file_that_wayhome_screens(office, tmp_path):
    folder = _out(office, tmp_path / "out")
    lines = Path(folder / "facts_that_count.jsonl").read_text(encoding="utf-8").splitlines()
    facts = [json.loads(line) for line in lines]
    assert len(facts) == 41
    assert {"case_id": facts[-1]["case_id"], "removed": True, "us_citizen_children": 0} in facts
