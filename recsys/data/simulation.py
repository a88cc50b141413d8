"""Simulated listeners, for a data set that holds nobody's listening.

A listener has one to three leanings (`leanings.py`) and listens in sessions. Most begin with a track that suits a
leaning and go on among its neighbours; in the others the radio plays what is popular. What is played again, liked,
skipped and disliked follows from how well the track suits the listener, with noise. The whole is a function of tracks
and seed.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from recsys.data.catalogue import TagNames
from recsys.data.dataset import Event, Interaction, Listener, Track
from recsys.data.descriptions import describe
from recsys.data.leanings import Catalogue, Floats, Taste, draw, draw_taste

FIRST_DAY = datetime(2025, 11, 1, tzinfo=UTC)
DAYS = 365
MOST_LISTENS = 300
_NEWCOMERS, _GRUMBLERS = 0.04, 0.02
"""Shares of listeners with one to three events, and with dislikes only."""
_MOODINESS, _SKIPPED_BELOW, _SKIPS, _STEEP, _LIKED_FROM = 0.12, 0.38, 0.6, 9, 0.68
"""How a reaction follows from how well a track suits: see `_reactions`."""


@dataclass(frozen=True)
class Simulation:
    """Listeners and what they did, ordered by listener, moment, track.

    Attributes:
        tastes: of the listeners, in their order: what nobody but the simulation knows.
    """

    interactions: tuple[Interaction, ...]
    listeners: tuple[Listener, ...]
    tastes: tuple[Taste, ...]


def simulate(
    tracks: Sequence[Track], *, seed: int, listeners: int = 300, tag_names: TagNames | None = None
) -> Simulation:
    """Simulate a year of listening.

    Args:
        tracks: the catalogue.
        seed: the same seed gives the same result; a listener's part does not depend on how many others there are.
        listeners: how many.
        tag_names: words for the descriptions; without them the tags themselves are used.
    """
    catalogue = Catalogue(tracks)
    width = max(3, len(str(listeners)))
    interactions: list[Interaction] = []
    people: list[Listener] = []
    tastes: list[Taste] = []
    for number in range(1, listeners + 1):
        rng = np.random.Generator(np.random.PCG64([seed, number]))
        name = f"listener-{number:0{width}d}"
        taste = draw_taste(rng, catalogue)
        tastes.append(taste)
        people.append(describe(name, taste, tag_names or {}))
        interactions += sorted(_year(rng, name, catalogue, taste), key=_order)
    return Simulation(tuple(interactions), tuple(people), tuple(tastes))


def interactions_csv(simulation: Simulation) -> str:
    """The text of `interactions.csv`."""
    lines = [f"{i.listener},{i.track},{i.event},{i.count},{i.timestamp}" for i in simulation.interactions]
    return "\n".join(["listener,track,event,count,timestamp", *lines]) + "\n"


def listeners_jsonl(simulation: Simulation) -> str:
    """The text of `listeners.jsonl`."""
    rows = [
        {"id": person.id, "description": {"en": person.description_en, "ru": person.description_ru}}
        for person in simulation.listeners
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _order(event: Interaction) -> tuple[str, str, str]:
    return event.timestamp, event.track, event.event


def _year(rng: np.random.Generator, name: str, catalogue: Catalogue, taste: Taste) -> list[Interaction]:
    kind = rng.random()
    weights = _weights(catalogue, taste)
    suiting = suits(catalogue, taste)
    if kind < _GRUMBLERS:
        rows = draw(rng, np.exp(-4 * suiting) * np.exp(catalogue.popularity / 20), 4 + int(8 * rng.random()))
        return [_event(name, catalogue, int(row), "dislike", 1, _any_moment(rng)) for row in rows]
    size = math.exp(math.log(55) + 0.6 * _normal(rng))
    heard = _sessions(rng, catalogue, taste, weights, n=int(min(max(size, 15), 200, len(catalogue.tracks))))
    events = [event for row, when in heard for event in _reactions(rng, name, catalogue, row, when, suiting[row])]
    return events[: 1 + int(3 * rng.random())] if kind < _GRUMBLERS + _NEWCOMERS else events


def _weights(catalogue: Catalogue, taste: Taste) -> list[Floats]:
    """For each leaning, how strongly each track draws."""
    common = taste.popularity_bias * catalogue.popularity / 20 + 1.5 * catalogue.shared("artists", taste.idols)
    return [np.exp(taste.concentration * catalogue.appeal(leaning) + common) for leaning in taste.leanings]


def suits(catalogue: Catalogue, taste: Taste) -> Floats:
    """How well each track suits the listener, from 0 to 1: the best leaning counts, an idol adds to it."""
    appeal = np.max([catalogue.appeal(leaning) for leaning in taste.leanings], axis=0)
    result: Floats = appeal / max(float(appeal.max()), 1e-9) + 0.15 * catalogue.shared("artists", taste.idols)
    return np.minimum(result, 1.0)


def likes(rng: np.random.Generator, suiting: Floats) -> NDArray[np.bool_]:
    """Draw whether a listener would like each track on hearing it, by the model of `_reactions`.

    Args:
        suiting: how well each track suits the listener, from `suits`.
    """
    mood = suiting + _MOODINESS * np.array([_normal(rng) for _ in suiting])
    skipped = (mood < _SKIPPED_BELOW) & (rng.random(len(mood)) < _SKIPS)
    return np.asarray(~skipped & (rng.random(len(mood)) < 1 / (1 + np.exp(-_STEEP * (mood - _LIKED_FROM)))))


def _sessions(
    rng: np.random.Generator, catalogue: Catalogue, taste: Taste, weights: list[Floats], *, n: int
) -> list[tuple[int, datetime]]:
    """What the listener hears for the first time, and when."""
    radio = np.exp(catalogue.popularity / 8) * (1 + catalogue.shared("language", [taste.home_language]))
    heard: dict[int, datetime] = {}
    while len(heard) < n:
        start = _any_moment(rng)
        length = 3 + int(6 * rng.random())
        if rng.random() < 0.2:
            rows = draw(rng, radio, length)
        else:
            leaning = int(np.searchsorted(np.cumsum(taste.shares)[:-1], rng.random()))
            first = draw(rng, weights[leaning], 1)
            nearby = catalogue.neighbours(int(first[0]))
            rows = np.concatenate([first, nearby[draw(rng, weights[leaning][nearby], length - 1)]])
        for position, row in enumerate(rows):
            heard.setdefault(int(row), start + timedelta(minutes=4 * position))
    return sorted(heard.items(), key=lambda item: (item[1], item[0]))[:n]


def _reactions(
    rng: np.random.Generator, name: str, catalogue: Catalogue, row: int, when: datetime, suiting: float
) -> list[Interaction]:
    """What the listener does about one track: plays it again and again, likes, skips or dislikes it."""
    mood = suiting + _MOODINESS * _normal(rng)
    events: list[tuple[Event, int]] = []
    if mood < _SKIPPED_BELOW and rng.random() < _SKIPS:
        events.append(("skip", 1 + int(2 * rng.random())))
        if rng.random() < 0.3:
            events.append(("dislike", 1))
    else:
        # a Pareto tail: most tracks a few times, some a hundred
        again = (1 - rng.random()) ** (-0.45 - 0.5 * max(mood, 0.0))
        events.append(("listen", min(int(again), MOST_LISTENS)))
        if rng.random() < 1 / (1 + math.exp(-_STEEP * (mood - _LIKED_FROM))):
            events.append(("like", 1))
    return [
        _event(name, catalogue, row, event, count, when + timedelta(seconds=30 * n))
        for n, (event, count) in enumerate(events)
    ]


def _event(name: str, catalogue: Catalogue, row: int, event: Event, count: int, when: datetime) -> Interaction:
    return Interaction(name, catalogue.tracks[row].id, event, count, when.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _any_moment(rng: np.random.Generator) -> datetime:
    """A moment of the year, in the waking hours."""
    day, minute = int(DAYS * rng.random()), 7 * 60 + int(16 * 60 * rng.random())
    return FIRST_DAY + timedelta(days=day, minutes=minute, seconds=int(60 * rng.random()))


def _normal(rng: np.random.Generator) -> float:
    """A standard normal number from two uniform ones (Box and Muller)."""
    return math.sqrt(-2 * math.log(1 - rng.random())) * math.cos(2 * math.pi * rng.random())
