"""Asking one system all queries, and finding what is relevant in its answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.offline.metrics import Rankings
from recsys.offline.queries import OfflineQuery

BATCH = 32
DEPTH = 500
"""Places of a ranking that are kept, unless a cut-off lies deeper. It is what the re-rankers re-rank: asked for more,
they would take more candidates, and the first ten would be others than a listener gets."""


class Ranker(Protocol):
    """What can be evaluated: a recommender, or anything else that ranks."""

    @property
    def slug(self) -> str: ...

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]: ...


Rows = NDArray[np.int32]
Scores = NDArray[np.float64]


def listener_queries(queries: Iterable[OfflineQuery]) -> list[ListenerQuery]:
    """The queries as a recommender takes them: without the answers."""
    return [ListenerQuery(query.text, query.listener) for query in queries]


def rank_all(
    system: Ranker,
    queries: Sequence[OfflineQuery],
    dataset: Dataset,
    *,
    depth: int,
    progress: Progress | None = None,
) -> tuple[Rows, Scores]:
    """Return the rows of `dataset.tracks` that a system ranks first, and its scores, both of shape (queries, depth).

    Raises:
        ArtifactError: The system gave another number of tracks than it was asked for, one twice, or an unknown one.
    """
    rows = np.empty((len(queries), depth), dtype=np.int32)
    scores = np.empty((len(queries), depth), dtype=np.float64)
    asked = listener_queries(queries)
    for start in range(0, len(asked), BATCH):
        for number, ranked in enumerate(system.recommend(asked[start : start + BATCH], k=depth), start=start):
            rows[number] = _checked(ranked, dataset, depth, system.slug)
            scores[number] = ranked.scores
        if progress is not None:
            progress(system.slug, min(start + BATCH, len(asked)), len(asked))
    return rows, scores


def judged(rows: Rows, queries: Sequence[OfflineQuery], artists: NDArray[np.int64]) -> Rankings:
    """Mark what is relevant. Pairs of query and track are compared as single numbers, all at once."""
    tracks = len(artists)
    numbers = np.arange(len(queries), dtype=np.int64)[:, None] * tracks
    wanted = np.concatenate(
        [np.asarray(query.relevant, dtype=np.int64) + number * tracks for number, query in enumerate(queries)]
    )
    relevant = np.array([len(query.relevant) for query in queries], dtype=np.int64)
    return Rankings(rows, np.isin(numbers + rows, wanted), relevant, artists)


def main_artists(dataset: Dataset) -> NDArray[np.int64]:
    """The number of each track's first-named artist, names compared without case, shape (tracks,)."""
    names = [track.artists[0].casefold() if track.artists else f"\0{track.id}" for track in dataset.tracks]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _checked(ranked: RankedTracks, dataset: Dataset, depth: int, slug: str) -> list[int]:
    if len(ranked.tracks) != depth or len(set(ranked.tracks)) != depth:
        given = f"{len(ranked.tracks)} tracks, {len(set(ranked.tracks))} of them different"
        raise ArtifactError(f"{slug} was asked for {depth} different tracks and gave {given}; mend the recommender.")
    return list(_found(ranked.tracks, dataset, slug))


def _found(tracks: Iterable[str], dataset: Dataset, slug: str) -> Iterator[int]:
    for track in tracks:
        if track not in dataset.track_index:
            raise ArtifactError(f"{slug} ranked {track!r}, which is not in {dataset.name}; train it on this data set.")
        yield dataset.track_index[track]
