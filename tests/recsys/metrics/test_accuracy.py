"""Metrics against worked examples, against another implementation, and against what must always hold."""

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.metrics.accuracy import hits, ndcg, precision, recall, reciprocal_rank, success


def found(*places: int, depth: int = 20) -> np.ndarray:
    """Rankings with relevant tracks at these places, counted from 1."""
    marks = np.zeros(depth, dtype=bool)
    marks[[place - 1 for place in places]] = True
    return marks


def test_hits_counts_and_success_asks_for_one() -> None:
    both = np.stack([found(1, 4, 12), found(12)])
    assert hits(both, 10).tolist() == [2, 0]
    assert success(both, 10).tolist() == [1, 0]
    assert precision(both, 10).tolist() == [0.2, 0]


def test_recall_divides_by_all_relevant() -> None:
    assert recall(found(1, 4, 12), np.array(5), 10) == 2 / 5
    assert recall(found(1, 4, 12), np.array(30), 20) == 3 / 30


def test_ndcg_by_hand() -> None:
    # all three relevant tracks are found, at 1, 3 and 6: 1 + 1/2 + 1/log2 7 over 1 + 1/log2 3 + 1/2
    by_hand = (1 + 0.5 + 1 / math.log2(7)) / (1 + 1 / math.log2(3) + 0.5)
    assert ndcg(found(1, 3, 6), np.array(3), 10) == pytest.approx(by_hand, abs=1e-15)
    assert by_hand == pytest.approx(0.871079, abs=1e-6)


def test_the_ideal_is_cut_at_k() -> None:
    """With more relevant tracks than places, ten hits in ten places are perfect."""
    assert ndcg(found(*range(1, 11)), np.array(25), 10) == pytest.approx(1.0, abs=1e-15)
    assert ndcg(found(*range(1, 11)), np.array(25), 100) < 1


def test_mean_reciprocal_rank_of_the_usual_example() -> None:
    """cat, torus and virus, whose plurals come third, second and first: 11/18."""
    assert reciprocal_rank(np.stack([found(3), found(2), found(1)])).mean() == pytest.approx(11 / 18)


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(np.stack([found(4, 5), found(), found(1)])).tolist() == [0.25, 0, 1]


def test_a_catalogue_shorter_than_k_is_read_to_its_end() -> None:
    whole = found(1, 2, 3, depth=3)
    assert ndcg(whole, np.array(3), 100) == pytest.approx(1)
    assert recall(whole, np.array(3), 100) == 1
    assert precision(whole, 10) == pytest.approx(0.3)


@st.composite
def rankings(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Several rankings of one depth, and how many tracks are relevant, found or not."""
    depth = draw(st.integers(1, 30))
    marks = draw(st.lists(st.lists(st.booleans(), min_size=depth, max_size=depth), min_size=1, max_size=5))
    missed = draw(st.lists(st.integers(0, 40), min_size=len(marks), max_size=len(marks)))
    array = np.array(marks, dtype=bool)
    return array, np.maximum(array.sum(axis=1) + missed, 1)


@given(rankings(), st.sampled_from([1, 3, 10, 100]))
def test_equals_ir_measures(case: tuple[np.ndarray, np.ndarray], k: int) -> None:
    marks, relevant = case
    qrels = [
        ir_measures.Qrel(f"q{number}", f"d{place}" if place < len(row) and row[place] else f"m{place}", 1)
        for number, row in enumerate(marks)
        for place in [*np.flatnonzero(row), *range(1000, 1000 + relevant[number] - row.sum())]
    ]
    run = [
        ir_measures.ScoredDoc(f"q{number}", f"d{place}", float(len(row) - place))
        for number, row in enumerate(marks)
        for place in range(len(row))
    ]
    names = {
        ir_measures.nDCG @ k: ndcg(marks, relevant, k),
        ir_measures.R @ k: recall(marks, relevant, k),
        ir_measures.P @ k: precision(marks, k),
        ir_measures.Success @ k: success(marks, k),
        ir_measures.RR: reciprocal_rank(marks),
    }
    for told in ir_measures.iter_calc(list(names), qrels, run):
        ours = names[told.measure][int(told.query_id[1:])]
        assert ours == pytest.approx(told.value, abs=1e-9), told.measure


@given(rankings(), st.integers(1, 40))
def test_every_metric_keeps_its_bounds(case: tuple[np.ndarray, np.ndarray], k: int) -> None:
    marks, relevant = case
    for values in (success(marks, k), precision(marks, k), recall(marks, relevant, k), ndcg(marks, relevant, k)):
        assert ((values >= 0) & (values <= 1 + 1e-12)).all()
    assert (hits(marks, k) <= np.minimum(k, relevant)).all()


@given(st.integers(1, 30), st.integers(1, 50), st.integers(1, 40))
def test_a_perfect_ranking_is_perfect(depth: int, relevant: int, k: int) -> None:
    marks = np.arange(depth) < relevant
    assert reciprocal_rank(marks) == 1
    if depth >= min(k, relevant):
        assert ndcg(marks, np.array(relevant), k) == pytest.approx(1)


@given(rankings(), st.integers(2, 30))
def test_moving_a_hit_up_never_hurts(case: tuple[np.ndarray, np.ndarray], place: int) -> None:
    marks, relevant = case
    place = min(place, marks.shape[1])
    better = marks.copy()
    if place > 1:
        better[:, [place - 2, place - 1]] = np.sort(marks[:, [place - 2, place - 1]], axis=1)[:, ::-1]
    for k in (1, 5, 10):
        assert (ndcg(better, relevant, k) >= ndcg(marks, relevant, k) - 1e-12).all()
        assert (recall(better, relevant, k) >= recall(marks, relevant, k)).all()
    assert (reciprocal_rank(better) >= reciprocal_rank(marks)).all()
