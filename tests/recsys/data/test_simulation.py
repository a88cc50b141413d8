"""The simulated listeners: repeatable to the byte, and with a taste that can be found."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.data.dataset import Dataset, Track
from recsys.data.interactions import evidence_matrix, opinions
from recsys.data.reading import read_dataset
from recsys.data.simulation import Simulation, interactions_csv, listeners_jsonl, simulate
from recsys.data.timestamps import moment

SAMPLE = Path(__file__).parents[3] / "sample"
SEED = 2026  # of `simulate_listeners`, hence of the repository's own file


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return read_dataset(SAMPLE)


@pytest.fixture(scope="module")
def simulation(sample) -> Simulation:
    return simulate(sample.tracks, seed=SEED, tag_names=sample.tag_names)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_makes_the_repository_s_own_files_byte_for_byte(simulation):
    csv, lines = interactions_csv(simulation).encode(), listeners_jsonl(simulation).encode()
    assert sha256(csv) == sha256((SAMPLE / "interactions.csv").read_bytes())
    assert sha256(lines) == sha256((SAMPLE / "listeners.jsonl").read_bytes())
    assert len(csv) < 1_600_000


def test_a_listener_does_not_depend_on_how_many_there_are(sample, simulation):
    few = simulate(sample.tracks, seed=SEED, listeners=3, tag_names=sample.tag_names)
    names = {person.id for person in few.listeners}
    assert few.listeners == simulation.listeners[:3]
    assert few.interactions == tuple(event for event in simulation.interactions if event.listener in names)


def test_another_seed_makes_others(sample):
    first, second = (simulate(sample.tracks, seed=seed, listeners=2).interactions for seed in (1, 2))
    assert first != second


def test_the_crowd_is_mixed(simulation):
    events = defaultdict(Counter)
    for event in simulation.interactions:
        events[event.listener][event.event] += 1
    sizes = sorted(sum(counts.values()) for counts in events.values())
    assert len(events) == len(simulation.listeners) == 300
    assert 5 <= sum(size <= 3 for size in sizes) <= 25
    assert 3 <= sum(set(counts) == {"dislike"} for counts in events.values()) <= 15
    assert sizes[-1] > 3 * sizes[150]
    assert set(Counter(event.event for event in simulation.interactions)) == {"listen", "like", "dislike", "skip"}


def test_counts_have_a_heavy_tail_and_moments_lie_in_one_year(simulation):
    counts = [event.count for event in simulation.interactions if event.event == "listen"]
    assert np.median(counts) <= 3
    assert np.percentile(counts, 99) > 20
    assert max(counts) <= 300
    moments = [moment(event.timestamp) for event in simulation.interactions]
    assert (max(moments) - min(moments)).days <= 366


def test_nobody_likes_and_dislikes_one_track(simulation):
    said = Counter((e.listener, e.track) for e in simulation.interactions if e.event in ("like", "dislike"))
    assert max(said.values()) == 1


def test_descriptions_are_in_both_languages(simulation):
    by_id = {person.id: person for person in simulation.listeners}
    assert all(person.description_en and person.description_ru for person in simulation.listeners)
    assert by_id["listener-001"].description_en != by_id["listener-001"].description_ru
    assert len({person.description_en for person in simulation.listeners}) > 280


def test_works_on_tracks_that_say_nothing_about_themselves():
    bare = [Track(id=f"t{n}", title="x", artists=("y",)) for n in range(5)]
    made = simulate(bare, seed=1, listeners=20)
    assert {event.track for event in made.interactions} <= {track.id for track in bare}
    assert made.listeners[0].description_en


def test_hidden_likes_are_found_by_taste_and_not_by_popularity(sample, simulation):
    """Hide a fifth of each listener's likes; rank what is left unheard; look into the first ten."""
    rng = np.random.default_rng(0)
    hidden = {
        listener: {int(row) for row in rng.choice(rows, size=len(rows) // 5, replace=False)}
        for listener, rows in opinions(replace(sample, interactions=simulation.interactions)).likes.items()
        if len(rows) >= 10
    }
    assert len(hidden) > 150
    index = sample.track_index
    seen = [e for e in simulation.interactions if index[e.track] not in hidden.get(e.listener, ())]
    evidence = evidence_matrix(replace(sample, interactions=tuple(seen)))
    taste = np.maximum(evidence.matrix.toarray(), 0)
    row_of = {listener: row for row, listener in enumerate(evidence.listeners)}
    heard = np.zeros(taste.shape, dtype=bool)
    for event in seen:
        heard[row_of[event.listener], index[event.track]] = True

    def hit_rate(scores: np.ndarray) -> float:
        best = np.argsort(np.where(heard, np.inf, -scores), axis=1, kind="stable")[:, :10]
        return float(np.mean([bool(set(best[row_of[who]].tolist()) & rows) for who, rows in hidden.items()]))

    popularity = np.broadcast_to((taste > 0).sum(axis=0), taste.shape)
    length = np.linalg.norm(taste, axis=0)
    columns = taste / np.where(length > 0, length, 1)
    neighbours = taste @ (columns.T @ columns)
    assert hit_rate(popularity) < 0.1  # 0.05 when this was written
    assert hit_rate(neighbours) > 0.35  # 0.42
    assert hit_rate(neighbours) > 4 * hit_rate(popularity)
