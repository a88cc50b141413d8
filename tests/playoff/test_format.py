import pytest
from django.utils import translation

from playoff.common.templatetags.playoff_format import (
    decimal,
    interval,
    matrix_rows,
    p_phrase,
    p_value,
    percent,
    points,
    rating,
    signed,
    significant,
)


@pytest.mark.parametrize("show", [rating, percent, decimal, signed, p_value, interval])
def test_nothing_is_a_dash(show) -> None:
    assert show(None) == "–"


@pytest.mark.parametrize(
    ("value", "shown"), [(1500.0, "1500"), (1499.5, "1500"), (1612.4, "1612"), (-3.2, "-3"), (0, "0")]
)
def test_rating_is_a_whole_number(value: float, shown: str) -> None:
    assert rating(value) == shown


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [("en", 0.532, "53.2%"), ("en", 1, "100.0%"), ("en", 0.0, "0.0%"), ("ru", 0.532, "53,2\N{NO-BREAK SPACE}%")],
)
def test_percent_follows_the_language(language: str, value: float, shown: str) -> None:
    with translation.override(language):
        assert percent(value) == shown


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("en", 0.0009999, "<0.001"),
        ("en", 0.0, "<0.001"),
        ("en", 0.001, "0.001"),
        ("en", 0.0494, "0.049"),
        ("en", 1.0, "1.000"),
        ("ru", 0.00001, "<0,001"),
        ("ru", 0.25, "0,250"),
    ],
)
def test_small_p_is_named_as_a_bound(language: str, value: float, shown: str) -> None:
    with translation.override(language):
        assert p_value(value) == shown


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ((1482.2, 1561.7), "rating", "1482–1562"),
        ((-40.0, 20.0), "rating", "-40 … 20"),
        ((0.451, 0.583), "percent", "45.1–58.3%"),
        ((1, 3), "rank", "1–3"),
        ((2, 2), "rank", "2"),
        ((-0.25, 0.5), "decimal", "−0.25 … 0.50"),
        ((None, 3), "rank", "–"),
        ([], "rating", "–"),
    ],
)
def test_interval_shows_both_ends(value, kind: str, shown: str) -> None:
    assert interval(value, kind) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.163, "+0.16"), (-0.163, "−0.16"), (0.0, "0.00"), (-0.001, "0.00"), (0.001, "0.00")]
)
def test_signed_shows_a_direction_only_where_there_is_one(value: float, shown: str) -> None:
    assert signed(value) == shown


def test_decimal_has_a_true_minus() -> None:
    assert decimal(-1.5, 1) == "−1.5"


@pytest.mark.parametrize(("p", "is_significant"), [(0.0499, True), (0.05, False), (None, False)])
def test_significant_is_below_five_percent(p: float | None, is_significant: bool) -> None:
    assert significant(p) is is_significant


def test_matrix_rows_hold_both_sides_of_each_pair() -> None:
    matrix = {
        "systems": ["x", "y", "z"],
        "wins": [[0, 6, 0], [2, 0, 0], [0, 0, 0]],
        "ties": [[0, 2, 0], [2, 0, 0], [0, 0, 0]],
    }
    first, second, third = matrix_rows(matrix)
    assert first["name"] == "x"
    assert first["cells"] == [
        None,
        {"wins": 6, "losses": 2, "ties": 2, "step": 7},
        {"wins": 0, "losses": 0, "ties": 0, "step": None},
    ]
    assert second["cells"][0] == {"wins": 2, "losses": 6, "ties": 2, "step": 3}
    assert third["cells"][2] is None


def test_no_matrix_has_no_rows() -> None:
    assert matrix_rows(None) == []


@pytest.mark.parametrize(("value", "shown"), [(35 / 103, "34.0%"), (0.9996, "100.0%"), (0.26749, "26.7%")])
def test_figures_are_rounded_not_cut(value, shown):
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0496, "p = 0.050"), (0.0004, "p < 0.001"), (1.0, "p = 1.000"), (None, "p = –")]
)
def test_a_p_value_in_a_sentence(value, shown):
    assert p_phrase(value) == shown


def test_points_are_of_a_hundred_and_have_a_sign():
    with translation.override("en"):
        assert [points(value) for value in (0.1254, -0.031, 0.0, None)] == ["+12.5", "−3.1", "0.0", "–"]
        assert interval([-0.2, 0.05], "points") == "−20.0 … +5.0"
        assert interval([0.1, 0.2], "points") == "+10.0 … +20.0"
    with translation.override("ru"):
        assert points(0.1254) == "+12,5"
