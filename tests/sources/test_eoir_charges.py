"""Charges in the courts' many spellings, and what each shows."""

import re

import pytest

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.eoir.codes import codes_of
from wayhome.sources.eoir.meaning.charges import (
    UNCLEAR,
    charge_rules,
    effect_bits,
    effect_mask,
    effects_of,
    normal_section,
)


@pytest.mark.parametrize(
    ("charge", "section"),
    [
        ("212a06Ai", "212(a)(6)(A)(i)"),
        ("237a02Aiii", "237(a)(2)(A)(iii)"),
        ("(212)(a)(03)(E)(iii)(   )", "212(a)(3)(E)(iii)"),
        ("(212)(a)(03)(E)(i  )(   )", "212(a)(3)(E)(i)"),
        ("212a02Ai  II", "212(a)(2)(A)(i)(II)"),
        ("212a03Bi  VII", "212(a)(3)(B)(i)(VII)"),
        ("212a01AiiiII", "212(a)(1)(A)(iii)(II)"),
        ("212a01Aii I", "212(a)(1)(A)(ii)(I)"),
        ("212a03Eiii   ", "212(a)(3)(E)(iii)"),
        ("237(a)(02)(A)(i  )(I  )", "237(a)(2)(A)(i)(I)"),
        ("237(a)(4)(E) ", "237(a)(4)(E)"),
        ("212(a)(07)(B)(   )(   )", "212(a)(7)(B)"),
        ("237a02C", "237(a)(2)(C)"),
        ("241a11", "241(a)(11)"),
        ("212a10Ci", "212(a)(10)(C)(i)"),
    ],
)
def test_it_reads_a_charge_in_every_spelling(charge, section):
    assert normal_section(charge) == section


@pytest.mark.parametrize(
    "charge",
    [
        "",
        "<A>",
        "246",
        "242f00",
        "237s02AiI",
        "212a06i",
        "212(a)(06)(i)(   )(   )",
        "241a4B",
        "212a02Ai  II x",
        "(212)(a)(02)(A)(i)(II)(I)",
    ],
)
def test_it_does_not_guess_at_a_charge_that_it_cannot_read(charge):
    assert normal_section(charge) is None
    assert effects_of(charge) == {UNCLEAR}


@pytest.mark.parametrize(
    ("charge", "effects"),
    [
        ("212a06Ai", {"without_inspection"}),
        ("212a06A", set()),
        ("237a01B", {"inspected"}),
        ("237a02Aii", "charge_criminal charge_moral_turpitude rests_on_conviction"),
        ("237a02Aiii", "charge_criminal charge_aggravated_felony rests_on_conviction"),
        ("212a06Cii", {"false_citizenship_claim"}),
        ("241a02", {UNCLEAR}),
        ("241a02Aiii", "charge_criminal charge_aggravated_felony rests_on_conviction"),
        ("237a04B", {"charge_security", "mandatory_crime_ground"}),
        ("212a07Ai  I", set()),
    ],
)
def test_it_says_what_a_charge_shows(charge, effects):
    wanted = set(effects.split()) if isinstance(effects, str) else effects
    shown = set(effects_of(charge))
    if isinstance(effects, str):
        shown -= {"mandatory_crime_ground"}
    assert shown == wanted


@pytest.mark.parametrize("charge", ["237a02Aii", "237a02Bi", "237a02C", "237a02Di", "212a02Di"])
def test_it_knows_the_crimes_of_mandatory_detention(charge):
    assert "mandatory_crime_ground" in effects_of(charge)


@pytest.mark.parametrize("charge", ["237a02Ai", "237a02Ei", "212a03Ci", "237a04D", "237a01B"])
def test_it_knows_what_mandatory_detention_does_not_reach(charge):
    assert "mandatory_crime_ground" not in effects_of(charge)


def test_it_does_not_take_one_paragraph_for_the_beginning_of_another():
    # 212(a)(2)* must not speak for 212(a)(23), nor 237(a)(2)(A)(i)* for 237(a)(2)(A)(ii).
    assert "mandatory_crime_ground" not in effects_of("212a23")
    assert "charge_moral_turpitude" not in effects_of("237a02Aiii")
    assert effects_of("212a20") == frozenset()


def test_it_gives_every_effect_a_bit_of_its_own():
    bits = list(effect_bits().values())
    assert len(set(bits)) == len(bits)
    assert all(bit.bit_count() == 1 for bit in bits)
    assert effect_mask("212a06Ai") == effect_bits()["without_inspection"]


def test_it_uses_no_effect_that_nothing_reads():
    not_facts = {"inspected", "without_inspection", "rests_on_conviction", UNCLEAR}
    assert set(effect_bits()) - not_facts <= set(load_vocabulary().facts)


def test_it_writes_every_section_of_its_table_in_the_normal_form():
    for rule in charge_rules():
        compact = re.sub(r"^(\d+)\(a\)\((\d+)\)", lambda m: f"{m[1]}a{int(m[2]):02}", rule.section)
        assert normal_section(compact.replace("(", "").replace(")", "")) == rule.section


def test_it_reads_nearly_every_charge_of_the_courts_table():
    unread = {code for code in codes_of("tbllookupCharges") or {} if normal_section(code) is None}
    sections = {code for code in unread if code[:3] in ("212", "237", "241")}
    assert sections == {
        "212(a)(06)(i)(   )(   )",
        "212a06i",
        "212a2G",
        "212a5",
        "237s02AiI",
        "241a4A",
        "241a4B",
        "241a9B",
    }
