"""The real public sets, where they are: what data/README.md of the copy says is what comes in."""

from collections import defaultdict

import pytest

from recsys.data.merging import merge
from recsys.data.splits import title_key
from recsys.data.writing import write_dataset
from recsys.sources.imported import Wanted
from recsys.sources.registry import importer


def assert_no_test_title_is_learned_from(data):
    splits = defaultdict(set)
    texts = [(playlist.title, playlist.split) for playlist in data.playlists]
    texts += [(request.turns[0], request.split) for request in data.requests if not request.listener]
    for text, split in texts:
        splits[title_key(text)].add(split)
    assert all(len(found) == 1 for found in splits.values())
    assert {"train", "test"} <= {split for found in splits.values() for split in found}


def test_archive_and_songs_and_both(real, tmp_path):
    archive = importer("spotify-playlist-archive")(real("spotify-playlist-archive"), Wanted(seed=1))
    songs = importer("tidytuesday-spotify-songs")(real("tidytuesday-spotify-songs"), Wanted(seed=1))
    assert archive.counts.read == {"playlists": 249, "tracks on playlists": 93_476}
    assert len(archive.dataset.tracks) == 62_722
    assert songs.counts.read == {"playlists": 471, "tracks on playlists": 32_833}
    assert songs.counts.left_out == {"tracks on playlists without title or artist": 5}
    both = merge([archive.dataset, songs.dataset])
    assert both.counts["tracks in more than one"] == 4_091
    for data in (archive.dataset, songs.dataset, both.dataset):
        assert_no_test_title_is_learned_from(data)
    assert len(write_dataset(both.dataset, tmp_path / "both").tracks) == 86_983


def test_listeners(real):
    imported = importer("hetrec2011-lastfm-2k")(real("hetrec2011-lastfm-2k"), Wanted(seed=1))
    assert imported.counts.read == {"play counts": 92_834, "tags": 11_946, "tags given": 186_478}
    assert (len(imported.dataset.tracks), len(imported.dataset.listeners)) == (17_632, 1_892)
    heard = {(event.listener, event.track) for event in imported.dataset.interactions}
    for request in imported.dataset.requests:
        assert not any((request.listener, track) in heard for track in request.relevant)
    assert sum(bool(request.listener) for request in imported.dataset.requests) > 1_000


def test_tags(real):
    imported = importer("mtg-jamendo")(real("mtg-jamendo"), Wanted(seed=1))
    assert imported.counts.read == {"tracks": 11_565}
    assert len({tag for track in imported.dataset.tracks for tag in track.genres}) == 87


def test_requests(real, tmp_path):
    songs = importer("tidytuesday-spotify-songs")(real("tidytuesday-spotify-songs"), Wanted(seed=1)).dataset
    write_dataset(songs, tmp_path / "songs")
    wanted = Wanted(seed=1, catalogue=tmp_path / "songs")
    imported = importer("music-reco-ner")(real("music-reco-ner"), wanted)
    assert imported.counts.read == {"requests": 2_551, "entities linked": 2_198}
    assert len(imported.dataset.queries) == 2_551
    assert len(imported.dataset.requests) > 300


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shares_hold_on_real_lists(real, seed):
    lists = importer("tidytuesday-spotify-songs")(
        real("tidytuesday-spotify-songs"), Wanted(seed=seed)
    ).dataset.playlists
    shares = {name: sum(playlist.split == name for playlist in lists) / len(lists) for name in ("val", "test")}
    assert shares == {"val": pytest.approx(0.1, abs=0.01), "test": pytest.approx(0.2, abs=0.01)}
