import numpy as np
import pytest

from recsys.data.dataset import LabelledQuery, Track
from recsys.data.simulated_wishes import IN_THE_CHARTS, WishReader

TAGS = {"running": ("running", "бег", "пробежка"), "rock": ("rock", "рок"), "decade:1980s": ("80s", "80-х")}


@pytest.fixture(scope="module")
def tracks() -> list[Track]:
    """Even tracks are rock, every third is for running, every fifth of the eighties, the last ten by Kino."""
    return [
        Track(
            id=f"t{n}",
            title="x",
            artists=("Кино",) if n >= 90 else (f"Band {n} Orchestra",),
            genres=("rock",) if n % 2 == 0 else (),
            themes=("running",) if n % 3 == 0 else (),
            year=1984 if n % 5 == 0 else None,
            popularity=float(n),
        )
        for n in range(100)
    ]


@pytest.fixture(scope="module")
def reader(tracks) -> WishReader:
    return WishReader(tracks, TAGS)


def query(text: str, *categories: str) -> LabelledQuery:
    return LabelledQuery("q", text, "en", tuple((f"a{n}", one) for n, one in enumerate(categories)))


def matches(reader, text, category) -> list[int] | None:
    wish = reader.read(query(text, category, category))
    return None if wish is None else np.flatnonzero(wish.matches).tolist()


@pytest.mark.parametrize("text", ["running", "Running!", "for running", "для бега", "на пробежку"])
def test_a_tag_is_read_in_both_languages_whatever_its_ending(reader, text):
    assert matches(reader, text, "sports-activity") == list(range(0, 100, 3))


def test_several_tags_must_all_be_there(reader):
    assert matches(reader, "80s rock for running", "sports-activity") == [0, 30, 60, 90]


def test_an_artist_is_read_where_artists_are_asked_for_and_nowhere_else(reader):
    assert matches(reader, "Кино", "existing-entities") == list(range(90, 100))
    assert matches(reader, "рок и Кино", "sports-activity") is None


def test_a_query_that_is_mostly_not_understood_is_left_alone(reader):
    assert matches(reader, "my running shoes hurt somewhat badly today, nephew", "sports-activity") is None
    assert matches(reader, "something nobody wrote down", "emotional-state") is None


def test_who_names_nothing_and_asks_for_taste_asks_for_everything(reader):
    assert matches(reader, "what I would like", "taste-dependent") == list(range(100))
    assert matches(reader, "rock I would like", "taste-dependent") == list(range(0, 100, 2))


def test_the_charts_are_the_most_popular_of_what_is_named(reader):
    assert matches(reader, "what is hot", "trends-charts") == list(range(100 - IN_THE_CHARTS, 100))
    assert matches(reader, "rock charts", "trends-charts") == list(range(40, 100, 2))
    assert matches(reader, "hits of 2024", "trends-charts") is None  # of which year the popularity is, nobody says


@pytest.mark.parametrize("categories", [(), ("noise",), ("in-style-of",), ("sports-activity", "travel")])
def test_queries_without_one_usable_category_are_left_alone(reader, categories):
    assert reader.read(query("running", *categories)) is None


def test_a_band_named_like_a_tag_is_the_band():
    tracks = [
        Track(id="a", title="x", artists=("Running",)),
        Track(id="b", title="y", artists=("z",), themes=("running",)),
    ]
    reader = WishReader(tracks, TAGS)
    assert matches(reader, "running", "existing-entities") == [0]


def test_an_empty_query_asks_for_nothing(reader):
    assert matches(reader, "", "emotional-state") is None
    assert matches(reader, "🔥", "sports-activity") is None
