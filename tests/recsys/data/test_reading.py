"""What is read; what is refused is in `test_reading_refusals.py`."""

import gzip
import json
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recsys.data.dataset import Interaction, LabelledQuery, Listener, Playlist, Request, Track
from recsys.data.reading import read_dataset


def test_reads_every_field_of_every_file(folder):
    dataset = read_dataset(folder)

    assert (dataset.name, dataset.version, dataset.licence) == ("tiny", "1", "CC0-1.0")
    assert dataset.languages == ("en", "ru")
    assert dataset.tracks[0] == Track(
        id="t1",
        title="Перемен",
        artists=("Кино",),
        album="Последний герой",
        year=1989,
        genres=("rock", "post-punk"),
        moods=("rebellious",),
        themes=("protest",),
        language="ru",
        energy=4,
        tempo="mid",
        vocals="male",
        popularity=95.0,
        duration_s=296.5,
        isrc="RUA110000001",
        preview_url="https://example.org/t1.mp3",
        lyrics="la la",
        other_titles=("Peremen",),
    )
    assert dataset.tracks[1] == Track(id="t2", title="Weightless", artists=("Marconi Union",), genres=("ambient",))
    assert dataset.playlists == (Playlist("p1", "under the rain", ("t3", "t1"), split="test", language="en"),)
    assert dataset.interactions[0] == Interaction("ann", "t1", "listen", 12, "2026-01-05T10:00:00Z")
    assert dataset.interactions[2] == Interaction("bob", "t2", "skip", 1, "1767607200")
    assert dataset.requests == (
        Request("r1", ("something slow",), ("t2",), listener="ann", split="val"),
        Request("r2", ("something loud", "and Russian"), ("t1", "t3")),
    )
    assert dataset.queries == (
        LabelledQuery("q1", "для бега", "ru", (("a1", "sports-activity"),)),
        LabelledQuery("line-2", "for running", "en", (), "g-run"),
    )
    assert dataset.listeners == (Listener("ann", "Rock", "Рок"), Listener("bob"))
    assert dataset.tag_names == {"rock": ("rock", "рок")}
    assert dataset.features["audio"].dtype == np.float32
    assert dataset.features["audio"].tolist() == [[0, 1], [2, 3], [4, 5]]


def test_needs_no_more_than_its_name_and_tracks(folder):
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in ("dataset.json", "tracks.jsonl"):
            path.unlink()
    dataset = read_dataset(folder)
    assert len(dataset.tracks) == 3
    assert dataset.playlists == dataset.interactions == dataset.requests == dataset.queries == ()


def test_reads_the_same_from_gzip(folder):
    plain = read_dataset(folder)
    for path in [*folder.glob("*.jsonl"), *folder.glob("*.csv")]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    packed = read_dataset(folder)
    assert (packed.tracks, packed.interactions, packed.queries) == (plain.tracks, plain.interactions, plain.queries)


def test_reads_the_same_from_parquet(folder):
    plain = read_dataset(folder)
    for name in ("tracks", "playlists"):
        rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        columns = {key: [row.get(key) for row in rows] for key in rows[0]}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
        (folder / f"{name}.jsonl").unlink()
    events = [line.split(",") for line in (folder / "interactions.csv").read_text().splitlines()]
    columns = {key: [event[i] for event in events[1:]] for i, key in enumerate(events[0])}
    columns["count"] = [int(count) for count in columns["count"]]
    pq.write_table(pa.table(columns), folder / "interactions.parquet")
    (folder / "interactions.csv").unlink()

    packed = read_dataset(folder)
    assert (packed.tracks, packed.playlists, packed.interactions) == (plain.tracks, plain.playlists, plain.interactions)


def test_parquet_gaps_are_gaps_and_moments_may_have_their_own_type(folder):
    """A data frame writes a year column with gaps as floats, and moments as moments."""
    rows = {"id": ["t1", "t2", "t3"], "title": ["a", "b", "c"], "artists": [["x"]] * 3, "year": [1989.0, None, np.nan]}
    tags: dict[str, list[list[str]]] = {"genres": [["rock"]] * 3, "moods": [["sad"]] * 3, "themes": [["night"]] * 3}
    pq.write_table(pa.table({**rows, **tags}), folder / "tracks.parquet")
    (folder / "tracks.jsonl").unlink()
    when = pa.array([1_767_607_200_000], type=pa.timestamp("ms", tz="UTC"))
    events = {"listener": ["ann"], "track": ["t1"], "event": ["like"], "count": [1], "timestamp": when}
    pq.write_table(pa.table(events), folder / "interactions.parquet")
    (folder / "interactions.csv").unlink()

    dataset = read_dataset(folder)
    assert [track.year for track in dataset.tracks] == [1989, None, None]
    assert dataset.interactions[0].timestamp == "2026-01-05T10:00:00+00:00"


def test_tolerates_byte_order_mark_windows_lines_blank_end_and_unknown_keys(folder):
    put_first_key = (folder / "tracks.jsonl").read_text(encoding="utf-8").replace("{", '{"mystery": [1], ', 1)
    (folder / "tracks.jsonl").write_text(put_first_key, encoding="utf-8")
    plain = read_dataset(folder)
    for path in folder.glob("*.*"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    (folder / "notes.txt").write_text("no part of the data set")

    marked = read_dataset(folder)
    assert (marked.tracks, marked.interactions, marked.queries) == (plain.tracks, plain.interactions, plain.queries)


def test_a_track_that_stands_twice_in_a_list_counts_once(folder, write_jsonl):
    write_jsonl(folder / "playlists.jsonl", [{"id": "p1", "title": "x", "tracks": ["t1", "t3", "t1"]}])
    assert read_dataset(folder).playlists[0].tracks == ("t1", "t3")


def test_quoted_csv_fields_and_columns_in_another_order(folder):
    (folder / "interactions.csv").write_text(
        'event,listener,count,track,timestamp,note\nlike,"Smith, Ann",1,t1,2026-01-05,"said ""yes"""\n'
    )
    assert read_dataset(folder).interactions == (Interaction("Smith, Ann", "t1", "like", 1, "2026-01-05"),)


def test_the_sample_is_read_in_a_second_and_a_half():
    started = time.process_time()
    dataset = read_dataset(Path(__file__).parents[3] / "sample")
    assert time.process_time() - started < 1.5
    assert len(dataset.tracks) == 3204
