from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.core.errors import ArtifactError
from recsys.core.ranking import Heard
from recsys.data.dataset import Dataset, Interaction, Track
from recsys.data.interactions import evidence_of
from recsys.recommenders.retriever.collaborative import (
    Collaborative,
    Moments,
    taste_scores,
    train_collaborative,
)
from recsys.recommenders.retriever.factorisation import AlsParams
from recsys.recommenders.track_list import TrackList

EVERY = np.arange(20)
number = st.floats(-1e6, 1e6)


@pytest.fixture(scope="module")
def checkerboard() -> Dataset:
    """Even listeners like even tracks, odd ones odd; each has left one of theirs unheard. Track t19 nobody heard."""
    tracks = tuple(Track(id=f"t{number:02d}", title="x", artists=("y",)) for number in reversed(range(20)))
    events = [
        Interaction(f"l{who:02d}", f"t{what:02d}", "like", 1, "2025-01-01T00:00:00Z")
        for who in range(12)
        for what in range(who % 2, 19, 2)
        if what // 2 % 6 != who // 2
    ]
    events.append(Interaction("l00", "t01", "dislike", 1, "2025-01-01T00:00:00Z"))
    return Dataset(
        name="d", version="1", licence="", source="", languages=(), fingerprint="f", tracks=tracks,
        interactions=tuple(events),
    )  # fmt: skip


@pytest.fixture(scope="module")
def model(checkerboard) -> Collaborative:
    return train_collaborative(checkerboard, TrackList.of(checkerboard), AlsParams(factors=4), seed=3)


def test_finds_the_unheard_tracks_of_a_taste(model):
    for who in range(12):
        scores = model.scores(model.taste(f"l{who:02d}"), EVERY, floor=0.1)
        mine = [what for what in range(19) if what % 2 == who % 2]
        others = [what for what in range(19) if what % 2 != who % 2]
        assert min(scores[mine]) > max(scores[others])


def test_knows_what_was_liked_and_disliked(model):
    taste = model.taste("l00")
    assert taste.liked.tolist() == [2, 4, 6, 8, 10, 14, 16, 18]
    assert taste.disliked.tolist() == [1]


def test_knows_nothing_of_strangers(model):
    assert model.taste(None) is None
    assert model.taste("stranger") is None


def test_a_disliked_track_is_at_the_floor_and_one_nobody_heard_in_the_middle(model):
    scores = model.scores(model.taste("l00"), EVERY, floor=0.1)
    assert scores[1] == 0.1
    assert scores[19] == pytest.approx(0.55)


def scored(raw, *, mean=0.0, deviation=1.0, heard=None, disliked=None, floor=0.2):
    raw = np.array(raw, np.float64)
    heard = np.ones(len(raw), bool) if heard is None else np.array(heard)
    disliked = np.zeros(len(raw), bool) if disliked is None else np.array(disliked)
    return taste_scores(raw, mean=mean, deviation=deviation, heard=heard, disliked=disliked, floor=floor)


def test_scores_by_hand():
    # z = (1 - 2) / 0.5, 0, (3 - 2) / 0.5; nobody heard the fourth, the fifth is disliked
    scores = scored(
        [1, 2, 3, 50, 50], mean=2, deviation=0.5, heard=[1, 1, 1, 0, 1], disliked=[0, 0, 0, 0, 1], floor=0.2
    )
    wanted = [0.2 + 0.8 / (1 + np.exp(2)), 0.6, 0.2 + 0.8 / (1 + np.exp(-2)), 0.6, 0.2]
    assert scores == pytest.approx(wanted)


@given(
    st.lists(number, min_size=1, max_size=30),
    number,
    st.floats(0, 1e6),
    st.floats(1e-6, 1),
    st.randoms(use_true_random=False),
)
def test_scores_rise_with_the_raw_score_and_stay_above_0_and_at_most_1(raw, mean, deviation, floor, random):
    scores = scored(raw, mean=mean, deviation=deviation, floor=floor)
    assert np.all((scores >= floor) & (scores <= 1))
    order = np.argsort(raw, kind="stable")
    assert np.all(np.diff(scores[order]) >= 0)
    unheard, disliked = ([random.random() < 0.5 for _ in raw] for _ in range(2))
    mixed = scored(raw, mean=mean, deviation=deviation, floor=floor, heard=np.invert(unheard), disliked=disliked)
    assert np.all((mixed >= floor) & (mixed <= 1))
    in_the_middle = mixed[np.array(unheard) & ~np.array(disliked)]
    assert in_the_middle == pytest.approx(np.full(len(in_the_middle), floor + (1 - floor) / 2))


def test_where_raw_scores_differ_within_reason_the_scores_differ():
    assert np.all(np.diff(scored(np.linspace(-5, 5, 1000))) > 0)


@pytest.mark.parametrize("raw", [[0, 0, 0], [1e30, -1e30, 0], [1e-30, 0, 0]])
def test_scores_are_finite_where_nothing_or_everything_differs(raw):
    for deviation in (0.0, 1e-30, float(np.std(raw))):
        scores = scored(raw, deviation=deviation, floor=0.05)
        assert np.all((scores >= 0.05) & (scores <= 1))


def test_mean_and_deviation_are_those_of_the_heard_catalogue(model):
    for who in model.listeners:
        factors = model.taste(who).factors.astype(float)
        raw = model.track_factors[model.heard].astype(float) @ factors
        assert model.moments.mean @ factors == pytest.approx(raw.mean(), abs=1e-9)
        assert factors @ model.moments.covariance @ factors == pytest.approx(raw.var(), abs=1e-9)


