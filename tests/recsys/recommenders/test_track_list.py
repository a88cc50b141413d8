import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.core.errors import ArtifactError
from recsys.data.dataset import Dataset, Interaction, Playlist, Track
from recsys.recommenders.track_list import TrackList, best_rows, popularity


def dataset(**parts) -> Dataset:
    tracks = tuple(Track(id=name, title=name.upper(), artists=("X",)) for name in ("b", "a", "c"))
    about = {"name": "d", "version": "1", "licence": "", "source": "", "languages": (), "fingerprint": "f"}
    return Dataset(**(about | {"tracks": tracks} | parts))


def test_stands_in_the_order_of_the_ids():
    tracks = TrackList.of(dataset())
    assert tracks.ids == ("a", "b", "c")
    assert tracks.titles == ("A", "B", "C")
    assert tracks.rows == {"a": 0, "b": 1, "c": 2}


def test_popularity_is_the_field_where_any_track_has_it():
    tracks = dataset().tracks
    given_one = (dataclasses.replace(tracks[0], popularity=40.0), *tracks[1:])
    assert popularity(dataset(tracks=given_one)) == [40.0, 0.0, 0.0]


def test_popularity_counts_listeners_who_heard_or_liked_without_the_field():
    events = (("ann", "a", "listen"), ("ann", "a", "like"), ("bob", "a", "listen"), ("bob", "c", "dislike"))
    interactions = tuple(Interaction(who, track, event, 9, "0") for who, track, event in events)
    assert popularity(dataset(interactions=interactions)) == [0.0, 2.0, 0.0]


def test_popularity_counts_training_playlists_without_listeners():
    playlists = (
        Playlist("1", "x", ("a", "a", "c")),
        Playlist("2", "y", ("a",), split="train"),
        Playlist("3", "z", ("b",), split="test"),
    )
    assert popularity(dataset(playlists=playlists)) == [0.0, 2.0, 1.0]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.data())
def test_best_rows_are_those_of_a_full_sort(scores, data):
    k = data.draw(st.integers(1, len(scores)))
    wanted = sorted(range(len(scores)), key=lambda row: (-scores[row], row))[:k]
    assert best_rows(np.array(scores, dtype=np.float64), k).tolist() == wanted


def test_survives_saving(tmp_path):
    tracks = TrackList.of(dataset())
    tracks.save(tmp_path)
    assert TrackList.load(tmp_path) == tracks


@pytest.mark.parametrize("content", ["", "5", '[{"id": "a"}]', "[1]"])
def test_refuses_a_damaged_file(tmp_path, content):
    (tmp_path / "tracks.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"tracks\.json"):
        TrackList.load(tmp_path)
