import dataclasses

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.recommenders.retriever.growth import grown_collaborative
from recsys.recommenders.track_list import TrackList


@pytest.fixture
def collaborative(trained):
    return trained["retriever-cr"].reranker.collaborative


@pytest.fixture
def places(collaborative):
    rows = len(collaborative.heard)
    return np.sort(np.random.default_rng(0).choice(rows + 25, rows, replace=False))


def test_what_was_known_moves_with_the_tracks(collaborative, places):
    grown = grown_collaborative(collaborative, places, len(places) + 25)
    assert np.array_equal(grown.track_factors[places], collaborative.track_factors)
    assert np.array_equal(grown.heard[places], collaborative.heard)
    for name in ("liked", "disliked"):
        before, after = getattr(collaborative, name).toarray(), getattr(grown, name).toarray()
        assert np.array_equal(after[:, places], before)
        assert after.sum() == before.sum()


def test_nobody_has_heard_what_is_new(collaborative, places):
    grown = grown_collaborative(collaborative, places, len(places) + 25)
    new = np.setdiff1d(np.arange(len(places) + 25), places)
    assert not grown.heard[new].any() and not grown.track_factors[new].any()


def test_a_listener_keeps_likes_in_order(collaborative, places):
    grown = grown_collaborative(collaborative, places, len(places) + 25)
    for listener in collaborative.listeners[:20]:
        before, after = collaborative.taste(listener), grown.taste(listener)
        assert after.liked.tolist() == places[before.liked].tolist() == sorted(after.liked.tolist())
        assert after.disliked.tolist() == places[before.disliked].tolist()


def test_growth_says_where_tracks_stand_and_which_are_new(toy):
    whole = TrackList.of(toy)
    kept = {track.id for row, track in enumerate(toy.tracks) if row % 3}
    tracks = tuple(track for track in toy.tracks if track.id in kept)
    part = TrackList.of(dataclasses.replace(toy, tracks=tracks, playlists=(), interactions=()))
    places, added = part.growth(whole)
    assert [whole.ids[row] for row in places] == list(part.ids)
    assert sorted([*places.tolist(), *added.tolist()]) == list(range(len(whole)))
    with pytest.raises(RequestError, match=f"{len(whole) - len(part)} of the artifact's {len(whole)} tracks"):
        whole.growth(part)
    with pytest.raises(RequestError, match="nothing to extend"):
        whole.growth(whole)
