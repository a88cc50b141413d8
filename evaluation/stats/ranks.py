"""Which ranks each system could have, for all systems at once."""

import numpy as np

from evaluation.stats.arrays import FloatArray


def simultaneous_ranks(
    strengths: FloatArray,
    covariance: FloatArray,
    df: int,
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = 20_000,
) -> list[tuple[int, int]]:
    """Rank sets that hold all true ranks together with the given probability.

    Two systems differ if their gap, in its own standard errors, exceeds the level's quantile of the largest such gap
    among all pairs under no difference (max-t). The best rank of a system is 1 + the number of systems significantly
    above it, the worst is the number of systems less those significantly below.

    Args:
        strengths: shape (systems,).
        covariance: shape (systems, systems), of the strengths, over participants.
        df: degrees of freedom of the covariance.
        rng: draws the null distribution.
        level: joint coverage.
        draws: of the null distribution.

    Returns:
        For each system its best and worst rank, 1 being the top.

    References:
        M. Mogstad, J. P. Romano, A. M. Shaikh and D. Wilhelm, "Inference for ranks with applications to mobility across
        neighbourhoods and academic achievement across countries", Rev. Econ. Stud. 91(1), 2024.
    """
    n_systems = len(strengths)
    variances = np.diag(covariance)
    errors = np.sqrt(np.maximum(variances[:, None] + variances[None, :] - 2 * covariance, 0.0))
    np.fill_diagonal(errors, np.inf)
    errors[errors == 0] = np.inf  # nothing is known of this gap, so it is never significant
    values, vectors = np.linalg.eigh(covariance)
    null = rng.standard_normal((draws, n_systems)) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    null /= np.sqrt(rng.chisquare(df, draws) / df)[:, None]
    largest = np.zeros(draws)
    for i in range(n_systems - 1):
        gaps = np.abs(null[:, i + 1 :] - null[:, [i]]) / errors[i, i + 1 :]
        np.maximum(largest, gaps.max(axis=1), out=largest)
    critical = np.quantile(largest, level)
    standardised = (strengths[:, None] - strengths[None, :]) / errors
    above = (standardised < -critical).sum(axis=1)
    below = (standardised > critical).sum(axis=1)
    return [(1 + int(up), n_systems - int(down)) for up, down in zip(above, below, strict=True)]
