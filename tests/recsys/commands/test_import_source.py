"""`import_source` and `merge_datasets`, as people call them."""

import json

import pytest
from django.core.management import call_command

from playoff.common.commands import InputError
from recsys.data.reading import read_dataset


def write_songs(folder, prefix: str = "") -> str:
    """Eight lists of six tracks of their own."""
    audio = "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo"
    lines = [
        "track_id,track_name,track_artist,track_popularity,track_album_name,track_album_release_date,playlist_name,"
        f"playlist_id,playlist_genre,playlist_subgenre,{audio},duration_ms"
    ]
    lines += [
        f"{prefix}t{n * 6 + m},Song,Singer,5,Album,2001,{prefix} List {n},{prefix}p{n},pop,dance pop{',0' * 11},1000"
        for n in range(8)
        for m in range(6)
    ]
    folder.mkdir()
    (folder / "spotify_songs.csv").write_text("\n".join(lines) + "\n")
    return str(folder)


def test_imports_counts_and_repeats(tmp_path, capsys):
    source = write_songs(tmp_path / "source")
    for name in ("a", "b"):
        call_command("import_source", "tidytuesday-spotify-songs", source, out=tmp_path / name, seed=4)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{tmp_path / 'a'}: tidytuesday-spotify-songs 2020-01-21-seed-4-val-0.1-test-0.2")
    assert said[1] == "  read: 48 tracks on playlists, 8 playlists"
    assert said[2].startswith("  kept: 48 tracks, ")
    assert read_dataset(tmp_path / "a").fingerprint == read_dataset(tmp_path / "b").fingerprint


def test_writes_the_counts_as_json(tmp_path, capsys):
    source = write_songs(tmp_path / "source")
    call_command(
        "import_source", "tidytuesday-spotify-songs", source, out=tmp_path / "out", val=0.0, test=0.5, json="-"
    )
    summary = json.loads(capsys.readouterr().out)
    assert summary["read"] == {"tracks on playlists": 48, "playlists": 8}
    assert summary["kept"] == {"tracks": 48, "playlists (train)": 4, "playlists (test)": 4}
    assert summary["left_out"] == {}
    about = json.loads((tmp_path / "out" / "dataset.json").read_text())
    assert about["splits"] == {"seed": 0, "val": 0.0, "test": 0.5, "by": "playlist"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["spotify"], "no source 'spotify'"),
        (["mtg-jamendo"], "split0_test_tracks.tsv is missing"),
        (["music-reco-ner"], "with --catalogue"),
        (["tidytuesday-spotify-songs", "--test", "1"], "must be a share from 0 to below 1, got '1'"),
        (["tidytuesday-spotify-songs", "--test", "nan"], "must be a share from 0 to below 1, got 'nan'"),
        (["tidytuesday-spotify-songs", "--val", "0.5", "--test", "0.5"], "leave something to train on"),
        (["tidytuesday-spotify-songs", "--seed", "-1"], "whole number of at least 0"),
    ],
)
def test_refuses_in_one_sentence_and_leaves_nothing(tmp_path, arguments, problem):
    source = write_songs(tmp_path / "source")
    with pytest.raises(InputError) as refused:
        call_command("import_source", arguments[0], source, "--out", str(tmp_path / "out"), *arguments[1:])
    assert problem in str(refused.value) and "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_merges(tmp_path, capsys):
    folders = []
    for prefix in ("", "x"):
        source = write_songs(tmp_path / f"source{prefix}", prefix)
        call_command("import_source", "tidytuesday-spotify-songs", source, out=tmp_path / f"data{prefix}", seed=1)
        folders.append(str(tmp_path / f"data{prefix}"))
    capsys.readouterr()
    call_command("merge_datasets", *folders, out=tmp_path / "both", json=tmp_path / "counts.json")
    assert "kept: 96 tracks, " in capsys.readouterr().out
    data = read_dataset(tmp_path / "both")
    assert len(data.playlists) == 16
    assert data.features["audio"].shape == (96, 12)
    assert json.loads((tmp_path / "counts.json").read_text())["version"] == data.version
    about = json.loads((tmp_path / "both" / "dataset.json").read_text())
    assert [part["name"] for part in about["merged"]] == ["tidytuesday-spotify-songs"] * 2
    with pytest.raises(InputError, match="something here already"):
        call_command("merge_datasets", *folders, out=tmp_path / "both")
    with pytest.raises(InputError, match="two data sets or more, got 1"):
        call_command("merge_datasets", folders[0], out=tmp_path / "one")
