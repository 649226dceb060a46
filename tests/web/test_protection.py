"""Personal data is sealed with the case's key; without the key nobody reads it."""

import pytest
from django.db import connection
from django_scopes import scope

from wayhome.web.cases.models import Person
from wayhome.web.protection import keys
from wayhome.web.protection.sealing import CannotOpen, seal, unseal

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NAME = "Mariam أحمد ይሁን 🌊"


def test_it_gives_back_what_was_sealed(new_case):
    case = new_case(name=NAME)
    keys.forget_opened_keys()
    with scope(organization=case.organization):
        assert Person.objects.get(case=case).name == NAME


def test_it_keeps_no_name_in_the_database(new_case):
    case = new_case(name="Quetzalcoatlus Invented")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cases_person WHERE case_id = %s", [_id(case)])
        (held,) = cursor.fetchone()
    assert b"Quetzal" not in bytes(held)


def _id(case):
    return case.id if connection.vendor == "postgresql" else case.id.hex


def test_it_opens_nothing_that_was_copied_from_another_case(new_case):
    one, two = new_case(name="One"), new_case(name="Two")
    with scope(organization=one.organization):
        stolen = Person.objects.filter(case=one).values_list("name", flat=True)[0]
        Person.objects.filter(case=two).update(name=stolen)
        with pytest.raises(CannotOpen):
            str(Person.objects.get(case=two).name)


def test_it_reads_nothing_of_an_erased_case(new_case):
    case = new_case(name=NAME)
    keys.destroy_case_key(case.id)
    keys.forget_opened_keys()
    with scope(organization=case.organization):
        assert Person.objects.get(case=case).name == "erased"


def test_it_binds_a_value_to_its_place():
    key = b"k" * 32
    sealed = seal(key, b"secret", "here")
    assert unseal(key, sealed, "here") == b"secret"
    with pytest.raises(CannotOpen):
        unseal(key, sealed, "there")
    with pytest.raises(CannotOpen):
        unseal(key, sealed[:-1] + bytes([sealed[-1] ^ 1]), "here")
