"""Data sets joined."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.data.dataset import Dataset, Interaction, LabelledQuery, Listener, Playlist, Request, Track
from recsys.data.merging import merge
from recsys.data.splits import title_key
from recsys.data.writing import write_dataset


def tracks(first: int, last: int, **fields) -> tuple[Track, ...]:
    return tuple(Track(id=f"t{n}", title=f"T{n}", artists=("A",), **fields) for n in range(first, last))


def ids(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"t{n}" for n in range(first, last))


@pytest.fixture
def first() -> Dataset:
    return Dataset(
        name="one", version="1", licence="MIT", source="here", languages=("en",), fingerprint="f1",
        tracks=tracks(0, 20, album="First"),
        playlists=(Playlist("p1", "Night Drive", ids(0, 10), "test"), Playlist("p2", "Morning", ids(10, 20), "test")),
        requests=(Request("r1", ("words",), ids(10, 20), split="test"),),
        queries=(LabelledQuery("line-1", "rock", "en", ()),),
        tag_names={"rock": ("rock",)},
        features={"audio": np.zeros((20, 2), dtype=np.float32)},
    )  # fmt: skip


@pytest.fixture
def second() -> Dataset:
    return Dataset(
        name="two", version="1", licence="CC0", source="there", languages=("ru", "en"), fingerprint="f2",
        tracks=tracks(15, 40, album="Second", year=2000, popularity=7.0),
        playlists=(Playlist("q1", "night-drive!", ids(20, 30), "train"), Playlist("p2", "Morning", ids(20, 25), "test"),
                   Playlist("q3", "Evening", ids(30, 40), "val")),
        interactions=(Interaction("l", "t20", "like", 1, "2020-01-01"),),
        requests=(Request("r2", ("Morning",), ids(30, 35), listener="l", split="train"),),
        queries=(LabelledQuery("line-1", "джаз", "ru", ()), LabelledQuery("line-2", "pop", "en", ())),
        tag_names={"rock": ("рок", "rock"), "pop": ("pop",)},
        features={"audio": np.ones((25, 2), dtype=np.float32), "lyrics": np.ones((25, 3), dtype=np.float32)},
        listeners=(Listener("l", "likes"),),
    )  # fmt: skip


def test_tracks_are_one_by_id_and_the_first_is_believed(first, second):
    merged = merge([first, second])
    assert [track.id for track in merged.dataset.tracks] == list(ids(0, 40))
    shared = merged.dataset.tracks[15]
    assert (shared.album, shared.year) == ("First", 2000)
    assert merged.counts["tracks in more than one"] == 5
    assert merged.counts["tracks of which the first was believed"] == 5


def test_no_title_is_both_learned_from_and_tested(first, second):
    merged = merge([first, second])
    split_of = {playlist.id: playlist.split for playlist in merged.dataset.playlists}
    assert split_of == {"p1": "train", "p2": "test", "q1": "train", "q3": "val"}
    learned = {title_key(p.title) for p in merged.dataset.playlists if p.split == "train"}
    assert not learned & {title_key(p.title) for p in merged.dataset.playlists if p.split != "train"}
    assert merged.counts["playlists and requests moved to another split"] == 1


def test_a_list_that_the_second_learned_from_is_no_test_even_if_the_first_holds_it(first, second):
    again = replace(second, playlists=(Playlist("p2", "Morning", ids(20, 25), "train"),))
    split_of = {p.id: p.split for p in merge([first, again]).dataset.playlists}
    assert split_of["p2"] == "train"
    assert merge([first, again]).dataset.requests[0].split == "train"  # it has the tracks of that list


def test_popularity_and_features_stay_only_where_all_have_them(first, second):
    merged = merge([first, second])
    assert all(track.popularity is None for track in merged.dataset.tracks)
    assert merged.counts["popularities left out, since not every data set has them"] == 25
    assert list(merged.dataset.features) == ["audio"]
    assert merged.dataset.features["audio"][:, 0].tolist() == [0.0] * 20 + [1.0] * 20
    known = replace(first, tracks=tracks(0, 20, popularity=3.0))
    assert merge([known, second]).dataset.tracks[39].popularity == 7.0
    narrow = replace(first, features={"audio": np.zeros((20, 1), dtype=np.float32)})
    assert merge([narrow, second]).dataset.features == {}


def test_the_rest_is_put_together(first, second):
    data = merge([first, second]).dataset
    assert (data.name, data.languages) == ("one+two", ("en", "ru"))
    assert data.tag_names == {"rock": ("rock", "рок"), "pop": ("pop",)}
    assert [(query.id, query.text) for query in data.queries] == [
        ("line-1", "rock"), ("two:line-1", "джаз"), ("line-2", "pop"),
    ]  # fmt: skip
    assert [request.id for request in data.requests] == ["r1", "r2"]
    assert data.requests[1].split == "train"  # a listener's own words move nothing and are not moved
    assert data.interactions == second.interactions
    assert "MIT" in data.licence and "CC0" in data.licence


def test_merged_is_a_data_set_and_names_its_parts(first, second, tmp_path):
    merged = merge([first, second])
    assert write_dataset(merged.dataset, tmp_path / "out", about=merged.about).tracks == merged.dataset.tracks
    assert [part["fingerprint"] for part in merged.about["merged"]] == ["f1", "f2"]
    assert merge([second, first]).dataset.version != merged.dataset.version


def test_one_is_not_enough(first):
    with pytest.raises(RequestError, match="two data sets or more, got 1"):
        merge([first])
