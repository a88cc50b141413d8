"""BM25 against its formula, worked by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from recsys.core.artifacts import read_json, write_json
from recsys.core.errors import RequestError
from recsys.core.ranking import ListenerQuery
from recsys.data.dataset import Dataset, Playlist, Track
from recsys.recommenders.bm25 import BM25, BM25Params

PAPER = BM25Params(b=0.75, stemming="porter", metadata=0.0, layout=False, transliteration=False)


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
    model = BM25.train(dataset, seed=0, params=PAPER)
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
    flat = BM25.train(dataset, seed=0, params=replace(PAPER, b=0.0)).recommend([ListenerQuery("ночной")], k=2)[0]
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


@pytest.fixture
def named(dataset) -> Dataset:
    """Tracks that say something of themselves; t3 and t4 are on no list that may be learned from."""
    tracks = (
        Track("t1", "Sun", ("Кино",), year=1984, genres=("rock",), popularity=1),
        Track("t2", "Rock", ("Queen",), popularity=2),
        Track("t3", "Nothing Else", ("Metallica",), album="Black", genres=("metal",), popularity=3),
        Track("t4", "Song", ("Other",), other_titles=("Песня",), popularity=4),
    )
    return replace(dataset, tracks=tracks, tag_names={"metal": ("heavy metal", "метал")})


def first(model, text, k=1):
    return model.recommend([ListenerQuery(text)], k=k)[0].tracks


@pytest.mark.parametrize(
    ("query", "track"),
    [
        ("metallica", "t3"), ("метал", "t3"), ("black album", "t3"), ("песни", "t4"), ("songs", "t4"),
        ("1980s", "t1"), ("1984", "t1"), ("queen", "t2"),
    ],
)  # fmt: skip
def test_searches_the_track_itself(named, query, track):
    assert first(BM25.train(named, seed=0), query) == (track,)
    assert first(BM25.train(named, seed=0, params=replace(PAPER, stemming="snowball")), query) == ("t4",)


def test_the_two_fields_add_up_by_their_weight(named):
    def score(weight):
        model = BM25.train(named, seed=0, params=BM25Params(metadata=weight))
        ranked = model.recommend([ListenerQuery("rock")], k=4)[0]
        return dict(zip(ranked.tracks, ranked.scores, strict=True))

    none, half, whole = score(0.0), score(0.5), score(1.0)
    own = {track: whole[track] - max(none[track], 0.0) for track in ("t1", "t2")}
    assert none["t2"] > 0 > none["t1"]
    assert half["t2"] == pytest.approx(none["t2"] + 0.5 * own["t2"])
    assert half["t1"] == pytest.approx(0.5 * own["t1"])
    assert half["t3"] == none["t3"] < 0


@pytest.mark.parametrize(("typed", "track"), [("qqqq", "t4"), ("rbyj", "t1"), ("Ьуефддшсф", "t3"), ("gtcyz", "t4")])
def test_reads_what_was_typed_in_the_other_layout(named, typed, track):
    model = BM25.train(named, seed=0)
    assert first(model, typed) == (track,)
    assert model.read(typed).other_layout == (typed != "qqqq")
    assert not BM25.train(named, seed=0, params=BM25Params(layout=False)).read(typed).other_layout


def test_a_known_word_is_never_read_in_the_other_layout(named):
    model = BM25.train(named, seed=0)
    assert model.read("rock rbyj").terms == ("rock", "rbyj")
    assert not model.read("rbyj vjcrdf ktnj").other_layout  # one of three is known there: fewer than half


def test_an_unknown_word_is_tried_in_the_other_script(named):
    model = BM25.train(named, seed=0)
    assert (model.read("kino").terms, model.read("kino").other_script) == (("кин",), True)
    assert first(model, "kino") == ("t1",)
    assert first(model, "квин") == ("t4",)  # letter by letter it is kvin
    without = BM25.train(named, seed=0, params=BM25Params(transliteration=False))
    assert without.read("kino").terms == ("kino",)


def test_an_artifact_from_before_the_analysis_ranks_as_it_did(named, tmp_path):
    whole_words = BM25Params(b=0.75, stemming="none", metadata=0.0, layout=False, transliteration=False)
    BM25.train(named, seed=0, params=whole_words).save(tmp_path)
    kept = {"k1": 1.2, "b": 0.75, "stopwords": True}
    assert read_json(tmp_path, "params.json")["parameters"].keys() > kept.keys()
    write_json(tmp_path, "params.json", {"slug": "bm25", "parameters": kept})
    assert BM25.load(tmp_path).params == replace(whole_words, metadata_b=BM25Params().metadata_b)
    assert first(BM25.load(tmp_path), "ночная") == ("t4",)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"stemming": "lancaster"}, "`stemming` must be one of none, porter, snowball, got 'lancaster'"),
        ({"metadata": -1.0}, "`metadata` must be a weight of 0 or more, got -1.0"),
        ({"metadata": float("nan")}, "weight of 0 or more"),
    ],
)
def test_refuses_parameters_that_mean_nothing(wrong, problem):
    with pytest.raises(RequestError, match=problem):
        BM25Params(**wrong)


def test_scores_stay_finite_and_ordered_whatever_is_asked(named):
    model = BM25.train(named, seed=0)
    for text in ("", "rock " * 500, "🔥", "\ud800", "rock кино queen metal"):
        scores = model.recommend([ListenerQuery(text)], k=4)[0].scores
        assert np.isfinite(scores).all() and list(scores) == sorted(scores, reverse=True)
