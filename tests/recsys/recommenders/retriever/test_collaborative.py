import numpy as np
import pytest

from recsys.data.dataset import Dataset, Interaction, Track
from recsys.recommenders.retriever.collaborative import AlsParams, Collaborative, taste_scores, train_collaborative
from recsys.recommenders.track_list import TrackList


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
        scores = model.scores(model.taste(f"l{who:02d}"), floor=0.1)
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
    scores = model.scores(model.taste("l00"), floor=0.1)
    assert scores[1] == 0.1
    assert scores[19] == pytest.approx(0.55)


def test_scores_by_hand():
    # heard: 1, 2, 3 with mean 2 and deviation sqrt(2/3)
    raw, heard = np.array([1, 2, 3, 50], np.float32), np.array([True, True, True, False])
    z = 1 / np.sqrt(2 / 3)
    wanted = [0.2 + 0.8 / (1 + np.exp(z)), 0.6, 0.2 + 0.8 / (1 + np.exp(-z)), 0.6]
    assert taste_scores(raw, heard, np.array([], np.int64), floor=0.2) == pytest.approx(wanted)


@pytest.mark.parametrize("raw", [[0, 0, 0], [1e30, -1e30, 0], [1e-30, 0, 0]])
def test_scores_stay_within_floor_and_one(raw):
    scores = taste_scores(np.array(raw, np.float32), np.ones(3, bool), np.array([2]), floor=0.05)
    assert np.all((scores >= 0.05) & (scores <= 1))


def test_same_seed_gives_the_same_bits_and_another_other_ones(checkerboard, model):
    tracks = TrackList.of(checkerboard)
    again, other = (train_collaborative(checkerboard, tracks, AlsParams(factors=4), seed=seed) for seed in (3, 4))
    assert np.array_equal(again.track_factors, model.track_factors)
    assert not np.array_equal(other.track_factors, model.track_factors)


def test_survives_saving(model, tmp_path):
    model.save(tmp_path)
    loaded = Collaborative.load(tmp_path)
    assert np.array_equal(loaded.track_factors, model.track_factors)
    one, other = loaded.taste("l00"), model.taste("l00")
    assert np.array_equal(one.liked, other.liked)
    assert np.array_equal(one.disliked, other.disliked)


def test_a_data_set_without_listeners_knows_no_taste(checkerboard):
    from dataclasses import replace

    nobody = replace(checkerboard, interactions=())
    assert train_collaborative(nobody, TrackList.of(nobody), AlsParams(), seed=0).taste("l00") is None


def test_a_listener_with_nothing_but_dislikes_gets_finite_scores(checkerboard):
    from dataclasses import replace

    grumbler = Interaction("l99", "t02", "dislike", 1, "2025-01-01T00:00:00Z")
    for events in ((grumbler,), (*checkerboard.interactions, grumbler)):
        data = replace(checkerboard, interactions=events)
        fitted = train_collaborative(data, TrackList.of(data), AlsParams(factors=4), seed=0)
        scores = fitted.scores(fitted.taste("l99"), floor=0.1)
        assert np.isfinite(scores).all()
        assert scores.argmin() == 2
