import numpy as np
import pytest

from recsys.core.errors import SourceError
from recsys.data.writing import write_dataset
from recsys.sources.imported import Wanted
from recsys.sources.tidytuesday import AUDIO, import_songs


def test_tracks_lists_and_features(songs, tmp_path):
    imported = import_songs(songs, Wanted(seed=1))
    data = write_dataset(imported.dataset, tmp_path / "out", about=imported.about)
    assert (len(data.tracks), len(data.playlists)) == (30, 10)
    first = data.tracks[0]
    assert (first.title, first.artists, first.year, first.popularity) == ("Song, 0", ("Singer",), 2019, 0.0)
    assert first.duration_s == pytest.approx(200.0)
    assert [track.year for track in data.tracks[1:3]] == [1984, 2001]
    assert imported.counts.left_out == {"tracks on playlists without title or artist": 1}


def test_features_are_standardised_and_say_how(songs):
    imported = import_songs(songs, Wanted())
    audio, scaling = imported.dataset.features["audio"], imported.about["features"]["audio"]
    assert audio.shape == (30, 12) and audio.dtype == np.float32
    moving = audio.std(axis=0) > 0
    assert moving.tolist() == [name in ("danceability", "key", "duration_ms") for name in AUDIO]
    assert audio.mean(axis=0) == pytest.approx(np.zeros(12), abs=1e-5)
    assert audio.std(axis=0)[moving] == pytest.approx(1.0, abs=1e-5)
    raw = audio * np.array(scaling["deviation"]) + np.array(scaling["mean"])
    assert raw[0, :4] == pytest.approx([0.0, 0.5, 0, -5.5], abs=1e-5)
    assert np.exp(raw[0, 11]) == pytest.approx(200000)
    assert scaling["columns"] == [*AUDIO[:-1], "log duration_ms"]


@pytest.mark.parametrize("seed", range(4))
def test_genres_come_from_training_lists_alone(songs, seed):
    data = import_songs(songs, Wanted(seed=seed, test=0.4)).dataset
    learned = {f"g{p.id[1:]}" for p in data.playlists if p.split == "train"}
    assert {p.split for p in data.playlists} >= {"train", "test"}
    told = {genre for track in data.tracks for genre in track.genres if genre.startswith("g")}
    assert told == learned


def test_refuses_a_date_without_a_year(songs, source_folder):
    from gzip import decompress

    text = decompress((songs / "spotify_songs.csv.gz").read_bytes()).decode().replace("1984", "soon")
    folder = source_folder(spotify_songs__csv__gz=text)
    with pytest.raises(SourceError, match=r"spotify_songs.csv.gz, line \d+, column track_album_release_date: 'soon'"):
        import_songs(folder, Wanted())
