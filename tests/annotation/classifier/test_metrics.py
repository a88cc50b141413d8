import json
from dataclasses import asdict

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from annotation.classifier.metrics import (
    Metrics,
    accuracy,
    calibration_error,
    macro_f1,
    measure,
    roc_auc,
)
from annotation.classifier.prediction import QueryType
from annotation.taxonomy import BY_SLUG, CATEGORIES, SLUGS

ONES = np.ones((1, 300))
PERSONALISED = np.array([category.personalised for category in CATEGORIES])


def predictions(seed: int = 0, n: int = 300) -> tuple[list[str], list[QueryType]]:
    """True slugs, and answers that know something of them."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, 19, n)
    logits = generator.normal(size=(n, 19)) + 2 * np.eye(19)[truth]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    types = [
        QueryType(SLUGS[row.argmax()], dict(zip(SLUGS, row.tolist(), strict=True)), float(row[PERSONALISED].sum()))
        for row in shares
    ]
    return [SLUGS[column] for column in truth], types


def test_figures_are_scikit_learns_own():
    truth, types = predictions()
    measured = measure(truth, types, generator=np.random.default_rng(0), replicates=10)
    binary = [BY_SLUG[slug].personalised for slug in truth]
    alpha = np.array([one.alpha for one in types])
    answers = [one.category for one in types]
    scores = np.array([[one.probabilities[slug] for slug in SLUGS] for one in types])
    columns = [SLUGS.index(slug) for slug in truth]
    expected = {
        "binary": (
            accuracy_score(binary, alpha >= 0.5),
            f1_score(binary, alpha >= 0.5, average="macro"),
            roc_auc_score(binary, alpha),
        ),
        "categories": (
            accuracy_score(truth, answers),
            f1_score(truth, answers, average="macro"),
            roc_auc_score(columns, scores, multi_class="ovr", average="macro"),
        ),
    }
    for target, values in expected.items():
        figures = getattr(measured, target)
        assert (figures.accuracy.value, figures.macro_f1.value, figures.roc_auc.value) == pytest.approx(values)


def test_weights_count_queries_as_if_repeated():
    generator = np.random.default_rng(1)
    truth, answers = generator.integers(0, 4, 60), generator.integers(0, 4, 60)
    scores = generator.integers(0, 9, 60) / 8  # with ties
    weights = generator.multinomial(60, np.full(60, 1 / 60))
    drawn = np.repeat(np.arange(60), weights)
    row = weights[None, :].astype(float)
    t, a, s = truth[drawn], answers[drawn], scores[drawn]
    assert accuracy(truth, answers, row)[0] == pytest.approx(accuracy_score(t, a))
    assert macro_f1(truth, answers, row)[0] == pytest.approx(f1_score(t, a, average="macro"))
    assert roc_auc(truth == 1, scores, row)[0] == pytest.approx(roc_auc_score(t == 1, s))


def test_calibration_error_by_hand():
    confidence = np.array([0.95, 0.95, 0.15, 1.0])
    came_true = np.array([True, False, False, True])
    # the last bin holds 0.95, 0.95 and 1.0: |2/3 - 2.9/3| · 3/4; the second holds 0.15: 0.15 · 1/4
    assert calibration_error(confidence, came_true, np.ones((1, 4)))[0] == pytest.approx(0.225 + 0.0375)


def test_a_draw_without_one_class_has_no_roc_curve_and_spoils_no_interval():
    assert np.isnan(roc_auc(np.array([True, False]), np.array([0.9, 0.1]), np.array([[2.0, 0.0]])))[0]
    truth, types = predictions(n=4)
    truth[0], truth[1] = "travel", "noise"
    measured = measure(truth, types, generator=np.random.default_rng(0))
    low, high = measured.binary.roc_auc.ci
    assert 0 <= low <= high <= 1


def test_intervals_hold_the_value_narrow_with_more_queries_and_repeat():
    few = measure(*predictions(n=60), generator=np.random.default_rng(3))
    many = measure(*predictions(n=2000), generator=np.random.default_rng(3))
    for measured in (few, many):
        for target in (measured.binary, measured.categories):
            for figure in (target.accuracy, target.macro_f1, target.roc_auc, target.ece):
                assert figure.ci[0] <= figure.value <= figure.ci[1]
    width = few.binary.accuracy.ci[1] - few.binary.accuracy.ci[0]
    assert many.binary.accuracy.ci[1] - many.binary.accuracy.ci[0] < width / 3
    assert few == measure(*predictions(n=60), generator=np.random.default_rng(3))


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    # accuracy 0.7 drawn 400 times over 100 queries: a percentile interval holds it in about 94 %
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        right = (generator.random(100) < 0.7).astype(np.int64)
        draws = generator.multinomial(100, np.full(100, 0.01), size=300).astype(float)
        low, high = np.quantile(accuracy(right, np.ones(100, dtype=np.int64), draws), [0.025, 0.975])
        held += low <= 0.7 <= high
    assert 0.90 <= held / 400 <= 0.98


def test_figures_survive_json():
    measured = measure(*predictions(), generator=np.random.default_rng(0), replicates=10)
    assert Metrics.from_json(json.loads(json.dumps(asdict(measured)))) == measured
