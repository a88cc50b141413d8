"""BM25 against its formula, worked by hand."""

import math
from dataclasses import replace

import pytest

from recsys.core.ranking import ListenerQuery
from recsys.data.dataset import Dataset, Playlist, Track
from recsys.recommenders.bm25 import BM25, BM25Params


@pytest.fixture
def dataset() -> Dataset:
    tracks = tuple(
        Track(id=f"t{number}", title="x", artists=("y",), popularity=float(10 * number)) for number in range(1, 5)
    )
    playlists = (
        Playlist("p1", "Ночной ЁЖ", ("t1", "t2")),
        Playlist("p2", "night rock rock", ("t2",)),
        Playlist("p3", "hidden words", ("t3",), split="test"),
    )
    return Dataset(
        name="d", version="1", licence="", source="", languages=(), fingerprint="f", tracks=tracks, playlists=playlists
    )


def test_scores_are_those_of_the_formula(dataset):
    # t1: ночной еж; t2: ночной еж night rock rock; t3, t4: nothing. N = 4, mean length 7/4.
    # Lucene's idf: ln(1 + (N - df + 0.5) / (df + 0.5)); tf part: tf / (tf + k1 (1 - b + b len / mean)).
    model = BM25.train(dataset, seed=0)
    [ranked] = model.recommend([ListenerQuery("rock, ночной!")], k=4)

    def part(count, held_by, length):
        idf = math.log(1 + (4 - held_by + 0.5) / (held_by + 0.5))
        return idf * count / (count + 1.2 * (1 - 0.75 + 0.75 * length / (7 / 4)))

    assert ranked.tracks == ("t2", "t1", "t4", "t3")
    assert ranked.scores[:2] == pytest.approx([part(2, 1, 5) + part(1, 2, 5), part(1, 2, 2)], rel=1e-5)


def test_tracks_without_a_word_of_the_query_follow_by_popularity_below_zero(dataset):
    [ranked] = BM25.train(dataset, seed=0).recommend([ListenerQuery("ночной")], k=4)
    assert ranked.tracks == ("t1", "t2", "t4", "t3")
    assert ranked.scores[2:] == (-0.25, -0.5)


def test_folds_case_and_yo(dataset):
    model = BM25.train(dataset, seed=0)
    assert model.recommend([ListenerQuery("еж")], k=2) == model.recommend([ListenerQuery("ЁЖ")], k=2)
    assert model.recommend([ListenerQuery("ёж")], k=1)[0].tracks == ("t1",)


def test_does_not_learn_from_playlists_kept_for_evaluation(dataset):
    [ranked] = BM25.train(dataset, seed=0).recommend([ListenerQuery("hidden words")], k=1)
    assert ranked.tracks == ("t4",)


def test_parameters_change_the_scores(dataset):
    flat = BM25.train(dataset, seed=0, params=BM25Params(b=0.0)).recommend([ListenerQuery("ночной")], k=2)[0]
    assert flat.scores[0] == flat.scores[1]


def test_without_playlists_everything_follows_by_popularity(dataset, tmp_path):
    model = BM25.train(replace(dataset, playlists=()), seed=0)
    model.save(tmp_path)
    assert BM25.load(tmp_path).recommend([ListenerQuery("rock")], k=4)[0].tracks == ("t4", "t3", "t2", "t1")


def test_words_that_say_nothing_are_left_out(dataset):
    playlists = (Playlist("p1", "the road to nowhere", ("t1",)), Playlist("p2", "для дороги", ("t2",)))
    data = replace(dataset, playlists=playlists)
    for text in ("the", "для", "to the"):
        assert BM25.train(data, seed=0).recommend([ListenerQuery(text)], k=1)[0].tracks == ("t4",)
    kept = BM25.train(data, seed=0, params=BM25Params(stopwords=False))
    assert kept.recommend([ListenerQuery("для")], k=1)[0].tracks == ("t2",)
