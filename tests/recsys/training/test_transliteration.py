import pytest

from recsys.training.transliteration import other_script


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Кино", "kino"),
        ("Земфира", "zemfira"),
        ("Жуки", "zhuki"),
        ("Ёлка", "elka"),
        ("Metallica", "металлика"),
        ("Nirvana", "нирвана"),
        ("Queen", "квин"),
        ("Pink Floyd", "пинк флойд"),
        ("AC/DC", "ак/дк"),
        ("", ""),
        ("東京", "東京"),
    ],
)
def test_other_script(name, other):
    assert other_script(name) == other
