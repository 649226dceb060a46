"""Coming back with a code and six words; trying them without having them."""

import math
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.db import connection
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.web.cases.models import Case, code_as_compared
from wayhome.web.portal.doors import (
    FREE_TRIES_OF_ADDRESS,
    LONGEST_WAIT,
    Shut,
    open_door,
    wait_after,
)
from wayhome.web.portal.models import Doorway, WrongTry
from wayhome.web.portal.passphrase import (
    LEAST_WORDS,
    WORDS_EACH,
    as_compared,
    looked_over,
    new_passphrase,
    word_list,
)
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Quick(PBKDF2PasswordHasher):
    """Counts how often a passphrase is hashed."""

    algorithm = "quick"
    iterations = 1
    looked = 0

    def verify(self, password, encoded):
        Quick.looked += 1
        return super().verify(password, encoded)


@pytest.fixture
def quick(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Quick"]
    Quick.looked = 0


def test_it_comes_back_on_another_phone_where_it_stopped(clinic):
    first = Visitor("ht")
    code, words = first.begin()
    first.to_the_questions("Marie")
    first.answer("yes")
    stopped_at = first.go("/p/q/") and first.fact
    other = Visitor("fr")
    other.go("/p/back/")
    typed = f"  {words.upper().replace(' ', '   ')} "
    other.send(code=code.lower().replace("-", " "), words=typed)
    assert other.path == "/p/"
    other.go("/p/q/")
    assert other.fact == stopped_at
    assert other.path == "/p/q/2/"
    assert "Ou te di: Wi" in other.go("/p/q/1/")


def test_the_words_are_kept_as_argon2_and_shown_once(clinic):
    visitor = Visitor()
    _, words = visitor.begin()
    with scopes_disabled():
        door = Doorway.objects.get()
    assert identify_hasher(door.passphrase).algorithm == "argon2"
    visitor.send({"key": "show"}, path="/p/3/")
    assert "shown already" in visitor.page
    assert not any(f"<li>{word}</li>" in visitor.page for word in words.split())


def test_words_not_written_down_yet_can_be_shown_anew_and_the_old_ones_open_nothing(clinic, quick):
    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    visitor.send(who="self")
    visitor.send(key="show")
    with scopes_disabled():
        before = Doorway.objects.get().passphrase
    visitor.send(key="show")
    with scopes_disabled():
        assert Doorway.objects.get().passphrase != before


def test_a_wrong_code_and_wrong_words_are_told_alike(clinic, quick):
    visitor = Visitor()
    code, words = visitor.begin()
    pages = []
    others = next(p for p in iter(lambda: new_passphrase("en"), "") if p != words)
    for tried in ((code, others), ("ZZZZ-ZZZZ", words)):
        stranger = Visitor()
        stranger.go("/p/back/")
        stranger.send(code=tried[0], words=tried[1])
        page = stranger.page.replace(tried[0], "CODE").replace(tried[1], "WORDS")
        pages.append((stranger.status, page))
    tokens = [page.split('csrfmiddlewaretoken" value="') for _, page in pages]
    plain = ["".join(part[64:] if n else part for n, part in enumerate(t)) for t in tokens]
    assert pages[0][0] == pages[1][0] == 403
    assert plain[0] == plain[1]


def test_every_try_hashes_once_whether_or_not_the_code_exists(clinic, quick):
    code, _ = Visitor().begin()
    for tried in (code, "ZZZZ-ZZZ2", "", "nonsense that is no code at all"):
        before = Quick.looked
        assert open_door(tried, "wrong words", NOW) is None
        assert Quick.looked == before + 1


def test_a_passphrase_guessed_a_thousand_times_is_looked_at_few_times(clinic, quick):
    code, words = Visitor().begin()
    before = Quick.looked
    answers = [open_door(code, f"guess {n}", NOW) for n in range(1000)]
    assert Quick.looked - before <= 5
    assert all(answer is None or isinstance(answer, Shut) for answer in answers)
    assert isinstance(open_door(code, words, NOW), Shut)
    later = NOW + LONGEST_WAIT
    assert open_door(code, words, later).case.code == code


def test_a_thousand_guesses_at_the_pace_of_the_lock_take_more_than_a_month(clinic, quick):
    code, _ = Visitor().begin()
    now, looked = NOW, 0
    while looked < 1000:
        answer = open_door(code, "a guess", now)
        if isinstance(answer, Shut):
            now += timedelta(minutes=answer.minutes)
        else:
            looked += 1
    assert now - NOW > timedelta(days=40)


def test_a_code_that_does_not_exist_is_shut_like_one_that_does(clinic, quick):
    code, _ = Visitor().begin()
    tried = {c: [open_door(c, "wrong", NOW) for _ in range(8)] for c in (code, "ZZZZ-ZZZZ")}
    assert tried[code] == tried["ZZZZ-ZZZZ"]
    assert any(isinstance(answer, Shut) for answer in tried[code])


def test_the_waits_grow_and_stop_at_an_hour():
    waits = [wait_after(n) for n in range(20)]
    assert waits[4] == timedelta(0)
    assert waits[5:8] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert waits[-1] == LONGEST_WAIT == max(waits)
    assert waits == sorted(waits)


def test_tries_are_forgotten_after_a_day_and_hold_no_code(clinic, quick):
    code, _ = Visitor().begin()
    open_door(code, "wrong", NOW)
    assert code.encode() not in bytes(WrongTry.objects.get().code)
    open_door("ZZZZ-ZZZZ", "wrong", NOW + timedelta(days=2))
    assert WrongTry.objects.count() == 1


def test_right_words_forget_the_wrong_tries(clinic, quick):
    code, words = Visitor().begin()
    for _ in range(3):
        open_door(code, "wrong", NOW)
    assert open_door(code, words, NOW)
    assert not WrongTry.objects.exists()


def test_new_words_from_the_team_end_visits_with_the_old_ones(clinic):
    from wayhome.web.portal.doors import new_words

    visitor = Visitor()
    visitor.begin()
    visitor.go("/p/")
    assert visitor.path == "/p/"
    with scopes_disabled():
        door = Doorway.objects.select_related("case__organization").get()
    new_words(door, "en", NOW)
    visitor.go("/p/")
    assert visitor.path == "/p/back/"


def test_words_of_an_erased_case_open_nothing(clinic, quick):
    code, words = Visitor().begin()
    with scopes_disabled():
        Case.objects.update(erased_at=NOW)
    assert open_door(code, words, NOW) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_words_are_sixty_bits_or_more(language):
    words = word_list(language)
    assert len({as_compared(word) for word in words}) == len(words) >= LEAST_WORDS
    assert WORDS_EACH * math.log2(len(words)) >= 60
    assert all(" " not in as_compared(word) and as_compared(word) for word in words)
    assert len(new_passphrase(language).split()) == WORDS_EACH


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Été  ÉCOLE", "ete ecole"),
        (unicodedata.normalize("NFD", "été école"), "ete ecole"),
        ("أحمد-مدرسة", "احمد مدرسه"),
        ("ＡＢＣ, def", "abc def"),
    ],
)
def test_words_are_compared_without_what_hands_write_differently(typed, kept):
    assert as_compared(typed) == kept


