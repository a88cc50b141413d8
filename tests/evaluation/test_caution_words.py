"""Every caution and note has its sentence in the reader's language, with values written as that language does."""

import pytest
from django.utils import translation

from evaluation.caution_words import in_words, words_about
from evaluation.stats.caution_texts import TEXTS, caution, note

VALUES = {
    "share": 0.425,
    "alarms": 0.126,
    "p": 0.0123,
    "spread": 12.345,
    "layers": [["x", "y"], ["z"]],
    "parts": [["x"], ["y", "z"]],
    "systems": ["x", "y"],
    "pairs": ["x – y: 3"],
}


class Any(dict):
    def __missing__(self, name):
        return VALUES.get(name, 1234)


@pytest.mark.parametrize("code", sorted(TEXTS))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_text_can_be_said(code, language):
    import re

    names = re.findall(r"%\((\w+)\)s", TEXTS[code])
    remark = vars(caution(code, **{name: Any()[name] for name in names}))
    with translation.override(language):
        words = in_words(remark)
    assert words and "%(" not in words and "%%" not in words
    assert words.endswith(".")
    assert bool(re.search("[а-яё]{4}", words)) == (language == "ru")
    assert ("42" in words) == ("share" in names)


def test_values_are_written_as_the_language_does():
    remark = vars(caution("unanswered", unanswered=20, trials=100, share=0.2))
    with translation.override("en"):
        assert "20 of the 100 trials shown (20%)" in in_words(remark)
    with translation.override("ru"):
        assert "(20\N{NO-BREAK SPACE}%)" in in_words(remark)
    with translation.override("ru"):
        assert "12,3" in in_words(vars(note("elo_order", about="elo", spread=12.345)))
        assert "{x, y} > {z}" in in_words(vars(caution("unbeaten", layers=[["x", "y"], ["z"]])))


def test_an_unknown_code_stays_as_it_is():
    assert in_words({"code": "newer", "text": "Something new.", "values": {}}) == "Something new."


def test_notes_stand_beside_their_numbers():
    notes = [vars(note("elo_order", about="elo", spread=1.0)), vars(note("mann_whitney_all", about="mann_whitney"))]
    with translation.override("en"):
        found = words_about(notes)
    assert found.keys() == {"elo", "mann_whitney"}
    assert found["elo"][0].startswith("Elo depends on K")
