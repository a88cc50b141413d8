"""The dense baselines: documents of titles, ties, tracks without a document, and what fine-tuning changes."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import ArtifactError, RequestError
from recsys.core.ranking import ListenerQuery
from recsys.data.dataset import Playlist
from recsys.recommenders.biencoder.recommender import (
    READINGS,
    BiEncoder,
    BiEncoderParams,
    BiEncoderZeroShot,
    BiEncoderZeroShotParams,
)
from recsys.training.fine_tuning.title_votes import title_counts
from recsys.training.static_encoder import StaticEncoder


@pytest.fixture(scope="module")
def few(toy):
    """Five tracks: two with the same titles, one with others, two on no training playlist."""
    tracks = tuple(
        replace(track, id=name, popularity=popularity)
        for track, name, popularity in zip(toy.tracks, "abcde", (1, 2, 3, 5, 4), strict=False)
    )
    playlists = (
        Playlist("1", "Night drive", ("b", "a"), "train"),
        Playlist("2", "night  DRIVE", ("a", "b"), "train"),
        Playlist("3", "jazz for dinner", ("c",), "train"),
        Playlist("4", "christmas", ("d",), "test"),
        Playlist("5", "rock", ("d",), "val"),
    )
    return replace(toy, tracks=tracks, playlists=playlists, interactions=(), requests=(), queries=())


CONCATENATED = BiEncoderZeroShotParams(reading="concatenated")


@pytest.fixture(scope="module")
def zero_shot(few, toy_encoder):
    return BiEncoderZeroShot.train(few, seed=0, encoder=toy_encoder, params=CONCATENATED)


@pytest.fixture(scope="module")
def voting(few, toy_encoder):
    return BiEncoderZeroShot.train(few, seed=0, encoder=toy_encoder)


def ask(recommender, text, k=5):
    [ranking] = recommender.recommend([ListenerQuery(text)], k=k)
    return ranking


def test_ranks_by_the_cosine_with_the_titles(zero_shot, toy_encoder):
    ranking = ask(zero_shot, "jazz")
    assert ranking.tracks[0] == "c"
    [query] = toy_encoder.encode(["jazz"])
    documents = toy_encoder.encode(["jazz for dinner", "Night drive"], kind="track")
    assert ranking.scores[:3] == pytest.approx([documents[0] @ query, *[documents[1] @ query] * 2], abs=1e-6)


def test_equal_titles_get_equal_scores_whatever_their_case(zero_shot):
    ranking = ask(zero_shot, "night drive")
    assert ranking.tracks[:2] == ("a", "b")
    assert ranking.scores[0] == ranking.scores[1] == pytest.approx(1)


@pytest.mark.parametrize("reading", ["zero_shot", "voting"])
def test_tracks_on_no_training_playlist_come_last_by_popularity(reading, request):
    for text in ("christmas", "rock", "jazz"):
        ranking = ask(request.getfixturevalue(reading), text)
        assert ranking.tracks[3:] == ("d", "e")
        assert ranking.scores[3:] == pytest.approx([-3 + 4 / 5, -3 + 3 / 5])


@pytest.mark.parametrize("reading", ["zero_shot", "voting"])
def test_a_query_without_a_known_piece_is_answered_by_popularity(reading, request):
    assert ask(request.getfixturevalue(reading), "🎄").tracks == ("d", "e", "c", "b", "a")


def test_every_playlist_votes_by_the_cosine_of_its_title(voting, toy_encoder):
    """Two lists of one title hold a and b, one holds c: s = 1 + tau log sum n exp((cos - 1) / tau)."""
    tau = BiEncoderZeroShotParams().softness
    [query] = toy_encoder.encode(["jazz at night"])
    night, jazz = toy_encoder.encode(["Night drive", "jazz for dinner"], kind="track") @ query
    ranking = ask(voting, "jazz at night")
    scores = dict(zip(ranking.tracks, ranking.scores, strict=True))
    assert scores["a"] == scores["b"] == pytest.approx(night + tau * np.log(2), abs=1e-6)
    assert scores["c"] == pytest.approx(jazz, abs=1e-6)


def test_a_track_on_more_fitting_playlists_comes_first(few, toy_encoder):
    """The paper's one document is less near the query for every other title; a vote is only added to."""
    more = (*few.playlists, Playlist("6", "jazz for dinner", ("a",), "train"), Playlist("7", "rock", ("c",), "train"))
    both = replace(few, playlists=(*more, Playlist("8", "dinner jazz", ("c",), "train")))
    assert ask(BiEncoderZeroShot.train(both, seed=0, encoder=toy_encoder), "jazz for dinner").tracks[0] == "c"
    paper = BiEncoderZeroShot.train(replace(few, playlists=more), seed=0, encoder=toy_encoder, params=CONCATENATED)
    assert ask(paper, "rock").tracks[0] == "c"


@pytest.mark.parametrize("softness", [0.01, 1.0])
def test_votes_keep_between_the_nearest_title_and_the_number_of_lists(few, toy_encoder, softness):
    params = BiEncoderZeroShotParams(softness=softness)
    ranking = ask(BiEncoderZeroShot.train(few, seed=0, encoder=toy_encoder, params=params), "night drive")
    assert ranking.tracks[:2] == ("a", "b")
    assert ranking.scores[0] == pytest.approx(1 + softness * np.log(2), abs=1e-6)


def test_the_limit_of_titles_is_kept(few, toy_encoder):
    many = replace(few, playlists=(*few.playlists, Playlist("6", "rock", ("a",), "train")))
    short = BiEncoderZeroShot.train(many, seed=0, encoder=toy_encoder, params=replace(CONCATENATED, titles=1))
    assert ask(short, "night drive").scores[0] == ask(short, "night drive").scores[1]
    whole = BiEncoderZeroShot.train(many, seed=0, encoder=toy_encoder, params=CONCATENATED)
    assert ask(whole, "night drive").scores[0] != ask(whole, "night drive").scores[1]


