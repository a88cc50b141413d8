import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from annotation.agreement.annotators import against_the_rest
from annotation.agreement.resampling import Resampling
from annotation.votes import Votes

DRAWING = Resampling(seed=0, resamples=300)


def test_of_two_annotators_it_is_cohens_kappa(make_random):
    votes = make_random(1, annotators=2, votes=(2,))
    first, second = against_the_rest(votes, DRAWING)
    labels = votes.labels.reshape(-1, 2)
    assert first.kappa.value == pytest.approx(cohen_kappa_score(labels[:, 0], labels[:, 1]), abs=1e-12)
    assert second.kappa.value == pytest.approx(first.kappa.value)
    assert first.bias["0"].value == pytest.approx(-second.bias["0"].value)


def test_finds_the_one_who_leans_towards_a_category():
    rng = np.random.default_rng(0)
    triples = []
    for item in range(300):
        true = "ab"[rng.integers(2)]
        triples += [(f"q{item}", who, true if rng.random() < 0.9 else "a") for who in ("ann", "bob", "cy")]
        triples.append((f"q{item}", "dan", "b" if rng.random() < 0.4 else true))
    people = {one.annotator: one for one in against_the_rest(Votes.from_triples(triples), DRAWING)}
    assert people["dan"].bias["b"].low > 0.1
    assert people["dan"].bias["a"].high < -0.1
    assert people["dan"].kappa.value < min(people[who].kappa.value for who in ("ann", "bob", "cy"))
    assert (people["dan"].kappa.n_items, people["dan"].kappa.n_votes, people["dan"].n_votes) == (300, 1200, 300)


def test_somebody_alone_is_told_so():
    votes = Votes.from_triples([("q1", "ann", "a"), ("q1", "bob", "a"), ("q2", "cy", "b")])
    ann, _, cy = against_the_rest(votes, DRAWING)
    assert (cy.n_votes, cy.kappa.value, cy.agreement.value, cy.bias) == (1, None, None, {})
    assert cy.kappa.reason == "Nobody else labelled an item of cy."
    assert cy.drift.windows == ()
    assert ann.agreement.value == 1
    assert "chose one and the same category" in ann.kappa.reason


def test_drift_is_in_the_order_of_time():
    triples = [(f"q{item}", "ann", "a") for item in range(40)]
    triples += [(f"q{item}", "bob", "a" if item % 2 else "b") for item in range(40)]
    votes = Votes.from_triples(triples)
    # ann did the odd items, on which they agree, first
    times = {(item, who): (int(item[1:]) % 2 == 0) * 100.0 + int(item[1:]) for item, who, _ in triples}
    ann, _ = against_the_rest(votes, DRAWING, times=times)
    assert [window.agreement for window in ann.drift.windows] == [1, 1, 0.5, 0, 0]
    assert ann.drift.p < 1e-6
    without, _ = against_the_rest(votes, DRAWING)
    assert without.drift.p > 0.5
