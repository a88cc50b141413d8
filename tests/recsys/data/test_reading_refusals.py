"""One refusal after another: each names its file, its line or field, and the mend."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recsys.core.errors import DatasetError
from recsys.data.reading import read_dataset

Spoil = Callable[[Path], None]


def append(path: Path, line: str) -> None:
    path.write_bytes(path.read_bytes() + line.encode("utf-8", "surrogatepass") + b"\n")


def put(name: str, /, **fields: object) -> Spoil:
    """Set fields of the first row (of the object, in a .json file); `...` removes one."""

    def spoil(folder: Path) -> None:
        first, *rest = (folder / name).read_text(encoding="utf-8").splitlines()
        row = {key: value for key, value in {**json.loads(first), **fields}.items() if value is not ...}
        (folder / name).write_text("\n".join([json.dumps(row), *rest]) + "\n", encoding="utf-8")

    return spoil


def add(name: str, line: str) -> Spoil:
    return lambda folder: append(folder / name, line)


def write(name: str, content: str | bytes) -> Spoil:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data) and None


def drop(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def save(array: np.ndarray) -> Spoil:
    return lambda folder: np.save(folder / "features" / "audio.npy", array)


def pack(name: str) -> Spoil:
    return lambda folder: (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes())) and None


def cut_gzip(folder: Path) -> None:
    packed = gzip.compress((folder / "tracks.jsonl").read_bytes())
    (folder / "tracks.jsonl.gz").write_bytes(packed[:-12])
    (folder / "tracks.jsonl").unlink()


def folder_for_file(folder: Path) -> None:
    (folder / "playlists.jsonl").unlink()
    (folder / "playlists.jsonl").mkdir()


def file_for_folder(folder: Path) -> None:
    (folder / "features" / "audio.npy").unlink()
    (folder / "features").rmdir()
    (folder / "features").write_text("")


def cut_array(folder: Path) -> None:
    path = folder / "features" / "audio.npy"
    path.write_bytes(path.read_bytes()[:-4])


EVENT = "listener,track,event,count,timestamp\n"

REFUSALS: dict[str, tuple[Spoil, str]] = {
    # the folder
    "no dataset.json": (drop("dataset.json"), "dataset.json is missing; write it with name, version"),
    "no tracks": (drop("tracks.jsonl"), "tracks.jsonl is missing or empty; a data set needs at least one track."),
    "empty tracks": (write("tracks.jsonl", ""), "tracks.jsonl is missing or empty"),
    "two forms of a table": (
        pack("tracks.jsonl"),
        "tracks.jsonl and tracks.jsonl.gz both hold the tracks; keep one of them.",
    ),
    "a folder for a file": (folder_for_file, "playlists.jsonl is not a file; put a file of that name there."),
    "a file for a folder": (file_for_folder, "features is not a folder; make it one that holds NAME.npy files."),
    # dataset.json
    "no name": (put("dataset.json", name=...), "dataset.json, field name: it is missing; add a string."),
    "blank version": (put("dataset.json", version=" "), "dataset.json, field version: it is empty"),
    "version as a number": (put("dataset.json", version=1), "field version: 1 is not a string; put it in quotes."),
    "no licence": (put("dataset.json", licence=...), "dataset.json, field licence: it is missing"),
    "no languages": (put("dataset.json", languages=...), "dataset.json, field languages: it is missing"),
    "languages as text": (put("dataset.json", languages="en"), 'field languages: "en" is not a list'),
    "dataset.json not JSON": (write("dataset.json", "{"), "dataset.json is not JSON at column 2"),
    "dataset.json not UTF-8": (write("dataset.json", b'{"name": "\xff"}'), "dataset.json is not UTF-8 at byte 11"),
    "dataset.json a list": (write("dataset.json", "[]"), "dataset.json is not a JSON object; write it in curly"),
    # lines
    "not JSON": (add("tracks.jsonl", "{'id': 1}"), "tracks.jsonl, line 4 is not JSON at column 2"),
    "not an object": (add("tracks.jsonl", '["t4"]'), "tracks.jsonl, line 4 is not a JSON object"),
    "an empty line inside": (add("playlists.jsonl", '\n{"id": "p2"}'), "playlists.jsonl, line 2 is empty; remove"),
    "not UTF-8": (write("playlists.jsonl", b'{"id": "\xd0"}\n'), "playlists.jsonl, line 1 is not UTF-8 at byte 9"),
    "a long line": (
        add("tracks.jsonl", '{"lyrics": "' + "x" * (1 << 20) + '"}'),
        "tracks.jsonl, line 4 is longer than 1048576 bytes; split or shorten it.",
    ),
    "a key twice": (add("tracks.jsonl", '{"id": "t4", "id": "t5"}'), 'the key "id" stands twice; correct it.'),
    "NaN": (add("tracks.jsonl", '{"id": "t4", "popularity": NaN}'), "line 4 cannot be read as JSON: NaN is not a JSON"),
    "deep nesting": (add("tracks.jsonl", "[" * 100_000), "line 4 cannot be read as JSON: it is nested too deeply"),
    "a number of 5,000 digits": (add("tracks.jsonl", '{"year": ' + "9" * 5000 + "}"), "line 4 cannot be read as JSON"),
    "cut gzip": (cut_gzip, "tracks.jsonl.gz is not whole gzip data at line"),
    "no gzip": (
        lambda folder: (folder / "tracks.jsonl").rename(folder / "tracks.jsonl.gz") and None,
        "tracks.jsonl.gz is not whole gzip data at line 1; pack it again.",
    ),
    "no Parquet": (
        lambda folder: (folder / "tracks.jsonl").rename(folder / "tracks.parquet") and None,
        "tracks.parquet cannot be read as Parquet",
    ),
    # tracks
    "no id": (put("tracks.jsonl", id=...), "tracks.jsonl, line 1, field id: it is missing; add a string."),
    "id as a number": (put("tracks.jsonl", id=7), "tracks.jsonl, line 1, field id: 7 is not a string"),
    "id with a blank": (put("tracks.jsonl", id="t1 "), 'field id: "t1 " begins or ends with a blank; remove it.'),
    "a long id": (put("tracks.jsonl", id="x" * 201), "field id: it has 201 characters; shorten it to 200."),
    "the same id twice": (
        put("tracks.jsonl", id="t3"),
        'tracks.jsonl, line 3, field id: "t3" stands in line 1 already; give each its own.',
    ),
    "empty title": (put("tracks.jsonl", title="  "), "tracks.jsonl, line 1, field title: it is empty"),
    "title as a list": (put("tracks.jsonl", title=["x"]), 'field title: ["x"] is not a string'),
    "NUL in a title": (put("tracks.jsonl", title="a\0b"), "holds a NUL character; remove it."),
    "half a surrogate pair": (put("tracks.jsonl", title="a\ud83c"), "holds half of a surrogate pair; remove it."),
    "no artists": (put("tracks.jsonl", artists=[]), "field artists: the list is empty; name at least 1."),
    "artists as text": (put("tracks.jsonl", artists="Кино"), 'field artists: "Кино" is not a list'),
    "an empty artist": (put("tracks.jsonl", artists=[""]), "field artists: one of its strings is empty; remove it."),
    "an artist as a number": (put("tracks.jsonl", artists=[2]), "field artists: 2 is not a string"),
    "no genres": (put("tracks.jsonl", genres=...), "field genres: it is missing; add a list of strings, empty if need"),
    "a mood as an object": (put("tracks.jsonl", moods=[{}]), "field moods: {} is not a string"),
    "year as text": (put("tracks.jsonl", year="1989"), 'field year: "1989" is not an integer; write an integer from'),
    "year as true": (put("tracks.jsonl", year=True), "field year: true is not an integer"),
    "year as a fraction": (put("tracks.jsonl", year=1989.5), "field year: 1989.5 is not an integer"),
    "a year to come": (put("tracks.jsonl", year=19890), "field year: 19890 is not between 1000 and 2100"),
    "energy 0": (put("tracks.jsonl", energy=0), "field energy: 0 is not between 1 and 5"),
    "energy 6": (put("tracks.jsonl", energy=6), "field energy: 6 is not between 1 and 5"),
    "energy as true": (put("tracks.jsonl", energy=True), "field energy: true is not an integer"),
    "unknown tempo": (put("tracks.jsonl", tempo="presto"), '"presto" is not known; use one of slow, mid, fast.'),
    "vocals as a number": (put("tracks.jsonl", vocals=1), "field vocals: 1 is not a string"),
    "popularity 101": (put("tracks.jsonl", popularity=101), "field popularity: 101 is not between 0 and 100"),
    "popularity below 0": (put("tracks.jsonl", popularity=-0.5), "field popularity: -0.5 is not between 0 and 100"),
    "popularity beyond numbers": (
        add(
            "tracks.jsonl",
            '{"id": "t4", "title": "x", "artists": ["y"], "genres": [], '
            '"moods": [], "themes": [], "popularity": 1e999}',
        ),
        "field popularity: Infinity is not between 0 and 100",
    ),
    "popularity as true": (put("tracks.jsonl", popularity=True), "field popularity: true is not a number"),
    "negative duration": (put("tracks.jsonl", duration_s=-1), "field duration_s: -1 is not between 0 and 86400"),
    "a script for a preview": (
        put("tracks.jsonl", preview_url="javascript:alert(1)"),
        "is not an http or https address",
    ),
    "a preview without a host": (put("tracks.jsonl", preview_url="https://"), "is not an http or https"),
    "a preview with quotes": (
        put("tracks.jsonl", preview_url='https://x/"onerror='),
        "is not an http or https address",
    ),
    "a preview that breaks parsing": (put("tracks.jsonl", preview_url="http://[x"), "is not an http or https"),
    # playlists
    "unknown track": (
        put("playlists.jsonl", tracks=["t1", "t9"]),
        'playlists.jsonl, line 1, field tracks: no track has the id "t9"; correct it or add the track.',
    ),
    "an empty playlist": (put("playlists.jsonl", tracks=[]), "field tracks: the list is empty; name at least 1."),
    "unknown split": (
        put("playlists.jsonl", split="dev"),
        'field split: "dev" is not known; use one of train, val',
    ),
    "split as a list": (put("playlists.jsonl", split=["test"]), 'field split: ["test"] is not known'),
    "playlist without a title": (
        put("playlists.jsonl", title=...),
        "line 1, field title: it is missing",
    ),
    # interactions
    "no header": (
        write("interactions.csv", "ann,t1,like,1,5\n"),
        "line 1: the column listener is missing",
    ),
    "empty interactions": (write("interactions.csv", ""), "line 1: the column listener is missing"),
    "a column twice": (write("interactions.csv", "count," + EVENT), "interactions.csv, line 1: a column stands twice"),
    "a field too few": (add("interactions.csv", "ann,t1,like,1"), "interactions.csv, line 6 has 4 fields instead of 5"),
    "an open quote": (add("interactions.csv", 'ann,"t1,like,1,5'), "interactions.csv, line 6 is not CSV"),
    "no listener": (add("interactions.csv", ",t1,like,1,5"), "interactions.csv, line 6, field listener: it is empty"),
    "an unknown track": (add("interactions.csv", "ann,t9,like,1,5"), 'line 6, field track: no track has the id "t9"'),
    "an unknown event": (
        add("interactions.csv", "ann,t1,love,1,5"),
        'line 6, field event: "love" is not known; use one of listen, like, dislike, skip.',
    ),
    "count 0": (add("interactions.csv", "ann,t1,like,0,5"), "line 6, field count: 0 is not a count; write an integer"),
    "count below 0": (add("interactions.csv", "ann,t1,like,-2,5"), 'line 6, field count: "-2" is not a count'),
    "count as a fraction": (add("interactions.csv", "ann,t1,like,1.5,5"), 'field count: "1.5" is not a count'),
    "a count beyond measure": (add("interactions.csv", "ann,t1,like,9999999999,5"), "field count: 9999999999 is not a"),
    "a day that is none": (add("interactions.csv", "ann,t1,like,1,2026-02-30"), '"2026-02-30" is no moment; write ISO'),
    "no timestamp": (add("interactions.csv", "ann,t1,like,1,"), 'line 6, field timestamp: "" is no moment'),
    "milliseconds": (add("interactions.csv", "ann,t1,like,1,1767607200000"), "whole seconds since 1970."),
    # requests
    "query and turns": (
        put("requests.jsonl", turns=["x"]),
        "field query: query and turns are both there",
    ),
    "neither": (put("requests.jsonl", query=...), "field query: query and turns are both missing; keep one of them."),
    "no turns": (put("requests.jsonl", query=..., turns=[]), "field turns: the list is empty; name at least 1."),
    "nothing relevant": (put("requests.jsonl", relevant=[]), "field relevant: the list is empty"),
    "relevant unknown": (put("requests.jsonl", relevant=["t9"]), 'field relevant: no track has the id "t9"'),
    "the same request twice": (
        put("requests.jsonl", id="r2"),
        'field id: "r2" stands in line 1 already',
    ),
    # queries
    "empty query": (put("queries.jsonl", text=""), "queries.jsonl, line 1, field text: it is empty"),
    "query without language": (put("queries.jsonl", lang=...), "queries.jsonl, line 1, field lang: it is missing"),
    "group as number": (put("queries.jsonl", group=5), "queries.jsonl, line 1, field group: 5 is not a string; put it"),
    "empty group": (put("queries.jsonl", group=""), "field group: it is empty; write at least one character"),
    "group with blanks": (put("queries.jsonl", group="g1 "), 'field group: "g1 " begins or ends with a blank; remove'),
    "long group": (put("queries.jsonl", group="g" * 201), "field group: it has 201 characters; shorten it to 200"),
    "annotations as text": (put("queries.jsonl", annotations="x"), 'field annotations: "x" is not a list'),
    "annotation as text": (put("queries.jsonl", annotations=["x"]), 'field annotations: "x" is not an object'),
    "no annotator": (
        put("queries.jsonl", annotations=[{"category": "travel"}]),
        "queries.jsonl, line 1, field annotations, field annotator: it is missing",
    ),
    "one annotator twice": (
        put("queries.jsonl", annotations=[{"annotator": "a1", "category": c} for c in ("travel", "noise")]),
        '"a1" labels the query twice; keep one of the labels.',
    ),
    # listeners, tag names
    "description as text": (put("listeners.jsonl", description="Rock"), 'field description: "Rock" is not an object'),
    "description of numbers": (put("listeners.jsonl", description={"en": 1}), "field description, field en: 1 is not"),
    "the same listener twice": (put("listeners.jsonl", id="bob"), 'line 2, field id: "bob" stands in line 1 already'),
    "a tag without names": (put("tag_names.json", rock=[]), "tag_names.json, field rock: the list is empty"),
    # features
    "features as float64": (save(np.zeros((3, 2))), "features/audio.npy holds float64; save it as float32."),
    "features of integers": (save(np.zeros((3, 2), dtype=np.int32)), "features/audio.npy holds int32"),
    "a row too few": (
        save(np.zeros((2, 2), dtype=np.float32)),
        "features/audio.npy has 2 rows for 3 tracks; write one for each line of tracks.",
    ),
    "one dimension": (save(np.zeros(3, dtype=np.float32)), "has the shape (3,); make it (tracks, dimensions)."),
    "no dimensions": (save(np.zeros((3, 0), dtype=np.float32)), "has the shape (3, 0)"),
    "NaN in features": (
        save(np.array([[0, 1], [0, 1], [np.nan, 1]], dtype=np.float32)),
        "features/audio.npy, row 2 for line 3 of tracks holds NaN or infinity",
    ),
    "infinity in features": (
        save(np.full((3, 2), np.inf, dtype=np.float32)),
        "features/audio.npy, row 0 for line 1 of tracks holds NaN",
    ),
    "objects in features": (save(np.array([["a", None]] * 3, dtype=object)), "features/audio.npy cannot be read"),
    "a cut array": (cut_array, "features/audio.npy cannot be read"),
    "no array": (write("features/audio.npy", "hello"), "features/audio.npy cannot be read"),
    "an empty array file": (write("features/audio.npy", ""), "features/audio.npy cannot be read"),
}


@pytest.mark.parametrize(("spoil", "words"), REFUSALS.values(), ids=REFUSALS)
def test_refuses(folder, spoil, words):
    spoil(folder)
    with pytest.raises(DatasetError) as refusal:
        read_dataset(folder)
    message = str(refusal.value)
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 300
    message.encode()  # it can be printed


def test_refuses_a_category_only_where_the_categories_are_stated(folder):
    assert read_dataset(folder).queries[0].annotations == (("a1", "sports-activity"),)
    assert read_dataset(folder, categories=("travel", "sports-activity"))
    with pytest.raises(
        DatasetError, match=r'^queries\.jsonl, line 1, .* field category: "sports-activity" is not known'
    ):
        read_dataset(folder, categories=("travel", "noise"))


def test_refuses_what_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match=r"file is not a folder; name a folder that holds dataset\.json"):
        read_dataset(tmp_path / "file")
    with pytest.raises(DatasetError, match="nowhere does not exist; name a folder"):
        read_dataset(tmp_path / "nowhere")


@pytest.mark.parametrize("column", ["count", "track", "listener"])
def test_refuses_wrong_types_in_parquet(folder, column):
    event = {"listener": ["ann"], "track": ["t1"], "event": ["like"], "count": [1], "timestamp": [5]}
    event[column] = [1.5]
    pq.write_table(pa.table(event), folder / "interactions.parquet")
    (folder / "interactions.csv").unlink()
    with pytest.raises(DatasetError, match=f"interactions.parquet, row 1, field {column}: "):
        read_dataset(folder)
