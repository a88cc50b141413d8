import pytest

from recsys.training.text import sound, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ночной ЁЖ, don't_stop!", ["ночной", "еж", "don", "t", "stop"]),
        ("80-х 🎄", ["80", "х"]),
        ("", []),
        ("\ud800 a", ["a"]),
        ("日本語", ["日本語"]),
    ],
)
def test_words(text, found):
    assert words(text) == found


def test_sound_text_can_be_encoded_and_keeps_the_rest():
    assert sound("a\udfff 🎄 б") == "a? 🎄 б"
