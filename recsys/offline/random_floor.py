"""Chance: the floor under the floor. A system that is not above it has found nothing."""

from collections.abc import Sequence

from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.core.seeding import stream

RANDOM = "random"


class RandomFloor:
    """Draws tracks without replacement, for each query and listener its own, the same for the same seed.

    It is no recommender of the registry: nobody trains it, saves it or shows it to a person.
    """

    slug = RANDOM

    def __init__(self, track_ids: Sequence[str], seed: int) -> None:
        self._ids = sorted(track_ids)  # so that the order of the file changes nothing
        self._seed = seed

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        return [self._draw(query, k) for query in queries]

    def _draw(self, query: ListenerQuery, k: int) -> RankedTracks:
        rng = stream(self._seed, RANDOM, query.text.encode("utf-8", "replace").decode(), query.listener or "")
        rows = rng.choice(len(self._ids), size=k, replace=False)
        return RankedTracks(tuple(self._ids[row] for row in rows), tuple(1.0 - place / k for place in range(k)))
