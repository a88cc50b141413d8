"""How a training went, which epoch is the best, and whether there is to be another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recsys.training.fine_tuning.examples import Rows
from recsys.training.fine_tuning.params import FineTuningParams

_KEPT = ("before", "losses", "values", "pairs", "seconds")


@dataclass(slots=True)
class History:
    """Figures of the epochs so far.

    Attributes:
        metric: what is measured on the validation split.
        before: its mean before training; None without validation queries.
        losses: mean loss of each epoch.
        values: its mean after each epoch; None without validation queries, when the last epoch counts as the best.
        pairs: pairs seen in all.
        seconds: that these took, without mining and validation, interruptions left out.
        negatives: hard negatives of the pairs in hand, shape (pairs, negatives).
    """

    metric: str
    before: float | None = None
    losses: list[float] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    pairs: int = 0
    seconds: float = 0.0
    negatives: Rows | None = None

    @property
    def epochs(self) -> int:
        return len(self.losses)

    @property
    def best(self) -> int:
        """The best epoch, counted from 1, the first of equal ones; 0 if none was better than no training."""
        best, most = 0, self.before
        for number, value in enumerate(self.values, start=1):
            if value is None or most is None or value > most:
                best, most = number, value
        return best

    def add(self, *, loss: float, value: float | None, pairs: int) -> bool:
        """Note an epoch, and tell whether it is the best so far."""
        self.losses.append(loss)
        self.values.append(value)
        self.pairs += pairs
        return self.best == self.epochs

    def goes_on(self, params: FineTuningParams) -> bool:
        if self.epochs >= params.epochs:
            return False
        return not params.patience or self.epochs - self.best < params.patience

    def figures(self) -> dict[str, float]:
        """Return what belongs in a manifest."""
        found = {"epochs": float(self.epochs), "best_epoch": float(self.best), "pairs": float(self.pairs)}
        if self.seconds:
            found["pairs_per_second"] = round(self.pairs / self.seconds, 1)
        if self.losses:
            found["loss"] = round(self.losses[max(self.best, 1) - 1], 6)
        if self.before is not None:
            after = self.values[self.best - 1] if self.best else self.before
            found |= {f"val_{self.metric}_before": round(self.before, 6), f"val_{self.metric}": round(after or 0.0, 6)}
        return found

    def sentence(self) -> str:
        """Return what belongs on a card."""
        if self.before is None:
            return (
                f"It was fine-tuned for {self.epochs} epochs, the last of which is kept: the data set has no validation"
                " queries."
            )
        if not self.best:
            return (
                f"No epoch of fine-tuning was better on the validation split than none ({self.metric}"
                f" {self.before:.3f}), so that it is as it came."
            )
        return (
            f"It was fine-tuned for {self.epochs} epochs, of which number {self.best} is kept: {self.metric} on the"
            f" validation queries {self.before:.3f} before, {self.values[self.best - 1]:.3f} after."
        )

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps beside its arrays."""
        return {name: getattr(self, name) for name in _KEPT}

    def restore(self, state: Mapping[str, Any]) -> None:
        for name in _KEPT:
            setattr(self, name, state[name])
