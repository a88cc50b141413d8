"""Simulated requests: what they promise of what is relevant, and that they can be repeated."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.core.seeding import stream
from recsys.data.dataset import Dataset
from recsys.data.leanings import Catalogue
from recsys.data.reading import read_dataset
from recsys.data.simulated_requests import FEWEST, requests_jsonl, simulate_requests
from recsys.data.simulated_wishes import WishReader
from recsys.data.simulation import likes, simulate, suits

PERSONALISED = {"sports-activity": True, "taste-dependent": True, "existing-entities": False, "trends-charts": False}


@pytest.fixture(scope="module")
def sample() -> Dataset:
    whole = read_dataset(Path(__file__).parents[3] / "sample")
    kept = tuple(query for query in whole.queries if query.annotations[0][1] in PERSONALISED)
    return replace(whole, tracks=whole.tracks[::3], queries=kept, playlists=(), interactions=(), listeners=())


@pytest.fixture(scope="module")
def simulation(sample):
    return simulate(sample.tracks, seed=1, listeners=40)


def ask(sample, simulation, **changes):
    options = {"seed": 2, "count": 150, "families": [query.text for query in sample.queries]}
    return simulate_requests(sample, simulation, personalised=PERSONALISED, **(options | changes))


@pytest.fixture(scope="module")
def simulated(sample, simulation):
    return ask(sample, simulation)


def test_every_request_can_be_answered_and_has_a_listener(sample, simulation, simulated):
    assert len(simulated.requests) == len(simulated.categories) > 100
    assert len({request.id for request in simulated.requests}) == len(simulated.requests)
    for request in simulated.requests:
        assert request.listener in {person.id for person in simulation.listeners}
        assert len(set(request.relevant)) == len(request.relevant) >= FEWEST
        assert set(request.relevant) <= sample.track_index.keys()


def test_nothing_that_the_listener_has_heard_is_relevant(simulation, simulated):
    heard = {(event.listener, event.track) for event in simulation.interactions}
    assert not any((one.listener, track) in heard for one in simulated.requests for track in one.relevant)


def test_relevant_is_what_the_words_ask_for_and_only_there_what_the_listener_would_like(sample, simulation, simulated):
    reader = WishReader(sample.tracks, sample.tag_names)
    by_text = {query.text: query for query in sample.queries}
    catalogue = Catalogue(sample.tracks)
    taste = {person.id: suits(catalogue, simulation.tastes[n]) for n, person in enumerate(simulation.listeners)}
    heard = {(event.listener, event.track) for event in simulation.interactions}
    chosen, left = [], []
    for request, category in zip(simulated.requests, simulated.categories, strict=True):
        matches = reader.read(by_text[request.turns[0]]).matches
        open_to = {
            sample.tracks[row].id
            for row in np.flatnonzero(matches)
            if (request.listener, sample.tracks[row].id) not in heard
        }
        if not PERSONALISED[category]:
            assert set(request.relevant) == open_to
            continue
        assert set(request.relevant) <= open_to
        chosen += [taste[request.listener][sample.track_index[track]] for track in request.relevant]
        left += [taste[request.listener][sample.track_index[track]] for track in open_to - set(request.relevant)]
    assert np.mean(chosen) > np.mean(left) + 0.2


def test_the_draw_of_likes_is_that_of_the_interactions():
    """Of tracks that suit equally, as many would be liked as the formula of `_reactions` likes."""
    for suiting, lowest, highest in [(0.2, 0.0, 0.03), (0.68, 0.45, 0.55), (1.0, 0.9, 1.0)]:
        drawn = likes(stream(0, "test"), np.full(4000, suiting))
        assert lowest <= drawn.mean() <= highest


def test_a_listener_would_like_the_same_tracks_in_every_request(sample, simulation, simulated):
    everything = [
        request
        for request, category in zip(simulated.requests, simulated.categories, strict=True)
        if category == "taste-dependent"
    ]
    of_listener: dict[str, list[set[str]]] = {}
    for request in everything:
        of_listener.setdefault(request.listener, []).append(set(request.relevant))
    several = [sets for sets in of_listener.values() if len(sets) > 1]
    assert several
    assert all(one <= max(sets, key=len) for sets in several for one in sets)


def test_categories_come_about_equally_often(simulated):
    counts = Counter(simulated.categories)
    assert set(counts) == set(PERSONALISED)
    assert min(counts.values()) > 20


def test_listeners_not_requests_are_shared_out(simulated):
    splits: dict[str, set[str]] = {}
    for request in simulated.requests:
        splits.setdefault(request.listener, set()).add(request.split)
    assert all(len(parts) == 1 for parts in splits.values())
    assert {next(iter(parts)) for parts in splits.values()} == {"val", "test"}


def test_a_classifier_can_learn_from_families_that_no_request_uses(sample, simulation):
    families = [str(n // 3) for n in range(len(sample.queries))]
    simulated = ask(sample, simulation, families=families)
    family = dict(zip((query.id for query in sample.queries), families, strict=True))
    by_text = {query.text: query.id for query in sample.queries}
    used = {family[by_text[request.turns[0]]] for request in simulated.requests}
    assert not used & {family[query.id] for query in simulated.queries}
    assert len(simulated.queries) > len(sample.queries) / 3


def test_the_same_seed_asks_the_same_and_another_something_else(sample, simulation, simulated):
    assert ask(sample, simulation) == simulated
    assert ask(sample, simulation, seed=3).requests != simulated.requests


def test_fewer_requests_are_the_first_of_more(sample, simulation, simulated):
    few = ask(sample, simulation, count=20)
    assert few.requests == simulated.requests[: len(few.requests)]


def test_refuses_queries_of_which_none_is_understood(sample, simulation):
    with pytest.raises(RequestError, match=r"names a tag or an artist.*queries\.jsonl"):
        ask(replace(sample, queries=()), simulation, families=[])


def test_lines_hold_what_the_format_asks_for(simulated):
    rows = [json.loads(line) for line in requests_jsonl(simulated).splitlines()]
    assert len(rows) == len(simulated.requests)
    assert set(rows[0]) == {"id", "query", "listener", "relevant", "split", "category"}
    assert rows[0]["query"] == simulated.requests[0].turns[0]
