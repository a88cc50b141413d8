import json
import math

import numpy as np
import pytest
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

from annotation.classifier.calibration import (
    Isotonic,
    Platt,
    Temperature,
    calibrator_from_json,
    choose_calibration,
    fit_temperature,
)


def drawn(slope: float, intercept: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds and labels that a logistic curve made."""
    generator = np.random.default_rng(0)
    log_odds = generator.normal(0, 2, n)
    return log_odds, generator.random(n) < 1 / (1 + np.exp(-(slope * log_odds + intercept)))


def test_platt_finds_the_curve_that_made_the_labels():
    fitted = Platt.fit(*drawn(0.5, -1.0))
    assert fitted.slope == pytest.approx(0.5, abs=0.05)
    assert fitted.intercept == pytest.approx(-1.0, abs=0.1)


def test_platt_is_scikit_learns_sigmoid():
    log_odds, labels = drawn(2.0, 0.3, n=200)
    theirs = _SigmoidCalibration().fit(log_odds, labels.astype(float))
    np.testing.assert_allclose(Platt.fit(log_odds, labels)(log_odds), theirs.predict(log_odds), atol=1e-4)


def test_platt_stays_finite_on_separable_and_extreme_values():
    fitted = Platt.fit(np.array([-1.0, -2.0, 1.0, 2.0]), np.array([False, False, True, True]))
    assert math.isfinite(fitted.slope)
    assert fitted(np.array([-1e308, 0.0, 1e308])).tolist() == pytest.approx([0, 0.5, 1])


def test_isotonic_is_scikit_learns_off_the_edges():
    log_odds, labels = drawn(1.0, 0.0, n=300)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(log_odds, labels)
    asked = np.linspace(-9, 9, 50)
    np.testing.assert_allclose(
        Isotonic.fit(log_odds, labels)(asked), np.clip(theirs.predict(asked), 1 / 302, 1 - 1 / 302), atol=2 / 302
    )
    assert 0 < Isotonic.fit(log_odds, labels)(np.array([-1e9]))[0] < 0.01


@pytest.mark.parametrize(
    "calibrator", [Temperature(1.5), Platt(1.25, -0.5), Isotonic((-1.0, 0.0, 2.0), (0.1, 0.4, 0.9))]
)
def test_calibrators_survive_json(calibrator):
    assert calibrator_from_json(json.loads(json.dumps(calibrator.as_json()))) == calibrator


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="'magic' is no method"):
        calibrator_from_json({"method": "magic"})


def test_takes_the_source_that_tells_most_and_the_shape_that_fits():
    log_odds, labels = drawn(0.6, 0.8)
    noise = np.random.default_rng(1).normal(size=len(labels))
    smooth = choose_calibration({"noise": noise, "good": log_odds}, labels, generator=np.random.default_rng(2))
    assert (smooth.source, type(smooth.calibrator)) == ("good", Platt)
    methods = ("temperature", "platt", "isotonic")
    assert set(smooth.log_loss) == {f"{source}, {method}" for source in ("noise", "good") for method in methods}
    assert set(smooth.per_source) == {"noise", "good"}
    assert smooth.per_source["good"] == smooth.calibrator
    assert smooth.log_loss["good, platt"] == min(smooth.log_loss.values())

    stepped = np.random.default_rng(3).random(len(labels)) < np.where(log_odds > 1.5, 0.9, 0.1)
    steps = choose_calibration({"good": log_odds}, stepped, generator=np.random.default_rng(2))
    assert isinstance(steps.calibrator, Isotonic)


def test_a_temperature_is_enough_where_the_logits_are_only_too_bold():
    log_odds, labels = drawn(0.5, 0.0, n=3000)
    choice = choose_calibration({"only": log_odds}, labels, generator=np.random.default_rng(2))
    assert isinstance(choice.calibrator, Temperature | Platt)
    assert Temperature.fit(log_odds, labels).temperature == pytest.approx(2.0, rel=0.1)
    assert Temperature(0.05)(np.array([-1e308, 0.0, 1e308])).tolist() == [0, 0.5, 1]


def test_too_few_to_compare_takes_platt():
    labels = np.array([True, False, False])
    choice = choose_calibration({"only": np.array([1.0, -1.0, 0.0])}, labels, generator=np.random.default_rng(0))
    assert isinstance(choice.calibrator, Platt)
    assert choice.log_loss == {}


def test_the_temperature_undoes_overconfidence():
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 2, (4000, 5))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([generator.choice(5, p=row) for row in shares])
    assert fit_temperature(logits * 3, truth) == pytest.approx(3, rel=0.06)


def test_the_temperature_leaves_out_categories_that_training_never_saw():
    logits = np.array([[2.0, 0.0, -np.inf], [0.0, 2.0, -np.inf], [1.0, 0.0, -np.inf]])
    assert math.isfinite(fit_temperature(logits, np.array([0, 1, 2])))
