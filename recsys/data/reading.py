"""Reading a data set folder: checked whole, one row in memory beyond the result.

The folder is described in `sample/README.md`. The first fault ends the reading: a `DatasetError` of one sentence that
names the file, the line, the field and the mend.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from recsys.core.errors import DatasetError
from recsys.data.dataset import (
    EVENTS,
    SPLITS,
    TEMPOS,
    Dataset,
    Event,
    Interaction,
    LabelledQuery,
    Listener,
    Playlist,
    Request,
    Track,
)
from recsys.data.features import read_features
from recsys.data.files import find, read_object, read_rows
from recsys.data.fingerprint import fingerprint
from recsys.data.rows import ID_LIMIT, LYRICS_LIMIT, TAG_LIMIT, Row, check_text, shown
from recsys.data.timestamps import moment

COUNT_LIMIT = 1_000_000
YEARS = (1000, 2100)
Parsed = TypeVar("Parsed", Track, Playlist, Request, LabelledQuery, Listener)


def read_dataset(path: Path, *, categories: Sequence[str] | None = None) -> Dataset:
    """Read and check a data set folder.

    Args:
        path: the folder.
        categories: the slugs that a label may have; without them any is taken, for a recommender asks for none.

    Raises:
        DatasetError: Something in the folder is not as the format says.
    """
    if not path.is_dir():
        problem = "is not a folder" if path.exists() else "does not exist"
        raise DatasetError(f"{path} {problem}; name a folder that holds dataset.json and tracks.jsonl.")
    about = _read_about(path)
    tracks = _read_table(path, "tracks", _track)
    if not tracks:
        raise DatasetError("tracks.jsonl is missing or empty; a data set needs at least one track.")
    known = {track.id: row for row, track in enumerate(tracks)}
    return Dataset(
        name=about.text("name", required=True, limit=ID_LIMIT),
        version=about.text("version", required=True, limit=ID_LIMIT),
        licence=about.text("licence", required=True),
        source=about.text("source", required=True),
        languages=about.texts("languages", required=True, limit=TAG_LIMIT),
        fingerprint=fingerprint(path),
        tracks=tracks,
        playlists=_read_table(path, "playlists", lambda row, _: _playlist(row, known)),
        interactions=_read_interactions(path, known),
        requests=_read_table(path, "requests", lambda row, _: _request(row, known)),
        queries=_read_table(path, "queries", lambda row, number: _query(row, number, categories)),
        tag_names=_read_tag_names(path),
        features=read_features(path, len(tracks)),
        listeners=_read_table(path, "listeners", _listener),
    )


def _read_about(folder: Path) -> Row:
    if not (folder / "dataset.json").exists():
        raise DatasetError("dataset.json is missing; write it with name, version, licence, source and languages.")
    about = read_object(folder / "dataset.json")
    for field in ("name", "version", "licence", "source"):
        about.text(field, required=True)
    return about


def _read_table(folder: Path, stem: str, parse: Callable[[Row, int], Parsed]) -> tuple[Parsed, ...]:
    """Read the rows of a table whose ids must differ."""
    path = find(folder, stem)
    if path is None:
        return ()
    places: dict[str, str] = {}
    result: list[Parsed] = []
    for number, row in enumerate(read_rows(path), start=1):
        value = parse(row, number)
        if value.id in places:
            first = places[value.id].rpartition(", ")[2]
            row.refuse("id", f"{shown(value.id)} stands in {first} already", "give each its own")
        places[value.id] = row.place
        result.append(value)
    return tuple(result)


def _track(row: Row, _number: int) -> Track:
    return Track(
        id=row.id(),
        title=row.text("title", required=True),
        artists=row.texts("artists", required=True, at_least=1),
        album=row.text("album"),
        year=row.integer("year", *YEARS),
        genres=_tags(row, "genres"),
        moods=_tags(row, "moods"),
        themes=_tags(row, "themes"),
        language=row.text("language", limit=TAG_LIMIT),
        energy=row.integer("energy", 1, 5),
        tempo=row.choice("tempo", TEMPOS),
        vocals=row.text("vocals", limit=TAG_LIMIT),
        popularity=row.number("popularity", 0, 100),
        duration_s=row.number("duration_s", 0, 86_400),
        isrc=row.text("isrc", limit=TAG_LIMIT),
        preview_url=row.url("preview_url"),
        lyrics=row.text("lyrics", limit=LYRICS_LIMIT),
        other_titles=row.texts("other_titles"),
    )


def _tags(row: Row, field: str) -> tuple[str, ...]:
    return row.texts(field, required=True, limit=TAG_LIMIT)


def _playlist(row: Row, known: dict[str, int]) -> Playlist:
    return Playlist(
        id=row.id(),
        title=row.text("title", required=True),
        tracks=row.ids("tracks", known),
        split=row.choice("split", SPLITS),
        language=row.text("language", limit=TAG_LIMIT),
    )


def _request(row: Row, known: dict[str, int]) -> Request:
    if row.has("query") == row.has("turns"):
        problem = "query and turns are both there" if row.has("query") else "query and turns are both missing"
        row.refuse("query", problem, "keep one of them")
    if row.has("query"):
        turns: tuple[str, ...] = (row.text("query", required=True),)
    else:
        turns = row.texts("turns", at_least=1)
    return Request(
        id=row.id(),
        turns=turns,
        relevant=row.ids("relevant", known),
        listener=row.id("listener") if row.has("listener") else "",
        split=row.choice("split", SPLITS),
    )


def _query(row: Row, number: int, categories: Sequence[str] | None) -> LabelledQuery:
    labels = [(label.id("annotator"), _category(label, categories)) for label in row.rows("annotations")]
    annotators = [annotator for annotator, _ in labels]
    for annotator in annotators:
        if annotators.count(annotator) > 1:
            row.refuse("annotations", f"{shown(annotator)} labels the query twice", "keep one of the labels")
    return LabelledQuery(
        id=row.id() if row.has("id") else f"line-{number}",
        text=row.text("text", required=True),
        language=row.text("lang", required=True, limit=TAG_LIMIT),
        annotations=tuple(labels),
        group=row.id("group") if row.has("group") else "",
    )


def _category(label: Row, categories: Sequence[str] | None) -> str:
    label.text("category", required=True, limit=TAG_LIMIT)
    return label.text("category") if categories is None else label.choice("category", categories)


def _listener(row: Row, _number: int) -> Listener:
    description = row.values.get("description")
    if description is None:
        return Listener(id=row.id())
    if not isinstance(description, dict):
        row.refuse("description", f"{shown(description)} is not an object", 'write {"en": …, "ru": …}')
    words = Row(f"{row.place}, field description", description)
    return Listener(id=row.id(), description_en=words.text("en"), description_ru=words.text("ru"))


def _read_tag_names(folder: Path) -> dict[str, tuple[str, ...]]:
    path = folder / "tag_names.json"
    if not path.exists():
        return {}
    row = read_object(path)
    return {tag: row.texts(tag, required=True, at_least=1) for tag in row.values}


def _read_interactions(folder: Path, known: dict[str, int]) -> tuple[Interaction, ...]:
    path = find(folder, "interactions")
    return () if path is None else tuple(_interactions(read_rows(path), known))


def _interactions(rows: Iterable[Row], known: dict[str, int]) -> Iterable[Interaction]:
    """Check millions of rows: each string is kept once, and each listener is looked at once."""
    track_ids = {track: track for track in known}
    listeners: dict[str, str] = {}
    for row in rows:
        listener, track, event, count = (row.values[name] for name in ("listener", "track", "event", "count"))
        if not isinstance(listener, str) or listener not in listeners:
            listeners[row.id("listener")] = row.id("listener")
        if not isinstance(track, str) or track not in track_ids:
            row.refuse("track", f"no track has the id {shown(track)}", "correct it or add the track")
        if event not in EVENTS:
            row.refuse("event", f"{shown(event)} is not known", f"use one of {', '.join(EVENTS)}")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= COUNT_LIMIT:
            row.refuse("count", f"{shown(count)} is not a count", f"write an integer from 1 to {COUNT_LIMIT}")
        yield Interaction(listeners[listener], track_ids[track], cast(Event, event), count, _timestamp(row))


def _timestamp(row: Row) -> str:
    value = row.values["timestamp"]
    if isinstance(value, datetime):  # a Parquet column of its own type
        value = value.isoformat()
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    try:
        if not isinstance(text, str) or check_text(text):
            raise ValueError("not a moment")
        moment(text)
    except ValueError:
        row.refuse("timestamp", f"{shown(value)} is no moment", "write ISO 8601 or whole seconds since 1970")
    return text
