"""Judgments for the statistics: a few by hand, many from a known model."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.stats.judgments import Judgment
from evaluation.stats.simulation.studies import draw_table
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

    return draw_table
