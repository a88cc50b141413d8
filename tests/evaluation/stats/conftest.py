"""Judgments for the statistics: a few by hand, many from a known model."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.stats.judgments import Judgment
from evaluation.stats.tables import JudgmentTable

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def judge():
    """Judgments from rows (participant, first system, second system, outcome), a minute apart."""

    def build(rows):
        return [
            Judgment(participant, f"query {at}", a, b, outcome, START + timedelta(minutes=at))
            for at, (participant, a, b, outcome) in enumerate(rows)
        ]

    return build


@pytest.fixture
def counted():
    """A table from pair counts (system, system, wins of the first, of the second, ties), sides taking turns.

    Participants take turns too, so each gets a bit of everything.
    """

    def build(rows, participants=12):
        first, second, score = [], [], []
        for i, j, wins, losses, ties in rows:
            for outcome, count in ((1.0, wins), (0.0, losses), (0.5, ties)):
                for turn in range(count):
                    swapped = turn % 2 == 1
                    first.append(j if swapped else i)
                    second.append(i if swapped else j)
                    score.append(1.0 - outcome if swapped else outcome)
        size = max(max(first), max(second)) + 1
        return JudgmentTable(
            tuple(f"p{number:02d}" for number in range(participants)),
            tuple(f"s{number}" for number in range(size)),
            np.arange(len(first)) % participants,
            np.array(first),
            np.array(second),
            np.array(score),
        )

    return build


@pytest.fixture
def simulated():
    """A table of Davidson judgments: personal taste, uneven numbers of judgments, perhaps a side effect."""

    def build(rng, judgments, strengths, participants, *, nu=0.35, taste=0.0, delta=0.0, first_share=0.5, skew=0.5):
        size = len(strengths)
        share = rng.lognormal(0.0, skew, participants)
        person = rng.choice(participants, judgments, p=share / share.sum())
        person[:participants] = np.arange(participants)  # nobody without a judgment
        better = rng.integers(0, size, judgments)
        other = (better + rng.integers(1, size, judgments)) % size
        low, high = np.minimum(better, other), np.maximum(better, other)
        low_first = rng.random(judgments) < first_share
        first, second = np.where(low_first, low, high), np.where(low_first, high, low)
        own = np.asarray(strengths) + rng.normal(0.0, taste, (participants, size))
        up = np.exp((own[person, first] - own[person, second] + delta) / 2)
        draw = rng.random(judgments) * (up + 1 / up + nu)
        score = np.where(draw < up, 1.0, np.where(draw < up + 1 / up, 0.0, 0.5))
        names = tuple(f"p{number:05d}" for number in range(participants))
        return JudgmentTable(names, tuple(f"s{number:02d}" for number in range(size)), person, first, second, score)

    return build
