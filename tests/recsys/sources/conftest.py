"""Small look-alikes of the public sets, and the real ones where the folder that PLAYOFF_PUBLIC_DATA names is there."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import public_set


def table(rows: list[str], separator: str = "\t") -> str:
    """Rows written with ` ; ` between the fields, as a table of the source."""
    return "\n".join(separator.join(field.strip() for field in row.split(";")) for row in rows) + "\n"


@pytest.fixture
def source_folder(tmp_path) -> Callable[..., Path]:
    """Write files by name; a name that ends in .gz is packed."""

    def write(**files: str) -> Path:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        for key, text in files.items():
            name = key.replace("__", ".")
            data = text.encode()
            (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return folder

    return write


@pytest.fixture
def real() -> Callable[[str], Path]:
    """The folder of a real public set; the test is skipped where it is not."""
    return public_set


@pytest.fixture
def archive(source_folder) -> Path:
    """Twelve lists of six tracks each, two of them with one title."""
    lists = [
        f"p{n};{'Night Drive' if n == 0 else 'night-drive!' if n == 1 else f'Theme {n}'};"
        f"{'Songs for the road at night.' if n % 2 == 0 else 'With A, B and more'};{'chart' if n > 8 else 'theme'};6;6"
        for n in range(12)
    ]
    tracks = [
        f"p{n};t{n * 3 + m};Title {n * 3 + m};A | B{m};x;Album;y;200;2020-01-01;" for n in range(12) for m in range(6)
    ]
    return source_folder(
        playlists__tsv=table(["playlist_id;title;description;kind;tracks_now;tracks_ever", *lists]),
        playlist_tracks_ever__tsv__gz=table(
            [
                "playlist_id;track_id;title;artists;artist_ids;album;album_id;length_s;added;removed",
                *tracks,
                "p3;gone;<MISSING>;;x;<MISSING>;y;1;2020-01-01;",
            ]
        ),
    )


AUDIO = (
    "danceability;energy;key;loudness;mode;speechiness;acousticness;instrumentalness;liveness;valence;tempo;duration_ms"
)


@pytest.fixture
def songs(source_folder) -> Path:
    """Ten lists of six tracks; the genre of list n is g-n, every track is on two lists, one has no title."""
    rows = [
        f't{t};"Song, {t}";Singer;{t};al;Album;{date};List {n};p{n};g{n};sub{n};'
        + ";".join([f"0.{m}", "0.5", str(m), "-5.5", "1", "0", "0", "0", "0", "0", "120", str(200000 + n)])
        for n in range(10)
        for m, date in enumerate(["2019-06-14", "1984", "2001-02", "2019-06-14", "2019-06-14", "2019-06-14"])
        for t in [(n * 3 + m) % 30]
    ]
    rows.append("na;NA;NA;0;al;NA;2012-01-05;List 1;p1;g1;sub1;" + ";".join(["0"] * 11 + ["1"]))
    header = (
        "track_id;track_name;track_artist;track_popularity;track_album_id;track_album_name;track_album_release_date;"
        f"playlist_name;playlist_id;playlist_genre;playlist_subgenre;{AUDIO}"
    )
    return source_folder(spotify_songs__csv__gz=table([header, *rows], ","))
