from collections import Counter

from annotation.public import BY_SLUG
from evaluation.query_halves import HALVES


def test_every_category_is_in_its_half():
    assert list(HALVES) == list(BY_SLUG)
    assert Counter(HALVES.values()) == {"personalised": 9, "non-personalised": 10}  # Table 3 of the paper
    for slug, half in HALVES.items():
        assert (half == "personalised") == BY_SLUG[slug].personalised
