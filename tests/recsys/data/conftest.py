"""A data set folder of three tracks with every file of the format, for tests to spoil."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

ABOUT = {
    "name": "tiny",
    "version": "1",
    "licence": "CC0-1.0",
    "source": "made up",
    "languages": ["en", "ru"],
}
TRACKS = [
    {
        "id": "t1",
        "title": "Перемен",
        "artists": ["Кино"],
        "album": "Последний герой",
        "year": 1989,
        "genres": ["rock", "post-punk"],
        "moods": ["rebellious"],
        "themes": ["protest"],
        "language": "ru",
        "energy": 4,
        "tempo": "mid",
        "vocals": "male",
        "popularity": 95,
        "duration_s": 296.5,
        "isrc": "RUA110000001",
        "preview_url": "https://example.org/t1.mp3",
        "lyrics": "la la",
        "other_titles": ["Peremen"],
    },
    {"id": "t2", "title": "Weightless", "artists": ["Marconi Union"], "genres": ["ambient"], "moods": [], "themes": []},
    {"id": "t3", "title": "One", "artists": ["U2"], "genres": ["rock"], "moods": [], "themes": [], "year": None},
]
PLAYLISTS = [{"id": "p1", "title": "under the rain", "tracks": ["t3", "t1"], "split": "test", "language": "en"}]
REQUESTS = [
    {"id": "r1", "query": "something slow", "listener": "ann", "relevant": ["t2"], "split": "val"},
    {"id": "r2", "turns": ["something loud", "and Russian"], "relevant": ["t1", "t3"]},
]
QUERIES = [
    {"id": "q1", "text": "для бега", "lang": "ru", "annotations": [{"annotator": "a1", "category": "sports-activity"}]},
    {"text": "for running", "lang": "en", "annotations": [], "group": "g-run"},
]
LISTENERS = [{"id": "ann", "description": {"en": "Rock", "ru": "Рок"}}, {"id": "bob"}]
INTERACTIONS = """listener,track,event,count,timestamp
ann,t1,listen,12,2026-01-05T10:00:00Z
ann,t1,like,1,2026-01-05T10:01:00+03:00
bob,t2,skip,1,1767607200
bob,t3,dislike,1,2026-01-06
"""


@pytest.fixture
def write_jsonl() -> Callable[[Path, list[dict]], None]:
    def write(path: Path, rows: list[dict]) -> None:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")

    return write


@pytest.fixture
def folder(tmp_path, write_jsonl) -> Path:
    folder = tmp_path / "tiny"
    (folder / "features").mkdir(parents=True)
    (folder / "dataset.json").write_text(json.dumps(ABOUT), encoding="utf-8")
    for name, rows in {
        "tracks": TRACKS,
        "playlists": PLAYLISTS,
        "requests": REQUESTS,
        "queries": QUERIES,
        "listeners": LISTENERS,
    }.items():
        write_jsonl(folder / f"{name}.jsonl", rows)
    (folder / "interactions.csv").write_text(INTERACTIONS, encoding="utf-8")
    (folder / "tag_names.json").write_text(json.dumps({"rock": ["rock", "рок"]}), encoding="utf-8")
    np.save(folder / "features" / "audio.npy", np.arange(6, dtype=np.float32).reshape(3, 2))
    return folder
