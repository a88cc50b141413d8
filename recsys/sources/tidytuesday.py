"""tidytuesday-spotify-songs: 32,833 (track, playlist) pairs of January 2020 with popularity and audio features.

A track's genres are those of the playlists that it was found on, the training ones only: the genre of a playlist kept
for the test would tell whoever reads the tags what is on it. The features are standardised over the whole catalogue:
centred and divided by the standard deviation, `duration_ms` after a logarithm; what was subtracted and divided by
stands in `dataset.json`.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys.data.dataset import Dataset, Playlist, Track
from recsys.sources.imported import Counts, Imported, Wanted, language_of, languages_of, splits_note, with_splits
from recsys.sources.tables import Line, read_csv

NAME = "tidytuesday-spotify-songs"
LICENCE = "MIT for the repository; the service's terms may add to it for titles and names: research and tests only"
AUDIO = (
    "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
    "liveness", "valence", "tempo", "duration_ms",
)  # fmt: skip
_COLUMNS = (
    "track_id", "track_name", "track_artist", "track_popularity", "track_album_name", "track_album_release_date",
    "playlist_name", "playlist_id", "playlist_genre", "playlist_subgenre", *AUDIO,
)  # fmt: skip
_GAP = "NA"


def import_songs(folder: Path, wanted: Wanted) -> Imported:
    """Read the folder of the set as a data set."""
    counts = Counts()
    first: dict[str, Line] = {}
    titles: dict[str, str] = {}
    contents: dict[str, dict[str, None]] = defaultdict(dict)
    genres: dict[str, dict[str, None]] = defaultdict(dict)
    for line in read_csv(folder, "spotify_songs.csv", _COLUMNS):
        counts.read["tracks on playlists"] += 1
        track_id, playlist_id = line.required("track_id"), line.required("playlist_id")
        if _GAP in (line["track_name"], line["track_artist"]):
            counts.left_out["tracks on playlists without title or artist"] += 1
            continue
        first.setdefault(track_id, line)
        titles.setdefault(playlist_id, line.required("playlist_name"))
        contents[playlist_id][track_id] = None
        genres[playlist_id] |= dict.fromkeys((line.required("playlist_genre"), line.required("playlist_subgenre")))
    counts.read["playlists"] = len(titles)
    playlists, _ = with_splits(
        [Playlist(key, title, tuple(contents[key]), language=language_of(title)) for key, title in titles.items()],
        {},
        strata={key: next(iter(genres[key])) for key in titles},
        wanted=wanted,
    )
    tagged: dict[str, dict[str, None]] = defaultdict(dict)
    for playlist in playlists:
        for track_id in playlist.tracks if playlist.split == "train" else ():
            tagged[track_id] |= genres[playlist.id]
    features, scaling = _standardised(list(first.values()))
    dataset = Dataset(
        name=NAME,
        version=f"2020-01-21-{wanted.version}",
        licence=LICENCE,
        source="rfordatascience/tidytuesday, week of 21 January 2020: tracks on public playlists. Genres are those of"
        f" the training playlists that a track is on. features/audio.npy, standardised: {', '.join(AUDIO)}."
        " A language is what the letters of a title tell.",
        languages=languages_of(list(titles.values())),
        fingerprint="",
        tracks=tuple(_track(line, tuple(tagged[track_id])) for track_id, line in first.items()),
        playlists=playlists,
        features={"audio": features},
    )
    return Imported(dataset, counts, {**splits_note(wanted), "features": {"audio": scaling}})


def _track(line: Line, genres: tuple[str, ...]) -> Track:
    album, date = line["track_album_name"], line["track_album_release_date"]
    if not date[:4].isdigit():
        line.refuse("track_album_release_date", f"{date!r} does not begin with a year")
    return Track(
        id=line["track_id"],
        title=line.required("track_name"),
        artists=(line.required("track_artist"),),
        album="" if album == _GAP else album,
        year=int(date[:4]),
        genres=genres,
        popularity=float(line.integer("track_popularity")),
        duration_s=line.integer("duration_ms") / 1000,
    )


def _standardised(lines: list[Line]) -> tuple[NDArray[np.float32], dict[str, list[object]]]:
    """The features, shape (tracks, 12), with mean 0 and deviation 1, and how they became so."""
    raw = np.array([[line.number(column) for column in AUDIO] for line in lines], dtype=np.float64)
    raw[:, -1] = np.log(np.maximum(raw[:, -1], 1))
    mean, deviation = raw.mean(axis=0), raw.std(axis=0)
    deviation[deviation == 0] = 1.0
    scaling: dict[str, list[object]] = {
        "columns": [*AUDIO[:-1], "log duration_ms"],
        "mean": mean.tolist(),
        "deviation": deviation.tolist(),
    }
    return ((raw - mean) / deviation).astype(np.float32), scaling
