import pytest
from sklearn.metrics import cohen_kappa_score

from annotation.agreement.annotator_pairs import pairwise
from annotation.agreement.resampling import Resampling
from annotation.votes import Votes

DRAWING = Resampling(seed=0, resamples=300)


def test_every_pair_equals_scikit_learn(make_random):
    votes = make_random(7)
    found = pairwise(votes, DRAWING)
    labels = {
        (votes.annotator_ids[a], item): label
        for a, item, label in zip(votes.annotators.tolist(), votes.items.tolist(), votes.labels.tolist(), strict=True)
    }
    assert len(found.pairs) == 10
    assert found.left_out == 0
    for pair in found.pairs:
        both = [
            (labels[pair.first, item], labels[pair.second, item])
            for item in range(len(votes.item_ids))
            if (pair.first, item) in labels and (pair.second, item) in labels
        ]
        assert pair.kappa.n_items == len(both)
        assert pair.kappa.value == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)), abs=1e-12)
        assert pair.kappa.low < pair.kappa.value < pair.kappa.high
        assert pair.observed.low < pair.observed.value < pair.observed.high


def test_strangers_and_a_pair_without_choice_are_told_so():
    votes = Votes.from_triples([("q1", "ann", "a"), ("q1", "bob", "a"), ("q2", "cy", "b")])
    reasons = {(pair.first, pair.second): pair.kappa.reason for pair in pairwise(votes, DRAWING).pairs}
    assert reasons["ann", "cy"] == "ann and cy labelled no item in common."
    assert "chose one and the same category on all 1 common items" in reasons["ann", "bob"]


def test_a_crowd_gets_the_pairs_with_the_most_common_items(monkeypatch):
    monkeypatch.setattr("annotation.agreement.annotator_pairs.MOST_PAIRS", 2)
    triples = [(f"q{item}", who, "ab"[item % 2]) for item in range(4) for who in ("ann", "bob", "cy")[: 2 + item % 2]]
    found = pairwise(Votes.from_triples(triples), DRAWING)
    assert [(pair.first, pair.second, pair.kappa.n_items) for pair in found.pairs] == [
        ("ann", "bob", 4),
        ("ann", "cy", 2),
    ]
    assert found.left_out == 1


def test_perfect_agreement_has_a_lower_end(of_table):
    (pair,) = pairwise(of_table([[10, 0], [0, 10]]), DRAWING).pairs
    bound = 0.025 ** (1 / 20)
    assert (pair.kappa.value, pair.kappa.high) == (1.0, 1.0)
    assert pair.kappa.low == pytest.approx(1 - (1 - bound) / 0.5)
    assert pair.observed.low == pytest.approx(bound)
