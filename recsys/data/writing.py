"""Writing a data set folder: whole or absent, and read back before anybody else can see it."""

import csv
import io
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recsys.core.errors import DatasetError
from recsys.data.dataset import Dataset, LabelledQuery, Listener, Playlist, Request, Track
from recsys.data.reading import read_dataset

_TRACK_LISTS = (
    "artists",
    "genres",
    "moods",
    "themes",
)  # always written, all else only where it says something
_TRACK_VALUES = (
    "album", "year", "language", "energy", "tempo", "vocals", "popularity", "duration_s", "isrc", "preview_url",
    "lyrics",
)  # fmt: skip


def write_dataset(dataset: Dataset, target: Path, *, about: Mapping[str, Any] | None = None) -> Dataset:
    """Write a data set as the folder that `read_dataset` reads, and return it as read.

    Args:
        dataset: what to write; its fingerprint is not looked at.
        target: a folder that is not there yet, or an empty one.
        about: further keys of `dataset.json`: how the data set was made. Readers ignore them.

    Raises:
        DatasetError: There is something at `target`, or the data set breaks a rule of the format.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise DatasetError(f"{target}: there is something here already; choose another folder or remove it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.draft")
    draft.mkdir()
    try:
        _write(dataset, draft, about or {})
        written = read_dataset(draft)
        draft.replace(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return written


def _write(dataset: Dataset, folder: Path, about: Mapping[str, Any]) -> None:
    named = ("name", "version", "licence", "source", "languages")
    description = {key: getattr(dataset, key) for key in named}
    _save(folder / "dataset.json", json.dumps({**description, **about}, ensure_ascii=False, indent=2) + "\n")
    _save_lines(folder / "tracks.jsonl", map(_track, dataset.tracks))
    _save_lines(folder / "playlists.jsonl", map(_playlist, dataset.playlists))
    _save_lines(folder / "requests.jsonl", map(_request, dataset.requests))
    _save_lines(folder / "queries.jsonl", map(_query, dataset.queries))
    _save_lines(folder / "listeners.jsonl", map(_listener, dataset.listeners))
    if dataset.interactions:
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("listener", "track", "event", "count", "timestamp"))
        rows.writerows((i.listener, i.track, i.event, i.count, i.timestamp) for i in dataset.interactions)
        _save(folder / "interactions.csv", text.getvalue())
    if dataset.tag_names:
        _save(folder / "tag_names.json", json.dumps(dict(dataset.tag_names), ensure_ascii=False, indent=1) + "\n")
    if dataset.features:
        (folder / "features").mkdir()
        for name, array in dataset.features.items():
            np.save(folder / "features" / f"{name}.npy", array, allow_pickle=False)


def _save(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _save_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    if lines:
        _save(path, "\n".join(lines) + "\n")


def _track(track: Track) -> dict[str, Any]:
    row: dict[str, Any] = {"id": track.id, "title": track.title}
    row |= {field: list(getattr(track, field)) for field in _TRACK_LISTS}
    row |= {field: value for field in _TRACK_VALUES if (value := getattr(track, field)) not in ("", None)}
    return row | ({"other_titles": list(track.other_titles)} if track.other_titles else {})


def _playlist(playlist: Playlist) -> dict[str, Any]:
    row = {"id": playlist.id, "title": playlist.title, "tracks": list(playlist.tracks)}
    return row | _said(split=playlist.split, language=playlist.language)


def _request(request: Request) -> dict[str, Any]:
    wish: dict[str, Any] = {"query": request.turns[0]} if len(request.turns) == 1 else {"turns": list(request.turns)}
    return {"id": request.id, **wish, "relevant": list(request.relevant)} | _said(
        listener=request.listener, split=request.split
    )


def _query(query: LabelledQuery) -> dict[str, Any]:
    labels = [{"annotator": annotator, "category": category} for annotator, category in query.annotations]
    return {"id": query.id, "text": query.text, "lang": query.language, "annotations": labels} | _said(
        group=query.group
    )


def _listener(listener: Listener) -> dict[str, Any]:
    words = _said(en=listener.description_en, ru=listener.description_ru)
    return {"id": listener.id} | ({"description": words} if words else {})


def _said(**fields: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}
