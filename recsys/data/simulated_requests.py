"""Requests of simulated listeners, with what they would have been glad of: personalisation that can be measured.

The model, which is an assumption and no observation:

- A listener asks with the words of a labelled query. What the words ask for is read off the names in them
  (`simulated_wishes.py`).
- Would this listener like this track? That is drawn once for every pair, by the model that drew the likes in
  `interactions.csv`: how well the track suits the taste, with noise (`simulation.likes`).
- In a personalised category a track is relevant if it is what the words ask for and the listener would like it. In the
  others it is relevant if it is what the words ask for, whoever asks.
- A track that the listener has heard, by `interactions.csv`, is never relevant: nothing can be had by remembering.

So personalised queries depend on the listener, and all others do not, by construction; how far a system finds out is
measured, whether people are like that is not.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import RequestError
from recsys.core.seeding import stream
from recsys.data.dataset import Dataset, LabelledQuery, Request
from recsys.data.leanings import Catalogue
from recsys.data.simulated_wishes import Wish, WishReader
from recsys.data.simulation import Simulation, likes, suits

FEWEST = 3
"""Relevant tracks of a request; with fewer there is little to find."""
_ASKED, _VAL = 0.5, 0.4
_TRIES = 20


@dataclass(frozen=True)
class SimulatedRequests:
    """Requests, and the labelled queries whose words none of them uses.

    Attributes:
        categories: of each request, by its number.
        queries: for training a query-type classifier that has not seen the words of the requests.
    """

    requests: tuple[Request, ...]
    categories: tuple[str, ...]
    queries: tuple[LabelledQuery, ...]


def simulate_requests(
    dataset: Dataset,
    simulation: Simulation,
    *,
    seed: int,
    count: int,
    families: Sequence[str],
    personalised: Mapping[str, bool],
) -> SimulatedRequests:
    """Draw requests of the simulation's listeners, every category as often as any other.

    Half of the families of the labelled queries is asked with. Listeners, not requests, are shared out to val (two
    fifths) and test. In a personalised category only listeners are asked who would like at least three of the tracks.

    Args:
        dataset: tracks, tag names and labelled queries.
        simulation: the listeners, of this catalogue.
        count: how many requests.
        families: of each labelled query: queries of one family are asked with together or not at all.
        personalised: of each category, whether what is relevant depends on the listener.

    Raises:
        RequestError: No query of the data set is understood.
    """
    asked = [_share(seed, "family", family) < _ASKED for family in families]
    reader = WishReader(dataset.tracks, dataset.tag_names)
    wishes: dict[str, list[Wish]] = {}
    for query, used in zip(dataset.queries, asked, strict=True):
        if used and (wish := reader.read(query)) and wish.category in personalised:
            wishes.setdefault(wish.category, []).append(wish)
    if not wishes:
        raise RequestError(
            f"No labelled query of {dataset.name} names a tag or an artist of its tracks; add some to queries.jsonl."
        )
    crowd = _Crowd(dataset, simulation, seed)
    requests, categories = [], []
    order = sorted(wishes)
    for number in range(count):
        rng = stream(seed, "request", number)
        drawn = _draw(rng, wishes, order, crowd, personalised)
        if drawn is None:
            continue
        wish, listener, relevant = drawn
        split = "val" if _share(seed, "listener", listener) < _VAL else "test"
        tracks = tuple(dataset.tracks[row].id for row in np.flatnonzero(relevant))
        requests.append(Request(f"r{number + 1:05d}", (wish.query.text,), tracks, listener, split))
        categories.append(wish.category)
    rest = tuple(query for query, used in zip(dataset.queries, asked, strict=True) if not used)
    return SimulatedRequests(tuple(requests), tuple(categories), rest)


def requests_jsonl(simulated: SimulatedRequests) -> str:
    """The text of `requests.jsonl`, with the category of each request."""
    rows = [
        {
            "id": request.id,
            "query": request.turns[-1],
            "listener": request.listener,
            "relevant": list(request.relevant),
            "split": request.split,
            "category": category,
        }
        for request, category in zip(simulated.requests, simulated.categories, strict=True)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class _Crowd:
    """What each listener has heard, and would like."""

    def __init__(self, dataset: Dataset, simulation: Simulation, seed: int) -> None:
        self.names = [person.id for person in simulation.listeners]
        self._tastes = simulation.tastes
        self._catalogue = Catalogue(dataset.tracks)
        self._seed = seed
        self._likes: dict[int, NDArray[np.bool_]] = {}
        self._heard = {name: np.zeros(len(dataset.tracks), bool) for name in self.names}
        for event in simulation.interactions:
            self._heard[event.listener][dataset.track_index[event.track]] = True

    def unheard(self, number: int) -> NDArray[np.bool_]:
        return ~self._heard[self.names[number]]

    def would_like(self, number: int) -> NDArray[np.bool_]:
        if number not in self._likes:
            rng = stream(self._seed, "would like", number)
            self._likes[number] = likes(rng, suits(self._catalogue, self._tastes[number]))
        return self._likes[number]


def _draw(
    rng: np.random.Generator,
    wishes: Mapping[str, list[Wish]],
    order: Sequence[str],
    crowd: _Crowd,
    personalised: Mapping[str, bool],
) -> tuple[Wish, str, NDArray[np.bool_]] | None:
    """Draw a wish and a listener who has something to find; None where no try brings one."""
    category = order[int(len(order) * rng.random())]
    for _ in range(_TRIES):
        wish = wishes[category][int(len(wishes[category]) * rng.random())]
        number = int(len(crowd.names) * rng.random())
        relevant = wish.matches & crowd.unheard(number)
        if personalised[category]:
            relevant &= crowd.would_like(number)
        if relevant.sum() >= FEWEST:
            return wish, crowd.names[number], relevant
    return None


def _share(seed: int, *names: str) -> float:
    """A number from 0 to 1 that only the names decide."""
    digest = hashlib.sha256("\x1f".join((str(seed), *names)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
