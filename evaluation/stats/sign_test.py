"""The exact sign test of a pair, where it is valid: one judgment per participant."""

from dataclasses import dataclass

from scipy.stats import binomtest

from evaluation.stats.arrays import FloatArray

EXACT = "exact sign test on decisive judgments"
REPEATED = (
    "{repeated} of {people} participants judged this pair more than once, so their judgments are not independent; read "
    "the sign-flip test by participant."
)
TIES_ALONE = "Every judgment of this pair is a tie, so there is no sign to test."


@dataclass(frozen=True)
class SignTest:
    """The test of one pair.

    Attributes:
        n: decisive judgments.
        statistic: those for the first system; None where the test was not made.
        p: two-sided; None likewise.
        reason: why it was not made; empty where it was.
    """

    n: int
    statistic: float | None
    p: float | None
    reason: str


def sign_test(counts: FloatArray) -> SignTest:
    """Test that a decisive judgment is as likely for either system.

    Args:
        counts: shape (participants, 3): wins, losses and ties of the first system; no participant without any.

    References:
        W. J. Dixon and A. M. Mood, "The statistical sign test", JASA 41(236), 1946.
    """
    wins, losses = int(counts[:, 0].sum()), int(counts[:, 1].sum())
    repeated = int((counts.sum(axis=1) > 1).sum())
    if repeated:
        return SignTest(wins + losses, None, None, REPEATED.format(repeated=repeated, people=len(counts)))
    if not wins + losses:
        return SignTest(0, None, None, TIES_ALONE)
    return SignTest(wins + losses, float(wins), float(binomtest(wins, wins + losses).pvalue), "")
