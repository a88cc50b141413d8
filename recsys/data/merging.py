"""Several data sets as one: a larger catalogue, the wishes of all, and still no test title among what is learned."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import RequestError
from recsys.data.dataset import Dataset, LabelledQuery, Listener, Playlist, Request, Track
from recsys.data.splits import Wish, mended

Identified = TypeVar("Identified", Playlist, Request, Listener)


@dataclass(frozen=True)
class Merged:
    """The data set, how much in it stood in more than one, and what `dataset.json` says beyond the format.

    Attributes:
        counts: sentence without its number, to the number.
    """

    dataset: Dataset
    counts: Mapping[str, int]
    about: Mapping[str, Any]


def merge(datasets: Sequence[Dataset]) -> Merged:
    """Join data sets; where two say different things of one id, the first holds.

    - Tracks are one if their ids are equal. What the first leaves out is filled from the later ones.
    - Popularity stays only if every data set knows it of some track: elsewhere the tracks of the others would count as
      the least popular. Without it systems count the training playlists that a track is on.
    - A feature array stays only if every data set has it in the same width, since a row of unknowns cannot be written.
    - Playlists and requests of nobody in particular keep their splits, but one group of equal titles or nearly equal
      tracks goes to one split, see `splits.mended`. Requests of a listener are left as they are: the same words are
      asked by many, and what is held out is the listener's tracks.

    Raises:
        RequestError: There are fewer than two.
    """
    if len(datasets) < 2:
        raise RequestError(f"A merge needs two data sets or more, got {len(datasets)}.")
    counts: Counter[str] = Counter()
    tracks = _tracks(datasets, counts)
    playlists, requests = _with_mended_splits(datasets, counts)
    queries = _queries(datasets)
    dataset = Dataset(
        name="+".join(dict.fromkeys(dataset.name for dataset in datasets)),
        version=hashlib.sha256("\n".join(dataset.fingerprint for dataset in datasets).encode()).hexdigest()[:12],
        licence="; ".join(dict.fromkeys(f"{dataset.name}: {dataset.licence}" for dataset in datasets)),
        source=" ".join(dict.fromkeys(f"{dataset.name}: {dataset.source}" for dataset in datasets)),
        languages=tuple(dict.fromkeys(language for dataset in datasets for language in dataset.languages)),
        fingerprint="",
        tracks=tracks,
        playlists=playlists,
        interactions=tuple(dict.fromkeys(event for dataset in datasets for event in dataset.interactions)),
        requests=requests,
        queries=queries,
        tag_names=_tag_names(datasets),
        features=_features(datasets, tracks, counts),
        listeners=_first_of_each((dataset.listeners for dataset in datasets), counts, "listeners"),
    )
    parts = [{"name": d.name, "version": d.version, "fingerprint": d.fingerprint} for d in datasets]
    return Merged(dataset, counts, {"merged": parts})


def _tracks(datasets: Sequence[Dataset], counts: Counter[str]) -> tuple[Track, ...]:
    known: dict[str, Track] = {}
    for dataset in datasets:
        for track in dataset.tracks:
            first = known.get(track.id)
            if first is None:
                known[track.id] = track
                continue
            counts["tracks in more than one"] += 1
            gaps = {}
            differs = False
            for name in (field.name for field in fields(Track)):
                mine, other = getattr(first, name), getattr(track, name)
                if mine in ("", (), None):
                    gaps[name] = other
                # lengths in seconds and in milliseconds always differ
                differs |= (
                    name != "duration_s"
                    and mine not in ("", (), None)
                    and other not in ("", (), None)
                    and mine != other
                )
            counts["tracks of which the first was believed"] += differs
            known[track.id] = replace(first, **gaps)
    if all(any(track.popularity is not None for track in dataset.tracks) for dataset in datasets):
        return tuple(known.values())
    dropped = sum(track.popularity is not None for track in known.values())
    if dropped:
        counts["popularities left out, since not every data set has them"] = dropped
    return tuple(replace(track, popularity=None) for track in known.values())


def _with_mended_splits(
    datasets: Sequence[Dataset], counts: Counter[str]
) -> tuple[tuple[Playlist, ...], tuple[Request, ...]]:
    """All playlists and requests, also those that stand twice, take part: the second may have been learned from."""
    items: list[Playlist | Request] = []
    for dataset in datasets:
        items += [*dataset.playlists, *(request for request in dataset.requests if not request.listener)]
    wishes = [
        Wish(item.title if isinstance(item, Playlist) else " ".join(item.turns), _tracks_of(item)) for item in items
    ]
    splits = mended(wishes, [item.split for item in items])
    counts["playlists and requests moved to another split"] = sum(
        item.split != name for item, name in zip(items, splits, strict=True)
    )
    moved = [replace(item, split=name) for item, name in zip(items, splits, strict=True)]
    personal = [request for dataset in datasets for request in dataset.requests if request.listener]
    return (
        _first_of_each([[item for item in moved if isinstance(item, Playlist)]], counts, "playlists"),
        _first_of_each([[item for item in moved if isinstance(item, Request)], personal], counts, "requests"),
    )


def _tracks_of(item: Playlist | Request) -> tuple[str, ...]:
    return item.tracks if isinstance(item, Playlist) else item.relevant


def _first_of_each(lists: Iterable[Iterable[Identified]], counts: Counter[str], what: str) -> tuple[Identified, ...]:
    known: dict[str, Identified] = {}
    for items in lists:
        for item in items:
            if known.setdefault(item.id, item) is not item:
                counts[f"{what} left out, since an earlier one has their id"] += 1
    return tuple(known.values())


def _queries(datasets: Sequence[Dataset]) -> tuple[LabelledQuery, ...]:
    """Queries often have the number of their line for an id; another text under a known id gets an id of its own."""
    known: dict[str, LabelledQuery] = {}
    for dataset in datasets:
        for query in dataset.queries:
            if known.setdefault(query.id, query).text != query.text:
                known.setdefault(f"{dataset.name}:{query.id}", replace(query, id=f"{dataset.name}:{query.id}"))
    return tuple(known.values())


def _tag_names(datasets: Sequence[Dataset]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for dataset in datasets:
        for tag, words in dataset.tag_names.items():
            names[tag] = tuple(dict.fromkeys((*names.get(tag, ()), *words)))
    return names


def _features(
    datasets: Sequence[Dataset], tracks: Sequence[Track], counts: Counter[str]
) -> dict[str, NDArray[np.float32]]:
    names = sorted({name for dataset in datasets for name in dataset.features})
    result = {}
    for name in names:
        if len({dataset.features[name].shape[1] if name in dataset.features else 0 for dataset in datasets}) > 1:
            counts[f"features left out, since not every data set has them: {name}"] = 1
            continue
        rows: dict[str, NDArray[np.float32]] = {}
        for dataset in datasets:
            for track in dataset.tracks:
                rows.setdefault(track.id, dataset.features[name][dataset.track_index[track.id]])
        result[name] = np.stack([rows[track.id] for track in tracks])
    return result
