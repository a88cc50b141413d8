"""Loading a data set folder into the database: checked whole first, then written in one transaction."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import models, transaction

from annotation import public as annotation
from recsys.core.errors import DatasetError
from recsys.core.recommender import Progress
from recsys.data import dataset as data
from recsys.data.interactions import listener_ids
from recsys.data.reading import read_dataset
from recsys.data.timestamps import moment
from recsys.models import Dataset, Interaction, Listener, Playlist, Track

logger = logging.getLogger(__name__)

BATCH = 1_000
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class LoadSummary:
    """What a load read, what it added and what it left out, and why.

    Attributes:
        dataset_id: the row of the data set; None after a dry run of one that is not loaded.
        read: rows in the folder, by table.
        added: rows written, by table; empty when nothing was.
        skipped: one sentence for each thing left out.
    """

    dataset_id: int | None
    name: str
    version: str
    fingerprint: str
    read: Mapping[str, int]
    added: Mapping[str, int]
    skipped: tuple[str, ...]


def load_dataset(*, folder: Path, progress: Progress | None = None, dry_run: bool = False) -> LoadSummary:
    """Check a data set folder whole and load it; the same version again changes nothing.

    Args:
        folder: the data set folder, as `sample/README.md` describes it.
        progress: called as tables are written.
        dry_run: check, compare and report, write nothing.

    Raises:
        DatasetError: The folder is not as described, or this version is loaded already with other content.
    """
    report = progress or _silent
    report("check", 0, 1)
    dataset = read_dataset(folder, categories=tuple(annotation.BY_SLUG))
    loaded = Dataset.objects.filter(name=dataset.name, version=dataset.version).first()
    if loaded is not None or dry_run:
        return _nothing_written(dataset, loaded)
    report("check", 1, 1)
    with transaction.atomic():
        # a second loader of the same version waits here for the first and then finds its row
        row, created = Dataset.objects.get_or_create(
            name=dataset.name,
            version=dataset.version,
            defaults={
                "fingerprint": dataset.fingerprint,
                "licence": dataset.licence,
                "source": dataset.source,
                "languages": list(dataset.languages),
                "folder": str(folder.resolve()),
            },
        )
        if not created:
            return _nothing_written(dataset, row)
        added = _write(row, dataset, report)
    logger.info("dataset.loaded dataset=%s version=%s tracks=%s", dataset.name, dataset.version, added["tracks"])
    skipped = _not_stored(dataset)
    return LoadSummary(row.pk, dataset.name, dataset.version, dataset.fingerprint, _sizes(dataset), added, skipped)


def _nothing_written(dataset: data.Dataset, loaded: Dataset | None) -> LoadSummary:
    if loaded is None:
        reason = "Everything: this was a dry run."
    elif loaded.fingerprint == dataset.fingerprint:
        reason = f"Everything: {loaded} is loaded already, with the same content."
    else:
        raise DatasetError(
            f"dataset.json, field version: {loaded} is loaded already with other content; raise the version."
        )
    pk = loaded.pk if loaded else None
    return LoadSummary(pk, dataset.name, dataset.version, dataset.fingerprint, _sizes(dataset), {}, (reason,))


def _write(row: Dataset, dataset: data.Dataset, report: Progress) -> dict[str, int]:
    listeners = _listeners(dataset)
    made = (_track(row, track) for track in dataset.tracks)
    track_pks = {track.external_id: track.pk for track in _store("tracks", made, len(dataset.tracks), report)}
    lists = (_playlist(row, playlist) for playlist in dataset.playlists)
    n_playlists = sum(1 for _ in _store("playlists", lists, len(dataset.playlists), report))
    people = (_listener(row, listener) for listener in listeners)
    listener_pks = {person.external_id: person.pk for person in _store("listeners", people, len(listeners), report)}
    events = (_interaction(event, listener_pks, track_pks) for event in dataset.interactions)
    n_events = sum(1 for _ in _store("interactions", events, len(dataset.interactions), report))
    added = {
        "tracks": len(track_pks),
        "playlists": n_playlists,
        "listeners": len(listener_pks),
        "interactions": n_events,
    }
    if dataset.queries:
        report("queries", 0, len(dataset.queries))
        imported = annotation.import_labelled_queries(
            dataset=dataset.name, version=dataset.version, queries=dataset.queries
        )
        added["queries"] = imported.added
        report("queries", len(dataset.queries), len(dataset.queries))
    return added


def _store(table: str, rows: Iterable[Row], total: int, report: Progress) -> Iterator[Row]:
    """Write the rows in batches and yield them with their keys."""
    done = 0
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        # the model's own manager: `objects` is not known for the type variable
        yield from type(batch[0])._default_manager.bulk_create(batch)
        done += len(batch)
        report(table, done, total)


def _track(row: Dataset, track: data.Track) -> Track:
    return Track(
        dataset=row,
        external_id=track.id,
        title=track.title,
        other_titles=list(track.other_titles),
        artists=list(track.artists),
        album=track.album,
        year=track.year,
        genres=list(track.genres),
        moods=list(track.moods),
        themes=list(track.themes),
        language=track.language,
        energy=track.energy,
        tempo=track.tempo,
        vocals=track.vocals,
        popularity=track.popularity,
        duration_s=track.duration_s,
        isrc=track.isrc,
        preview_url=track.preview_url,
        lyrics=track.lyrics,
    )


def _playlist(row: Dataset, playlist: data.Playlist) -> Playlist:
    return Playlist(
        dataset=row,
        external_id=playlist.id,
        title=playlist.title,
        language=playlist.language,
        split=playlist.split,
        track_ids=list(playlist.tracks),
    )


def _listeners(dataset: data.Dataset) -> list[data.Listener]:
    """The described listeners and those known by their interactions only, by id."""
    described = {listener.id: listener for listener in dataset.listeners}
    return [
        described.get(listener, data.Listener(listener)) for listener in sorted({*described, *listener_ids(dataset)})
    ]


def _listener(row: Dataset, listener: data.Listener) -> Listener:
    return Listener(
        dataset=row,
        external_id=listener.id,
        description_en=listener.description_en,
        description_ru=listener.description_ru,
    )


def _interaction(event: data.Interaction, listeners: Mapping[str, int], tracks: Mapping[str, int]) -> Interaction:
    return Interaction(
        listener_id=listeners[event.listener],
        track_id=tracks[event.track],
        event=event.event,
        count=event.count,
        timestamp=moment(event.timestamp),
    )


def _sizes(dataset: data.Dataset) -> dict[str, int]:
    tables = ("tracks", "playlists", "interactions", "requests", "queries", "listeners", "tag_names", "features")
    return {table: len(getattr(dataset, table)) for table in tables}


def _not_stored(dataset: data.Dataset) -> tuple[str, ...]:
    read_from_folder = [table for table in ("requests", "tag_names", "features") if getattr(dataset, table)]
    if not read_from_folder:
        return ()
    return (f"{', '.join(read_from_folder)}: training and evaluation read them from the folder.",)


def _silent(_step: str, _done: int, _total: int) -> None:
    pass
