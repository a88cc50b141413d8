import csv
import gzip
import warnings
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from annotation.votes import Votes
from tests.conftest import public_set


@pytest.fixture
def crowd() -> Callable[..., tuple[Votes, np.ndarray]]:
    """Votes of people who differ in care and in what they mix up, with the truth as category indices."""

    def make(
        n_items: int, *, votes_per_item: int = 3, people: int = 20, categories: int = 5, seed: int = 0
    ) -> tuple[Votes, np.ndarray]:
        generator = np.random.default_rng(seed)
        truth = generator.choice(categories, n_items, p=generator.dirichlet(np.full(categories, 5.0)))
        care = generator.beta(6.0, 2.5, people)[:, None, None]
        mixed_up = (1 - care) * generator.dirichlet(np.full(categories, 0.5), categories) + care * np.eye(categories)
        tables = np.array([[generator.dirichlet(8 * row + 1e-3) for row in table] for table in mixed_up])
        rows = []
        for item, label in enumerate(truth):
            for person in generator.choice(people, votes_per_item, replace=False):
                rows.append((f"q{item}", f"p{person}", f"c{generator.choice(categories, p=tables[person, label])}"))
        return Votes.from_triples(rows, categories=[f"c{k}" for k in range(categories)]), truth

    return make


@pytest.fixture
def triples_of() -> Callable[[Votes], list[tuple[str, str, str]]]:
    """Votes back as (item, annotator, label)."""

    def triples(votes: Votes) -> list[tuple[str, str, str]]:
        rows = zip(votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist(), strict=True)
        return [(votes.item_ids[i], votes.annotator_ids[j], votes.categories[k]) for i, j, k in rows]

    return triples


@pytest.fixture
def public_crowd() -> Callable[[str], tuple[list[tuple[str, str, str]], dict[str, str]]]:
    """Votes as (item, annotator, label) and gold of one of the crowd sets of Snow et al. (2008)."""
    path = public_set("snow2008-crowd-labels") / "categorical.tsv.gz"

    def read(task: str) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["task"] == task]
        triples = [(row["item"], row["worker"], row["label"]) for row in rows]
        return triples, {row["item"]: row["gold"] for row in rows}

    return read


@pytest.fixture
def crowd_kit() -> Callable[[str, Iterable[tuple[str, str, str]]], dict[str, str]]:
    """The labels that crowd-kit gives, by our name of the method."""
    aggregation = pytest.importorskip("crowdkit.aggregation")
    pandas = pytest.importorskip("pandas")

    def labels(method: str, triples: Iterable[tuple[str, str, str]]) -> dict[str, str]:
        # Its MACE adds up guesses by sorted names but reads them in order of appearance, and so gives people each
        # other's guesses unless both orders are one. Sorted by label, with people renamed as they appear, they are.
        # Its restarts all begin at the same place, so one is as good as ten.
        rows = sorted(triples, key=lambda row: row[2])
        names: dict[str, str] = {}
        renamed = [(item, names.setdefault(person, f"{len(names):06d}"), label) for item, person, label in rows]
        frame = pandas.DataFrame(renamed, columns=["task", "worker", "label"])
        peers = {
            "majority": aggregation.MajorityVote,
            "dawid-skene": lambda: aggregation.DawidSkene(n_iter=100),
            "mace": lambda: aggregation.MACE(n_restarts=1),
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it calls pandas in ways that pandas is about to drop
            return peers[method]().fit_predict(frame).to_dict()

    return labels
