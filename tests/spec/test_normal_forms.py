"""Normal forms of text that was made to take long."""

import time
import unicodedata

import pytest

from wayhome.law.normal_forms import MOST_MARKS, normalized
from wayhome.papers.values import clean
from wayhome.sources.case_files.answers import NotAnAnswer, read_boolean, read_country
from wayhome.sources.case_files.everyday_headings import likely_facts
from wayhome.sources.case_files.header import fact_of_heading
from wayhome.web.cases.models import code_as_compared
from wayhome.web.portal.passphrase import as_compared
from wayhome.web.protection.sealing import blind

# Their marks are in the wrong order; each was sorted past all the others.
SLOW = "a" + "\u0315\u0320" * 150_000
# Counted as letters until they are taken apart.
SLOW_TIBETAN = "a" + "\u0f73" * 100_000


def read(text):
    for reader in (read_boolean, read_country):
        with pytest.raises(NotAnAnswer):
            reader(text)


@pytest.mark.parametrize("text", [SLOW, SLOW_TIBETAN])
@pytest.mark.parametrize(
    "take",
    [
        code_as_compared,
        as_compared,
        clean,
        fact_of_heading,
        likely_facts,
        read,
        lambda text: blind(b"k" * 32, "word", text),
    ],
)
def test_it_takes_no_longer_for_marks_in_the_wrong_order(take, text):
    start = time.process_time()
    take(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_it_changes_nothing_that_somebody_writes(form):
    for text in ("María Ñandú", "e\u0301" * 500, "محمّد", "Z" + "\u0300" * MOST_MARKS, "ｶﾞ", "한글"):
        assert normalized(form, text) == unicodedata.normalize(form, text)


def test_it_leaves_out_what_is_over():
    assert normalized("NFD", "a" + "\u0301" * 31 + "b") == "a" + "\u0301" * 30 + "b"