@pytest.mark.parametrize("typed", ["K7QM-2XNP", "k7qm2xnp", " k7qm 2xnp ", "Ｋ７ＱＭ－２ＸＮＰ"])
def test_a_code_is_read_whatever_way_it_is_typed(typed):
    assert code_as_compared(typed) == "K7QM-2XNP"


@pytest.mark.django_db(databases=["default", "keyring"], transaction=True)
def test_many_guesses_at_once_are_not_looked_at_for_one(clinic, quick):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    code, _ = Visitor().begin()
    Quick.looked = 0

    def guess():
        open_door(code, "a guess", NOW)
        connection.close()

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Quick.looked <= 5


def slip(word, how):
    return {"missing": word[1:], "doubled": word[0] + word, "about": word[1] + word[0] + word[2:]}[
        how
    ]


def clear_words(language, how):
    """Six words, the last of which is still told from every other one after a slip."""
    told = (w for w in word_list(language) if len(as_compared(w)) > 5)
    last = next(
        w
        for w in told
        if looked_over(" ".join([*word_list(language)[:5], slip(as_compared(w), how)])).mended
    )
    return [*word_list(language)[:5], last]


@pytest.mark.parametrize("how", ["missing", "doubled", "about"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_of_the_hand_opens_all_the_same(clinic, quick, monkeypatch, language, how):
    words = clear_words(language, how)
    monkeypatch.setattr("wayhome.web.portal.doors.new_passphrase", lambda _: " ".join(words))
    visitor = Visitor(language)
    code, shown = visitor.begin()
    assert shown == " ".join(words)
    typed = [*words[:5], slip(as_compared(words[5]), how)]
    assert open_door(code, " ".join(typed), NOW).case.code == code
    written = ", ".join(f"{n}. {word.upper()}" for n, word in enumerate(typed, 1))
    assert open_door(code, written, NOW).case.code == code


def test_a_wrong_word_that_is_a_word_is_not_mended(clinic, quick):
    code, words = Visitor().begin()
    other = next(w for w in word_list("en") if w not in words.split())
    assert open_door(code, " ".join([*words.split()[:5], other]), NOW) is None


def test_it_says_which_word_is_none_of_ours_and_keeps_what_was_typed(clinic, quick):
    visitor = Visitor("ht")
    code, _ = visitor.begin()
    other = Visitor("ht")
    other.send({"code": code, "words": "zandolitt zandolit xyzxyzxyz zanmi zanno"}, path="/p/back/")
    assert other.status == 403
    assert "Ou ekri 5 mo" in other.page
    assert "“zandolitt” pa youn nan mo nou yo. Èske ou vle di: zandolit?" in other.page
    assert "“xyzxyzxyz” pa youn nan mo nou yo." in other.page
    assert ">zandolitt zandolit xyzxyzxyz zanmi zanno</textarea>" in other.page


def test_what_it_says_of_typed_words_does_not_depend_on_any_case():
    typed = "abandon abeille abolir aborder aboutr aboyer"
    assert looked_over(typed) == looked_over(typed)
    assert looked_over(typed).mended == "abandon abeille abolir aborder aboutir aboyer"
    assert looked_over("mwen pa sonje mo mwen yo ankò").mended is None
    assert looked_over("x" * 100_000).count == 1


def test_a_try_is_never_more_than_two_looks(clinic, quick):
    code, words = Visitor().begin()
    tries = {words + " more": 1, "abilty able about above absent absorb": 2}
    for tried, looks in tries.items():
        for asked in (code, "ZZZZ-ZZZ3"):
            Quick.looked = 0
            open_door(asked, tried, NOW)
            assert Quick.looked == looks


def test_an_address_that_tries_many_codes_waits_too_and_others_do_not(clinic, quick):
    code, words = Visitor().begin()
    for number in range(FREE_TRIES_OF_ADDRESS):
        assert open_door(f"ZZZZ-{number:04}", "no words", NOW, "192.0.2.1") is None
    looked = Quick.looked
    assert isinstance(open_door(code, words, NOW, "192.0.2.1"), Shut)
    assert Quick.looked == looked
    assert isinstance(open_door(code, words, NOW, "192.0.2.2"), Doorway)
    assert isinstance(open_door(code, words, NOW + LONGEST_WAIT, "192.0.2.1"), Doorway)


def test_somebody_with_a_case_of_their_own_does_not_wipe_out_other_tries(clinic, quick):
    code, words = Visitor().begin()
    for number in range(FREE_TRIES_OF_ADDRESS - 1):
        open_door(f"ZZZZ-{number:04}", "no words", NOW, "192.0.2.1")
    assert isinstance(open_door(code, words, NOW, "192.0.2.1"), Doorway)
    later = NOW + LONGEST_WAIT
    open_door("ZZZZ-9999", "no words", later, "192.0.2.1")
    assert isinstance(open_door(code, words, later, "192.0.2.1"), Shut)


def test_no_address_is_kept_in_the_clear(clinic, quick):
    open_door("ZZZZ-0000", "no words", NOW, "192.0.2.1")
    assert all(b"192" not in bytes(row.code) for row in WrongTry.objects.all())


def test_a_code_of_marks_in_the_wrong_order_is_refused_at_once(clinic, quick):
    visitor = Visitor()
    visitor.go("/p/back/")
    for many in (9_000, 150_000):
        slow = "a" + "\u0315\u0320" * many
        start = time.process_time()
        visitor.send({"code": slow, "words": slow}, path="/p/back/")
        assert time.process_time() - start < 3
        assert visitor.status in (400, 403)


def test_a_form_of_the_portal_longer_than_any_is_refused_unread(clinic, quick):
    visitor = Visitor()
    visitor.go("/p/back/")
    visitor.send({"code": "x" * 70_000, "words": ""}, path="/p/back/")
    assert visitor.status == 400
    assert not WrongTry.objects.exists()


@pytest.mark.parametrize(
    ("typed", "count"),
    [("d1rection", 1), ("dir0ction mango", 2), ("1. mango 2. 0range", 2), ("1mango 2kafe", 2)],
)
def test_a_digit_in_a_word_makes_no_two_words_of_it(typed, count):
    assert len(as_compared(typed).split()) == count


def with_digits(word):
    return word.replace("o", "0").replace("l", "1")


@pytest.mark.parametrize("language", ["en", "es", "fr", "ht", "pt"])
def test_zero_and_one_are_read_as_the_letters_that_they_look_like(language):
    inside = [w for w in map(as_compared, word_list(language)) if {"o", "l"} & set(w[1:-1])]
    # A word that has both an l and an i where the 1 stands may be another word of ours.
    read = [word for word in inside if as_compared(with_digits(word)) == word]
    assert len(read) > 0.98 * len(inside)


def test_a_word_as_another_language_writes_it_is_suggested_and_not_mended():
    five = " ".join([w for w in word_list("ht") if w.isascii()][:5])
    seen = looked_over(f"{five} direction")
    assert "direksyon" in [word for slip in seen.slips for word in slip.meant]
    assert seen.mended is None
