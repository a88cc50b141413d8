import numpy as np
import pytest

from recsys.data.catalogue import track_tags
from recsys.data.dataset import Dataset, Playlist, Track
from recsys.training.wishes import WishSource


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    def track(number, **parts):
        return Track(id=f"t{number}", **({"title": f"Song {number}", "artists": ("Queen",)} | parts))

    tracks = (
        track(1, genres=("rock",), language="ru", artists=("Кино",)),
        track(2, genres=("rock",), language="en"),
        track(3, genres=("jazz",), language="en", year=1984),
        track(4),
    )
    names = {"rock": ("rock", "русский рок"), "language:ru": ("Russian", "русский"), "jazz": ("jazz", "джаз")}
    playlists = (
        Playlist("p1", "loud ones", ("t1", "t2")),
        Playlist("p2", "secret", ("t3",), split="test"),
    )
    return Dataset(
        name="d", version="1", licence="", source="", languages=(), fingerprint="f", tracks=tracks,
        playlists=playlists, tag_names=names,
    )  # fmt: skip


@pytest.fixture(scope="module")
def source(dataset) -> WishSource:
    return WishSource(dataset)


@pytest.fixture(scope="module")
def wishes(source):
    return source.draw(np.random.default_rng(0), per_track=200)


def test_a_wish_is_right_for_its_own_track(source, wishes):
    part = wishes.part(slice(0, 100))
    assert source.also_right(part).diagonal().all()


def test_rightness_means_all_that_is_named(source, wishes, dataset):
    part = wishes.part(slice(0, 300))
    right = source.also_right(part)
    for i, text in enumerate(part.texts):
        if text == "rock":
            assert {int(part.tracks[j]) for j in np.flatnonzero(right[i])} == {0, 1}
        if text == "Queen":
            assert {int(part.tracks[j]) for j in np.flatnonzero(right[i])} == {1, 2, 3}
        if text == "loud ones":
            assert {int(part.tracks[j]) for j in np.flatnonzero(right[i])} == {0, 1}
    assert {"rock", "Queen", "loud ones"} <= set(part.texts)


def test_a_name_that_tells_the_language_is_asked_only_of_tracks_in_it(wishes):
    asked = {int(track) for text, track in zip(wishes.texts, wishes.tracks, strict=True) if "русский рок" in text}
    assert asked == {0}


def test_playlists_kept_for_evaluation_are_not_learned(source, wishes):
    assert "secret" not in {*source.texts(), *wishes.texts}


def test_asks_in_both_languages_and_for_everything(wishes, dataset):
    assert {"Queen", "квин", "Кино", "kino", "Song 4"} <= set(wishes.texts)
    assert any("джаз" in text for text in wishes.texts)
    assert "decade:1980s" in track_tags(dataset.tracks[2])
    assert any("1980s" in text for text in wishes.texts)
    assert set(wishes.tracks.tolist()) == {0, 1, 2, 3}


def test_the_same_generator_gives_the_same_wishes(source):
    one, other = (source.draw(np.random.default_rng(7), per_track=3) for _ in range(2))
    assert one.texts == other.texts
    assert np.array_equal(one.tracks, other.tracks)