def test_without_any_playlist_it_is_popularity(few, toy_encoder, tmp_path):
    bare = BiEncoderZeroShot.train(replace(few, playlists=()), seed=0, encoder=toy_encoder)
    assert ask(bare, "jazz").tracks == ("d", "e", "c", "b", "a")
    bare.save(tmp_path)
    assert ask(BiEncoderZeroShot.load(tmp_path), "jazz") == ask(bare, "jazz")


@pytest.fixture(scope="module")
def unheld(toy):
    """The toy without validation playlists: the last epoch is kept, whatever it is."""
    return replace(toy, playlists=tuple(playlist for playlist in toy.playlists if playlist.split != "val"))


def test_fine_tuning_brings_titles_nearer_to_their_tracks(unheld, toy_encoder):
    """On what it was trained on, from vectors that know nothing, so that a step in the wrong direction would show."""
    random = np.random.default_rng(0).normal(size=(len(toy_encoder.embeddings), 16)).astype(np.float32)
    base = StaticEncoder(toy_encoder.tokenizer, random)
    params = BiEncoderParams(reading="concatenated", epochs=3, rate=0.05, own_title=False)
    tuned = BiEncoder.train(unheld, seed=1, encoder=base, params=params)
    frozen = BiEncoderZeroShot.train(unheld, seed=1, encoder=base, params=CONCATENATED)
    titles = [playlist for playlist in unheld.playlists if playlist.split == "train"]

    def hits(recommender):
        rankings = recommender.recommend([ListenerQuery(playlist.title) for playlist in titles], k=10)
        return sum(len({*one.tracks} & {*each.tracks}) for one, each in zip(rankings, titles, strict=True))

    assert hits(tuned) > hits(frozen)
    assert not np.array_equal(tuned.encoder.embeddings, random)


def test_voting_titles_of_one_track_are_brought_nearer_to_each_other(unheld, toy_encoder):
    random = np.random.default_rng(0).normal(size=(len(toy_encoder.embeddings), 16)).astype(np.float32)
    base = StaticEncoder(toy_encoder.tokenizer, random)
    tuned = BiEncoder.train(unheld, seed=1, encoder=base, params=BiEncoderParams(epochs=3, rate=0.05))
    titles, counts = title_counts(unheld)
    together = np.asarray((counts.T @ counts).todense())
    np.fill_diagonal(together, 0)

    def gap(encoder):
        vectors = encoder.encode(titles)
        cosines = vectors @ vectors.T
        apart = ~np.eye(len(titles), dtype=bool) & (together == 0)
        return cosines[together > 0].mean() - cosines[apart].mean()

    assert gap(tuned.encoder) > gap(base) + 0.05


def test_says_what_it_was_made_of(toy, toy_encoder, zero_shot):
    assert "2 tracks are on no training playlist" in " ".join(zero_shot.notes)
    notes = " ".join(BiEncoder.train(toy, seed=1, encoder=toy_encoder, params=BiEncoderParams(epochs=1)).notes)
    assert "fine-tuned is static" in notes and "validation" in notes


def test_nothing_to_learn_from_is_refused(few, toy_encoder):
    with pytest.raises(RequestError, match="nothing to learn from"):
        BiEncoder.train(replace(few, playlists=()), seed=0, encoder=toy_encoder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"titles": 0}, {"batch": 0}, {"temperature": 0.0}, {"negatives": -1}, {"negatives": 1}, {"reading": "whole"},
        {"softness": 0.0}, {"softness": 2.0},
    ],
)  # fmt: skip
def test_parameters_that_make_no_sense_are_refused(wrong):
    with pytest.raises(RequestError, match=f"`{next(iter(wrong))}`"):
        BiEncoderParams(**wrong)


def test_an_artifact_whose_parts_do_not_fit_is_refused(zero_shot, tmp_path):
    zero_shot.save(tmp_path)
    np.save(tmp_path / "documents.npy", np.array([0, 1, 7, -1, -1], dtype=np.int32))
    with pytest.raises(ArtifactError, match="do not fit"):
        BiEncoderZeroShot.load(tmp_path)


def test_a_voting_artifact_whose_parts_do_not_fit_is_refused(voting, tmp_path):
    voting.save(tmp_path)
    np.save(tmp_path / "vectors.npy", np.ones((1, 8), dtype=np.float32))
    with pytest.raises(ArtifactError, match="do not fit"):
        BiEncoderZeroShot.load(tmp_path)
    (tmp_path / "titles.npz").write_bytes(b"PK")
    with pytest.raises(ArtifactError, match="do not fit"):
        BiEncoderZeroShot.load(tmp_path)


@pytest.mark.parametrize("reading", READINGS)
def test_any_k_gives_the_beginning_of_the_whole_ranking(toy, toy_encoder, reading):
    params = BiEncoderZeroShotParams(reading=reading, titles=1)
    recommender = BiEncoderZeroShot.train(toy, seed=0, encoder=toy_encoder, params=params)
    size = len(toy.tracks)
    for text in ("night drive", "jazz for dinner", "зима", "🎄"):
        whole = ask(recommender, text, k=size)
        pairs = list(zip((-score for score in whole.scores), whole.tracks, strict=True))
        assert pairs == sorted(pairs) and len(set(whole.tracks)) == size
        for k in (1, 2, 5, 30, size - 1):
            assert ask(recommender, text, k=k).tracks == whole.tracks[:k]
