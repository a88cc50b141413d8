"""Terms of Russian and English text."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from recsys.text.analysis import stem, terms


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("песни", "песня"), ("бег", "бега"), ("грустные", "грустная"), ("Ёлки", "елка"), ("дорогой", "дорога"),
        ("songs", "song"), ("Running", "runs"), ("relaxing", "relax"), ("parties", "party"),
    ],
)  # fmt: skip
def test_forms_of_a_word_are_one_term(first, second):
    assert terms(first) == terms(second) != []


def test_each_script_has_its_own_stemmer_and_the_rest_stays():
    # Snowball's published examples: "consigned" → "consign", "важная" → "важн"
    assert terms("consigned важная 80s 80-х シティ naïve R2D2") == [
        "consign",
        "важн",
        "80s",
        "80",
        "х",
        "シティ",
        "naïv",
        "r2d2",
    ]


def test_porter_is_the_older_english_algorithm_alone():
    assert (stem("generously", "porter"), stem("generously", "snowball")) == ("gener", "generous")
    assert terms("важная songs", stemming="porter") == ["важная", "song"]


def test_words_may_stay_whole():
    assert terms("Грустные Songs", stemming="none") == ["грустные", "songs"]


def test_words_that_say_nothing_are_left_out_unless_wanted():
    assert terms("для the бега и of") == ["бег"]
    assert terms("для the", stopwords=False, stemming="none") == ["для", "the"]


@pytest.mark.parametrize("text", ["", " \n", "🔥🎄", "\ud800", "___", "the и"])
def test_text_without_a_word_has_no_terms(text):
    assert terms(text) == []


def test_many_threads_stem_alike():
    words = [
        f"{stem}{ending}" for stem in ("песн", "дорог", "runn", "danc") for ending in ("ями", "и", "ing", "es")
    ] * 50
    expected = [terms(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(terms, words)) == expected
