"""Keys are changed at every level while people work; nothing is lost, and it can be stopped."""

import base64
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django_scopes import scope

from wayhome.web.cases.models import Note, Person
from wayhome.web.protection import files as sealed
from wayhome.web.protection import keys, master_keys, rotation
from wayhome.web.protection.models import CaseKey, OrganizationKey

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def name_of(case):
    keys.forget_opened_keys()
    with scope(organization=case.organization_id):
        return Person.objects.get(case=case).name


def use_master_keys(monkeypatch, **named):
    lines = [f"{name}:{base64.b64encode(key).decode()}" for name, key in named.items()]
    monkeypatch.setenv("WAYHOME_MASTER_KEYS", ",".join(lines))
    master_keys.master_keys.cache_clear()
    keys.forget_opened_keys()


@pytest.fixture(autouse=True)
def _masters_are_forgotten():
    master_keys.master_keys.cache_clear()
    yield
    master_keys.master_keys.cache_clear()


def test_it_changes_the_master_key_and_then_does_without_the_old_one(new_case, monkeypatch):
    old, new = b"o" * 32, b"n" * 32
    use_master_keys(monkeypatch, old=old)
    case = new_case(name="Before")
    use_master_keys(monkeypatch, new=new, old=old)
    assert name_of(case) == "Before"
    assert list(rotation.rewrap_for_master())
    assert rotation.master_keys_in_use() == {"new"}
    use_master_keys(monkeypatch, new=new)
    assert name_of(case) == "Before"


def test_it_goes_on_with_a_change_that_was_stopped(new_case, other_clinic, monkeypatch):
    old, new = b"o" * 32, b"n" * 32
    use_master_keys(monkeypatch, old=old)
    cases = [new_case(name="One"), new_case(name="Two", organization=other_clinic)]
    use_master_keys(monkeypatch, new=new, old=old)
    next(rotation.rewrap_for_master())
    assert [name_of(case) for case in cases] == ["One", "Two"]
    assert list(rotation.rewrap_for_master()) == [1]
    assert list(rotation.rewrap_for_master()) == []


def test_it_names_no_key_when_one_is_wrong(monkeypatch):
    monkeypatch.setenv("WAYHOME_MASTER_KEYS", "first:c2VjcmV0")
    with pytest.raises(ImproperlyConfigured) as caught:
        master_keys.master_keys()
    assert "c2VjcmV0" not in str(caught.value)


def test_it_sees_a_master_key_that_was_added_while_it_runs(new_case, monkeypatch):
    old, new = b"o" * 32, b"n" * 32
    use_master_keys(monkeypatch, old=old)
    case = new_case(name="Here")
    master_keys.master_keys()
    lines = f"new:{base64.b64encode(new).decode()},old:{base64.b64encode(old).decode()}"
    monkeypatch.setenv("WAYHOME_MASTER_KEYS", lines)
    OrganizationKey.objects.update(master_key="new")
    with pytest.raises(Exception, match="does not open"):
        name_of(case)


def test_it_changes_an_organizations_key_and_still_finds_by_the_same_hashes(new_case, clinic):
    case = new_case(name="Before")
    index = keys.index_key(clinic.pk)
    rotation.begin_organization_change(clinic.pk)
    rotation.begin_organization_change(clinic.pk)
    assert OrganizationKey.objects.filter(organization=clinic.pk).count() == 2
    assert list(rotation.rewrap_for_organization(clinic.pk)) == [1]
    newest = OrganizationKey.objects.filter(organization=clinic.pk).latest("pk")
    assert CaseKey.objects.get(pk=case.pk).organization_key_id == newest.pk
    assert name_of(case) == "Before"
    assert keys.index_key(clinic.pk) == index


def test_it_leaves_an_erased_case_erased_when_keys_are_changed(new_case, clinic):
    case = new_case(name="Gone")
    keys.destroy_case_key(case.pk)
    rotation.begin_organization_change(clinic.pk)
    list(rotation.rewrap_for_organization(clinic.pk))
    assert not rotation.begin_case_change(case.pk, timezone.now())
    assert name_of(case) == "erased"


def test_it_changes_a_cases_key_for_its_fields_and_files(new_case, files):
    case, document, now = new_case(name="Before"), uuid.uuid4(), timezone.now()
    sealed.keep_file(case.pk, document, [b"a letter"])
    old_key = keys.case_key(case.pk)
    assert rotation.begin_case_change(case.pk, now)
    assert name_of(case) == "Before"
    assert sealed.file_bytes(case.pk, document) == b"a letter"
    assert rotation.reseal_case(case.pk) >= 2
    with pytest.raises(rotation.NotSettled):
        rotation.end_case_change(case.pk, now + timedelta(seconds=59))
    rotation.end_case_change(case.pk, now + timedelta(seconds=61))
    assert name_of(case) == "Before"
    assert sealed.file_bytes(case.pk, document) == b"a letter"
    assert not sealed.is_sealed_with(case.pk, document, old_key)
    assert bytes(CaseKey.objects.get(pk=case.pk).former) == b""


def test_it_loses_nothing_that_is_written_with_the_old_key_during_the_change(new_case, files):
    """A request that opened the old key before the change, and saves after the first pass."""
    case, now = new_case(name="Before"), timezone.now()
    old = keys.case_key(case.pk)
    rotation.begin_case_change(case.pk, now)
    rotation.reseal_case(case.pk)
    keys._seen()[case.pk] = old
    with scope(organization=case.organization_id):
        Note.objects.create(case=case, text="late words", written_at=now)
    rotation.end_case_change(case.pk, now + timedelta(minutes=2))
    keys.forget_opened_keys()
    with scope(organization=case.organization_id):
        assert Note.objects.get(case=case).text == "late words"


def test_it_goes_on_after_being_killed_at_any_step(new_case, files):
    case, now = new_case(name="Before"), timezone.now()
    rotation.begin_case_change(case.pk, now)
    assert not rotation.begin_case_change(case.pk, now)
    rotation.end_case_change(case.pk, now + timedelta(minutes=2))
    rotation.end_case_change(case.pk, now + timedelta(minutes=2))
    assert rotation.reseal_case(case.pk) == 0
    assert name_of(case) == "Before"


def test_it_finds_every_sealed_field_by_its_case():
    """Rotation and erasure go by `case`: a model whose sealed rows have none would be left out."""
    for model, _ in rotation.sealed_fields():
        case = apps.get_model("cases.Case")
        field = model._meta.get_field("case")
        assert field.related_model is case or type(field) is type(case._meta.pk), model
