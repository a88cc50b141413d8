"""From a log-odds to a probability that can be taken at its word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]

FOLDS = 5
LEAST_PROBABILITY = 1e-12
"""What a certain mistake is taken for, so that its loss is large and finite."""


class Calibrator(Protocol):
    """A map from log-odds to probabilities, both of shape (n,)."""

    def __call__(self, log_odds: Floats) -> Floats: ...

    def as_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Platt:
    """A logistic curve: 1 / (1 + exp(-(slope · log-odds + intercept)))."""

    slope: float
    intercept: float

    def __call__(self, log_odds: Floats) -> Floats:
        return np.exp(-np.logaddexp(0.0, -(self.slope * log_odds + self.intercept)))

    def as_json(self) -> dict[str, Any]:
        return {"method": "platt", "slope": self.slope, "intercept": self.intercept}

    @classmethod
    def fit(cls, log_odds: Floats, labels: Labels) -> "Platt":
        """Fit by maximum likelihood with Platt's smoothed targets, which keep separable data finite.

        References:
            J. Platt, "Probabilistic outputs for support vector machines", 1999, section 2.2.
        """
        from scipy.optimize import minimize

        positives, negatives = int(labels.sum()), int((~labels).sum())
        targets = np.where(labels, (positives + 1) / (positives + 2), 1 / (negatives + 2))

        def loss(parameters: Floats) -> tuple[float, Floats]:
            z = parameters[0] * log_odds + parameters[1]
            slack = np.exp(-np.logaddexp(0.0, -z)) - targets
            value = float(np.sum(np.logaddexp(0.0, z) - targets * z))
            return value, np.array([slack @ log_odds, slack.sum()])

        fitted = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B").x
        return cls(float(fitted[0]), float(fitted[1]))


@dataclass(frozen=True, slots=True)
class Temperature:
    """A logistic curve through (0, 1/2): 1 / (1 + exp(-log-odds / temperature)).

    References:
        C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.
    """

    temperature: float

    def __call__(self, log_odds: Floats) -> Floats:
        with np.errstate(over="ignore"):  # beyond any float is as certain as it gets
            return np.exp(-np.logaddexp(0.0, -log_odds / self.temperature))

    def as_json(self) -> dict[str, Any]:
        return {"method": "temperature", "temperature": self.temperature}

    @classmethod
    def fit(cls, log_odds: Floats, labels: Labels) -> "Temperature":
        """Fit by maximum likelihood, between 1/20 and 20."""
        logits = np.stack([np.zeros(len(log_odds)), log_odds], axis=1)
        return cls(fit_temperature(logits, labels.astype(np.int64)))


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A rising line through points, flat beyond the outermost.

    Attributes:
        log_odds, probabilities: the points, both rising.
    """

    log_odds: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __call__(self, log_odds: Floats) -> Floats:
        return np.interp(log_odds, self.log_odds, self.probabilities)

    def as_json(self) -> dict[str, Any]:
        return {
            "method": "isotonic",
            "log_odds": list(self.log_odds),
            "probabilities": list(self.probabilities),
        }

    @classmethod
    def fit(cls, log_odds: Floats, labels: Labels) -> "Isotonic":
        """Fit by least squares; the ends are kept off 0 and 1, which no sample can prove."""
        from sklearn.isotonic import IsotonicRegression

        edge = 1 / (len(labels) + 2)
        fitted = IsotonicRegression(out_of_bounds="clip").fit(log_odds, labels.astype(np.float64))
        probabilities = np.clip(fitted.y_thresholds_, edge, 1 - edge)
        return cls(tuple(fitted.X_thresholds_.tolist()), tuple(probabilities.tolist()))


@dataclass(frozen=True, slots=True)
class Choice:
    """The calibrator that did best on held-out queries.

    Attributes:
        source: which of the offered log-odds it takes.
        log_loss: "source, method" to the mean cross-validated log loss, in nats; empty where there was too little
            to compare and Platt on the first source was taken.
        per_source: the best calibrator of every source, the chosen one among them.
    """

    source: str
    log_loss: dict[str, float]
    per_source: dict[str, Calibrator]

    @property
    def calibrator(self) -> Calibrator:
        return self.per_source[self.source]


def choose_calibration(log_odds: Mapping[str, Floats], labels: Labels, *, generator: np.random.Generator) -> Choice:
    """Compare temperature, Platt and isotonic on every source by stratified cross-validation; fit the best on all.

    Args:
        log_odds: source to shape (n,).
        labels: shape (n,); both values must occur.
    """
    fits: dict[str, Callable[[Floats, Labels], Calibrator]] = {
        "temperature": Temperature.fit,
        "platt": Platt.fit,
        "isotonic": Isotonic.fit,
    }
    folds = min(FOLDS, int(labels.sum()), int((~labels).sum()))
    if folds < 2:
        calibrators: dict[str, Calibrator] = {name: Platt.fit(values, labels) for name, values in log_odds.items()}
        return Choice(next(iter(log_odds)), {}, calibrators)
    fold = _folds(labels, folds, generator)
    losses: dict[tuple[str, str], float] = {}
    for source, values in log_odds.items():
        for method, fit in fits.items():
            predicted = np.empty(len(labels))
            for held_out in range(folds):
                calibrator = fit(values[fold != held_out], labels[fold != held_out])
                predicted[fold == held_out] = calibrator(values[fold == held_out])
            losses[source, method] = _log_loss(predicted, labels)
    best: dict[str, str] = {}
    for source, method in sorted(losses, key=lambda pair: losses[pair]):
        best.setdefault(source, method)
    return Choice(
        source=next(iter(best)),
        log_loss={f"{source}, {method}": loss for (source, method), loss in losses.items()},
        per_source={source: fits[best[source]](values, labels) for source, values in log_odds.items()},
    )


def calibrator_from_json(value: Mapping[str, Any]) -> Calibrator:
    """Read back what `as_json` wrote."""
    if value["method"] == "temperature":
        return Temperature(float(value["temperature"]))
    if value["method"] == "platt":
        return Platt(float(value["slope"]), float(value["intercept"]))
    if value["method"] == "isotonic":
        return Isotonic(tuple(map(float, value["log_odds"])), tuple(map(float, value["probabilities"])))
    raise ValueError(f"{value['method']!r} is no method of calibration")


def fit_temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """Return the temperature by which `logits` are divided so that the log loss of `truth` is least.

    Args:
        logits: shape (n, categories); minus infinity for a category that training never saw.
        truth: shape (n,); column of the true category. A query of an unseen category is left out.

    References:
        C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    seen = np.isfinite(logits[np.arange(len(truth)), truth])
    rows, columns = logits[seen], truth[seen]

    def loss(log_temperature: float) -> float:
        scaled = rows / np.exp(log_temperature)
        return float(np.mean(logsumexp(scaled, axis=1) - scaled[np.arange(len(columns)), columns]))

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded").x))


def _folds(labels: Labels, folds: int, generator: np.random.Generator) -> NDArray[np.int64]:
    fold = np.empty(len(labels), dtype=np.int64)
    for value in (False, True):
        rows = generator.permutation(np.flatnonzero(labels == value))
        fold[rows] = np.arange(len(rows)) % folds
    return fold


def _log_loss(probabilities: Floats, labels: Labels) -> float:
    of_truth = np.where(labels, probabilities, 1 - probabilities)
    return float(-np.mean(np.log(np.maximum(of_truth, LEAST_PROBABILITY))))
