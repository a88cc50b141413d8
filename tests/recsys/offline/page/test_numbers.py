import pytest

from recsys.offline.page.numbers import Writer


@pytest.mark.parametrize(
    ("language", "value", "options", "text"),
    [
        ("en", 0.1234, {}, "0.123"),
        ("ru", 0.1234, {}, "0,123"),
        ("en", -0.5, {"sign": True}, "−0.500"),
        ("en", 0.5, {"sign": True}, "+0.500"),
        ("en", -0.0001, {"sign": True}, "0.000"),
        ("en", None, {}, "–"),
        ("en", 12.346, {"places": 2}, "12.35"),
    ],
)
def test_numbers(language, value, options, text):
    assert Writer(language).number(value, **options) == text


def test_intervals_and_p():
    writer = Writer("en")
    assert writer.interval([0.1, 0.2]) == "0.100–0.200"
    assert writer.interval([-0.1, 0.2], sign=True) == "−0.100 … +0.200"
    assert writer.interval(None) == "–"
    assert writer.p(0.0004) == "&lt;0.001"
    assert writer.p(0.25) == "0.250"


def test_words_are_escaped_once():
    assert Writer("en").word("all_pairs", metric="<x>") == "&lt;x&gt;: all pairs"
