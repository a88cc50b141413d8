from collections import Counter

from annotation.public import BY_SLUG
from evaluation.query_halves import HALVES, category_titles


def test_every_category_is_in_its_half():
    assert list(HALVES) == list(BY_SLUG)
    assert Counter(HALVES.values()) == {"personalised": 9, "non-personalised": 10}  # Table 3 of the paper
    for slug, half in HALVES.items():
        assert (half == "personalised") == BY_SLUG[slug].personalised


def test_titles_by_language():
    known = list(HALVES)[:2]
    titles = category_titles({"values": [{"value": slug} for slug in (*known, "not one of ours")]})
    assert list(titles) == known
    assert all(texts["ru"] and texts["ru"] != texts["en"] for texts in titles.values())
    assert category_titles(None) == {}
