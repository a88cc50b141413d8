import re
from pathlib import Path

import pytest

from recsys.offline import words

SOURCES = (Path(words.__file__).parent).rglob("*.py")


@pytest.mark.parametrize("key", sorted(words.WORDS))
def test_both_languages_have_the_same_places(key):
    texts = words.WORDS[key]
    assert set(texts) == set(words.LANGUAGES)
    places = {language: set(re.findall(r"\{(\w+)\}", text)) for language, text in texts.items()}
    assert places["ru"] <= places["en"]
    assert texts["en"].strip() and texts["ru"].strip()


def test_no_russian_in_english():
    assert not [key for key, texts in words.WORDS.items() if re.search("[а-яё]", texts["en"], re.IGNORECASE)]


def test_every_word_is_used():
    text = "\n".join(path.read_text() for path in SOURCES if path.name != "words.py")
    built = ("by_", "define_", "source_", "origin_", "personalised", "other", "playlist", "request", "?")
    assert not [key for key in words.WORDS if f'"{key}"' not in text and not key.startswith(built)]
