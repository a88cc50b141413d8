import json
from dataclasses import asdict

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support, roc_auc_score

from annotation.classifier.metrics import (
    HeldOut,
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


def held_out(truth: list[str], *, seed: int = 0, replicates: int = 1000, families=None, languages=None) -> HeldOut:
    names = [f"f{number}" for number in range(len(truth))] if families is None else families
    spoken = ["en"] * len(truth) if languages is None else languages
    generator = np.random.default_rng(seed)
    return HeldOut.of(truth, languages=spoken, families=names, generator=generator, replicates=replicates)


def measured(truth: list[str], types: list[QueryType], **options) -> Metrics:
    return measure(held_out(truth, **options), types)


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
    found = measured(truth, types, replicates=10)
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
        figures = getattr(found, target)
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
    low, high = measured(truth, types).binary.roc_auc.ci
    assert 0 <= low <= high <= 1


def test_intervals_hold_the_value_narrow_with_more_queries_and_repeat():
    few, many = measured(*predictions(n=60), seed=3), measured(*predictions(n=2000), seed=3)
    for found in (few, many):
        for target in (found.binary, found.categories):
            for figure in (target.accuracy, target.macro_f1, target.roc_auc, target.ece):
                assert figure.ci[0] <= figure.value <= figure.ci[1]
    width = few.binary.accuracy.ci[1] - few.binary.accuracy.ci[0]
    assert many.binary.accuracy.ci[1] - many.binary.accuracy.ci[0] < width / 3
    assert few == measured(*predictions(n=60), seed=3)


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
    found = measured(*predictions(), replicates=10)
    assert Metrics.from_json(json.loads(json.dumps(asdict(found)))) == found


def test_figures_by_category_are_scikit_learns_own():
    truth, types = predictions()
    found = {one.category: one for one in measured(truth, types, replicates=10).by_category}
    answers = [one.category for one in types]
    precision, recall, f1, support = precision_recall_fscore_support(truth, answers, labels=SLUGS)
    for row, slug in enumerate(SLUGS):
        one = found[slug]
        assert one.queries == support[row]
        values = (one.precision.value, one.recall.value, one.f1.value)
        assert values == pytest.approx((precision[row], recall[row], f1[row]))


def test_a_category_that_neither_occurs_nor_is_named_has_no_figures():
    truth, types = predictions(n=40)
    keep = [row for row, slug in enumerate(truth) if slug != "noise" and types[row].category != "noise"]
    found = measured([truth[row] for row in keep], [types[row] for row in keep], replicates=10)
    (noise,) = [one for one in found.by_category if one.category == "noise"]
    assert (noise.queries, noise.precision, noise.recall, noise.f1, noise.alpha) == (0, None, None, None, None)


def test_figures_by_language_are_those_of_its_queries_alone():
    truth, types = predictions()
    languages = ["ru" if row % 3 else "en" for row in range(len(truth))]
    found = {one.language: one for one in measured(truth, types, languages=languages, replicates=50).by_language}
    assert {name: one.queries for name, one in found.items()} == {"en": 100, "ru": 200}
    rows = [row for row, language in enumerate(languages) if language == "en"]
    alone = measured([truth[row] for row in rows], [types[row] for row in rows], replicates=10)
    assert found["en"].macro_f1.value == pytest.approx(alone.binary.macro_f1.value)
    assert found["en"].category_macro_f1.value == pytest.approx(alone.categories.macro_f1.value)
    assert found["en"].roc_auc.value == pytest.approx(alone.binary.roc_auc.value)


def test_a_language_with_one_kind_of_query_has_no_roc_auc():
    truth, types = predictions(n=60)
    kinds = ["ru" if BY_SLUG[slug].personalised else "en" for slug in truth]
    assert [one.roc_auc for one in measured(truth, types, languages=kinds, replicates=10).by_language] == [None, None]


def test_families_are_drawn_whole_so_that_copies_teach_nothing():
    truth, types = predictions(n=80)
    single = measured(truth, types, families=[str(row) for row in range(80)])
    fourfold = measured(truth * 4, types * 4, families=[str(row) for row in range(80)] * 4)
    naive = measured(truth * 4, types * 4)
    assert (single.families, fourfold.families, fourfold.queries) == (80, 80, 320)
    width = [high - low for low, high in (one.binary.accuracy.ci for one in (single, fourfold, naive))]
    assert width[1] == pytest.approx(width[0], rel=0.1)
    assert width[2] < width[1] * 0.7
