import json
import math
from collections import Counter
from dataclasses import asdict
from itertools import pairwise

import numpy as np
import pytest

from annotation.classifier.dataset import Example
from annotation.classifier.learning_curve import MORE, Curve, CurvePoint, Figure, Gain, curve, parts_of
from annotation.classifier.metrics import HeldOut
from annotation.taxonomy import BY_SLUG, SLUGS


def test_parts_are_nested_and_keep_the_proportions():
    counts = {"travel": 400, "noise": 200, "romantic": 50}
    train = [Example(f"{slug}{n}", f"{slug} {n}", "en", (("a", slug),)) for slug, c in counts.items() for n in range(c)]
    parts = parts_of(train, np.random.default_rng(0))
    assert [len(part) for part in parts] == [65, 130, 260, 455, 650]
    for smaller, larger in pairwise(parts):
        assert {one.id for one in smaller} < {one.id for one in larger}
    assert parts[-1] == train
    for part in parts:
        found = Counter(one.category for one in part)
        for slug, count in counts.items():
            assert found[slug] == pytest.approx(count * len(part) / 650, abs=1.5)
    assert parts_of(train, np.random.default_rng(0)) == parts
    assert parts_of(train, np.random.default_rng(1)) != parts


def test_a_small_set_has_fewer_parts():
    train = [Example(str(n), f"query {n}", "en", (("a", "travel"),)) for n in range(30)]
    assert [len(part) for part in parts_of(train, np.random.default_rng(0))] == [30]


def answers(truth: np.ndarray, right: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    named = np.where(generator.random(len(truth)) < right, truth, generator.integers(0, 19, len(truth)))
    personalised = np.array([BY_SLUG[SLUGS[column]].personalised for column in named])
    return named, np.where(personalised, 0.9, 0.1)


def held_out(n: int = 600) -> HeldOut:
    truth = [SLUGS[column] for column in np.random.default_rng(9).integers(0, 19, n)]
    names = [str(row) for row in range(n)]
    return HeldOut.of(truth, languages=["en"] * n, families=names, generator=np.random.default_rng(1), replicates=400)


def test_a_rising_curve_says_that_labels_help():
    test = held_out()
    found = curve(test, [100, 200, 400, 800], [answers(test.truth, right, 3) for right in (0.3, 0.45, 0.6, 0.75)])
    values = [point.category_macro_f1.value for point in found.points]
    assert values == sorted(values)
    assert found.last.gain.value == pytest.approx(values[-1] - values[-2])
    assert found.last.told
    # a line over ln(labels) through the last three points, which double each time
    slope = (values[-1] - values[-3]) / math.log(4)
    assert found.forecast.gain.value == pytest.approx(slope * math.log((800 + MORE) / 800))
    assert found.verdict.endswith("more labels still help.")


def test_a_flat_curve_on_a_large_test_says_that_they_hardly_help():
    test = held_out(3000)
    found = curve(test, [500, 1000, 2000], [answers(test.truth, 0.7, 3)] * 3)
    assert found.last.gain == Figure(0.0, (0.0, 0.0))
    assert not found.last.told
    assert found.verdict.endswith("more labels of this kind hardly help.")


def test_a_small_test_cannot_tell():
    test = held_out(60)
    found = curve(test, [50, 70, 90], [answers(test.truth, 0.5, seed) for seed in (3, 4, 5)])
    assert found.verdict.endswith("the test is too small to tell.")


def test_one_point_is_no_curve():
    test = held_out(60)
    assert curve(test, [50], [answers(test.truth, 0.5, 3)]) is None


def test_a_curve_survives_json():
    figure = Figure(0.5, (0.4, 0.6))
    made = Curve(
        (CurvePoint(10, figure, figure), CurvePoint(20, figure, figure)), Gain(10, 20, figure), Gain(20, 220, figure)
    )
    assert Curve.from_json(json.loads(json.dumps(asdict(made)))) == made