def test_moments_of_a_catalogue_that_nobody_has_heard():
    moments = Moments.of(np.zeros((3, 2), np.float32), np.zeros(3, bool))
    assert not moments.mean.any()
    assert not moments.covariance.any()


def test_a_score_has_the_same_bits_whatever_other_tracks_are_asked_about(model):
    taste = model.taste("l03")
    whole = model.scores(taste, EVERY, floor=0.1)
    for rows in ([4], [3, 4, 19], list(range(1, 20, 3))):
        assert np.array_equal(model.scores(taste, np.array(rows), floor=0.1), whole[rows])


def folded(model, checkerboard, listener):
    tracks = TrackList.of(checkerboard)
    history = [Heard(i.track, i.event, i.count) for i in checkerboard.interactions if i.listener == listener]
    return model.taste_of(evidence_of(history, tracks.rows))


def test_a_known_listeners_own_history_gives_the_taste_of_training(checkerboard, model):
    for listener in model.listeners:
        trained, unseen = model.taste(listener), folded(model, checkerboard, listener)
        assert np.abs(trained.factors - unseen.factors).max() < 1e-5
        assert np.array_equal(trained.liked, unseen.liked)
        assert np.array_equal(trained.disliked, unseen.disliked)
        ours, theirs = (model.scores(taste, EVERY, floor=0.1) for taste in (trained, unseen))
        assert np.abs(ours - theirs).max() < 1e-4


def test_a_listener_left_out_of_training_is_understood_from_a_history(checkerboard):
    rest = replace(checkerboard, interactions=tuple(i for i in checkerboard.interactions if i.listener != "l00"))
    model = train_collaborative(rest, TrackList.of(rest), AlsParams(factors=4), seed=3)
    assert model.taste("l00") is None
    scores = model.scores(folded(model, checkerboard, "l00"), EVERY, floor=0.1)
    assert min(scores[0:19:2]) > max(scores[1:19:2])


def test_a_history_that_speaks_for_and_against_nothing_is_no_taste(model):
    for history in (
        [],
        [Heard("t02", "skip")],
        [Heard("t02", "listen"), Heard("t02", "skip")],
        [Heard("gone", "like")],
    ):
        assert model.taste_of(evidence_of(history, {f"t{row:02d}": row for row in range(20)})) is None


def test_a_listener_who_only_skipped_is_a_stranger(checkerboard):
    skip = Interaction("l99", "t02", "skip", 1, "2025-01-01T00:00:00Z")
    data = replace(checkerboard, interactions=(*checkerboard.interactions, skip))
    assert train_collaborative(data, TrackList.of(data), AlsParams(factors=4), seed=0).taste("l99") is None


def test_skips_lower_the_skipped_track_and_its_like(checkerboard):
    """l00, who likes even tracks, skips some that others of the same taste like."""
    skips = [Interaction("l00", f"t{what:02d}", "skip", 7, "2025-01-01T00:00:00Z") for what in (0, 12)]
    events = tuple(
        i for i in checkerboard.interactions if (i.listener, i.track) not in {("l00", "t00"), ("l00", "t12")}
    )
    before, after = (
        train_collaborative(data, TrackList.of(data), AlsParams(factors=8), seed=3)
        for data in (replace(checkerboard, interactions=events), replace(checkerboard, interactions=(*events, *skips)))
    )
    for row in (0, 12):
        was, now = (one.scores(one.taste("l00"), np.array([row]), floor=0.1)[0] for one in (before, after))
        assert now < was


def test_same_seed_gives_the_same_bits_and_another_other_ones(checkerboard, model):
    tracks = TrackList.of(checkerboard)
    again, other = (train_collaborative(checkerboard, tracks, AlsParams(factors=4), seed=seed) for seed in (3, 4))
    assert np.array_equal(again.track_factors, model.track_factors)
    assert not np.array_equal(other.track_factors, model.track_factors)


def test_survives_saving(model, tmp_path):
    model.save(tmp_path)
    loaded = Collaborative.load(tmp_path)
    assert loaded.params == model.params
    one, other = loaded.taste("l00"), model.taste("l00")
    assert np.array_equal(loaded.scores(one, EVERY, floor=0.1), model.scores(other, EVERY, floor=0.1))
    assert np.array_equal(one.liked, other.liked)
    assert np.array_equal(one.disliked, other.disliked)


def test_an_artifact_of_an_older_kind_is_refused(model, tmp_path):
    model.save(tmp_path)
    (tmp_path / "listeners.json").write_text('["l00"]')
    with pytest.raises(ArtifactError, match="train the artifact again"):
        Collaborative.load(tmp_path)


def test_a_data_set_without_listeners_knows_no_taste(checkerboard):
    nobody = replace(checkerboard, interactions=())
    assert train_collaborative(nobody, TrackList.of(nobody), AlsParams(), seed=0).taste("l00") is None


def test_a_listener_with_nothing_but_dislikes_gets_finite_scores(checkerboard):
    grumbler = Interaction("l99", "t02", "dislike", 1, "2025-01-01T00:00:00Z")
    for events in ((grumbler,), (*checkerboard.interactions, grumbler)):
        data = replace(checkerboard, interactions=events)
        fitted = train_collaborative(data, TrackList.of(data), AlsParams(factors=4), seed=0)
        scores = fitted.scores(fitted.taste("l99"), EVERY, floor=0.1)
        assert np.isfinite(scores).all()
        assert scores.argmin() == 2
