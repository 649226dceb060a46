"""The commands that keep the translations, as a translator types them."""

import json

import pytest


def test_it_says_how_much_of_each_language_is_there(wayhome):
    code, out, _ = wayhome("words", "status")
    assert code == 0
    for said in ("es Spanish", "ar Arabic", "signed", "needs a human reader"):
        assert said in out


def test_it_writes_every_text_to_translate(wayhome, tmp_path):
    out = tmp_path / "es.jsonl"
    code, _, _ = wayhome("words", "export", "es", "--out", out)
    assert code == 0
    first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert first["context"] == "fact country_of_citizenship question"
    assert first["english"] != first["translation"] != ""


@pytest.mark.parametrize(("language", "said"), [("spanis", "Did you mean es?"), ("en", "English")])
def test_it_refuses_a_language_that_has_no_catalog(wayhome, tmp_path, language, said):
    code, _, err = wayhome("words", "export", language, "--out", tmp_path / "a.jsonl")
    assert code == 2
    assert said in err


def test_it_refuses_lines_without_touching_a_translation(wayhome, tmp_path):
    lines = tmp_path / "es.jsonl"
    lines.write_text(
        '{"context": "fact birth_date question", "english": "Old?", "translation": "x"}\n'
    )
    code, out, _ = wayhome("words", "import", "es", lines)
    assert code == 3
    assert "es.jsonl, line 1: english: fact birth_date question is now" in out
    assert "0 translations put in, 1 refused" in out


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[]"])
def test_it_says_what_is_wrong_with_a_file_of_translations(wayhome, tmp_path, content):
    lines = tmp_path / "es.jsonl"
    lines.write_bytes(content)
    code, out, err = wayhome("words", "import", "es", lines)
    assert code == 3
    assert "es.jsonl" in out + err
