"""Which signals are reason enough to flag a participant. A flag is a question to a person; nobody is deleted."""

from dataclasses import dataclass, field

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.quality.checks import FailRule
from evaluation.stats.quality.expectation import Expectation
from evaluation.stats.quality.signals import Signals

FLAGS = ("checks", "side", "one_answer", "fast", "chance", "against")


@dataclass(frozen=True)
class QualityRules:
    """When somebody is flagged; to be fixed before the systems are unblinded.

    Attributes:
        checks: the fail rule of the checks.
        false_discovery_rate: of the flags `side` and `one_answer`, over participants.
        one_answer_share: share of one answer from which it may be a habit.
        floor_seconds: median time between judgments below which nobody can have listened; None where the study's
            design says nothing.
        chance: `log_likelihood_ratio` below which, together with a failed check, judgments are no better than coin
            flips.
        against: `z` below which, together with a sign of a side or with haste, judgments go against the others.
        side_sign: `side_p` that counts as a sign of a side there.
    """

    checks: FailRule = field(default_factory=FailRule)
    false_discovery_rate: float = 0.05
    one_answer_share: float = 0.9
    floor_seconds: float | None = None
    chance: float = -1.0
    against: float = -2.0
    side_sign: float = 0.05

    def __post_init__(self) -> None:
        for name in ("false_discovery_rate", "one_answer_share", "side_sign"):
            value = getattr(self, name)
            if not 0 < value < 1:
                raise StatisticsError(f"`{name}` must be between 0 and 1, got {value}.")
        if self.floor_seconds is not None and not self.floor_seconds > 0:
            raise StatisticsError(f"`floor_seconds` must be above 0, got {self.floor_seconds}.")


def raise_flags(
    signals: Signals, expected: Expectation, taken: FloatArray, failed: FloatArray, rules: QualityRules
) -> BoolArray:
    """Flags of each participant, shape (participants, len(FLAGS)).

    To disagree with the others is not to cheat, so neither `z` nor the likelihood ratio is a flag by itself: each
    needs a second sign that does not come from what the participant likes.
    """
    fast = np.zeros(len(taken), dtype=np.bool_)
    if rules.floor_seconds is not None:
        fast = np.nan_to_num(signals.seconds, nan=np.inf) < rules.floor_seconds
    ratio = np.nan_to_num(expected.log_likelihood_ratio, nan=0.0)
    z = np.nan_to_num(expected.z, nan=0.0)
    often = np.nan_to_num(signals.common_share, nan=0.0) >= rules.one_answer_share
    return np.column_stack(
        [
            rules.checks.fails(taken, failed),
            signals.side_q <= rules.false_discovery_rate,
            often & (signals.common_q <= rules.false_discovery_rate),
            fast,
            (ratio <= rules.chance) & (failed > 0),
            (z <= rules.against) & ((signals.side_p <= rules.side_sign) | fast),
        ]
    )
