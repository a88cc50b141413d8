import json
from pathlib import Path

import numpy as np
import pytest

from annotation.votes import Votes

GOLDEN = Path(__file__).parents[2] / "golden"


def votes_of_counts(counts) -> Votes:
    """Votes with these numbers per item and category; an item's votes are by annotators 0, 1, 2, …"""
    triples = []
    for item, row in enumerate(counts):
        labels = np.repeat(np.arange(len(row)), row)
        triples += [(f"i{item}", f"a{who}", str(label)) for who, label in enumerate(labels)]
    return Votes.from_triples(triples, categories=[str(label) for label in range(len(counts[0]))])


def votes_of_table(table) -> Votes:
    """Votes of two annotators, rows and columns being the labels of the first and the second."""
    triples = []
    for row, cells in enumerate(table):
        for column, times in enumerate(cells):
            for _ in range(times):
                item = f"i{len(triples)}"
                triples += [(item, "first", str(row)), (item, "second", str(column))]
    return Votes.from_triples(triples, categories=[str(label) for label in range(len(table))])


def random_votes(seed, *, items=200, annotators=5, categories=4, votes=(1, 2, 3, 4), right=0.7) -> Votes:
    rng = np.random.default_rng(seed)
    triples = []
    for item in range(items):
        true = rng.integers(categories)
        for who in rng.permutation(annotators)[: rng.choice(votes)]:
            label = true if rng.random() < right else rng.integers(categories)
            triples.append((f"i{item}", f"a{who}", str(label)))
    return Votes.from_triples(triples, categories=[str(label) for label in range(categories)])


@pytest.fixture(scope="session")
def published():
    return json.loads((GOLDEN / "agreement_published.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def fleiss_1971(published):
    return votes_of_counts(published["fleiss_1971"])


@pytest.fixture(scope="session")
def krippendorff_2011(published):
    return Votes.from_triples(
        (f"u{unit}", observer, label)
        for observer, labels in published["krippendorff_2011"].items()
        for unit, label in enumerate(labels)
        if label != "."
    )


@pytest.fixture
def make_random():
    return random_votes


@pytest.fixture
def of_counts():
    return votes_of_counts


@pytest.fixture
def of_table():
    return votes_of_table
