"""What a review of participants says. The names of the fields are keys of the JSON; participants are numbers there."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.stats.quality.agreement import Agreement
from evaluation.stats.quality.flags import QualityRules
from evaluation.stats.results import Bounds


@dataclass(frozen=True)
class ParticipantQuality:
    """One participant's signals; None where there is nothing to compute one from.

    Attributes:
        participant: a number from 1, in the order of the names; the name itself is not in a result.
        first: decisive judgments for the side shown first, of `decisive`.
        side_p: exact binomial, two-sided.
        side_q: the same by Benjamini and Hochberg over participants.
        most_common: the most frequent answer: first, second or tie.
        checks: taken; `checks_failed` of them failed.
        z: leave-one-out residual towards the systems that the others put higher; below zero: against the others.
        log_likelihood_ratio: the others' ratings against coin flips; below zero: coin flips do better.
        median_seconds: between successive judgments.
        flags: of `flags.FLAGS`.
    """

    participant: int
    judgments: int
    decisive: int
    first: int
    side_p: float
    side_q: float
    most_common: str | None
    most_common_share: float | None
    tie_share: float | None
    checks: int
    checks_failed: int
    z: float | None
    log_likelihood_ratio: float | None
    median_seconds: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class FlagCount:
    """How many participants bear a flag."""

    flag: str
    participants: int


@dataclass(frozen=True)
class QualityRating:
    """A system's rating in one of the two readings."""

    name: str
    judgments: int
    win_rate: float | None
    bt: float | None
    bt_ci: Bounds | None
    rank_ci: tuple[int, int] | None


@dataclass(frozen=True)
class QualityPair:
    """The two highest systems against each other; `p` by participants, `p_holm` over all judged pairs."""

    a: str
    b: str
    judgments: int
    win_rate_a: float
    win_rate_a_ci: Bounds | None
    p: float | None
    p_holm: float | None


@dataclass(frozen=True)
class QualityReading:
    """The results of some of the participants; `top_pair` is None where the two highest systems never met."""

    participants: int
    judgments: int
    systems: tuple[QualityRating, ...]
    top_pair: QualityPair | None

    @property
    def ranked(self) -> list[str]:
        """The systems that have a joint rating, the highest first."""
        return names_ranked(self.systems)


def names_ranked(ratings: Sequence[QualityRating]) -> list[str]:
    """Systems by rating, the highest first; equal ones in their order, those without a rating left out."""
    rated = [(-rating.bt, at, rating.name) for at, rating in enumerate(ratings) if rating.bt is not None]
    return [name for _, _, name in sorted(rated)]


@dataclass(frozen=True)
class Quality:
    """A review of the participants, and the results with and without those it flags.

    Attributes:
        rules: by which flags were raised.
        flagged: participants with at least one flag.
        flagged_by: how many bear each flag.
        checks: taken by all; `checks_failed` of them failed.
        z_variance: mean of z squared; about 1 where participants share a taste, more where they do not.
        agreement: None where queries are not known.
        listed: "all", or "flagged" where there are too many participants to list the others.
        with_everybody: the results as they stand.
        without_flagged: None where nobody is flagged.
        same_top: whether the highest system is the same without the flagged; None where nobody is flagged or one of
            the two has no joint rating.
    """

    rules: QualityRules
    flagged: int
    flagged_by: tuple[FlagCount, ...]
    checks: int
    checks_failed: int
    z_variance: float | None
    agreement: Agreement | None
    listed: str
    participants: tuple[ParticipantQuality, ...]
    with_everybody: QualityReading
    without_flagged: QualityReading | None
    same_top: bool | None
