"""The planned tests on thousands of simulated studies at once."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from evaluation.stats.arrays import BoolArray, FloatArray, IntArray
from evaluation.stats.clusters import MOST_REFITS
from evaluation.stats.newton import Maximum, maximise
from evaluation.stats.sign_flip import FLIPS

_MOST_COUNTED = 12  # participants with a difference whose sign patterns are all counted


def holm_rows(p_values: FloatArray) -> FloatArray:
    """Holm's correction within each row, shape (studies, comparisons); see `multiplicity.holm`."""
    order = np.argsort(p_values, axis=1, kind="stable")
    factors = p_values.shape[1] - np.arange(p_values.shape[1])
    raised = np.minimum(1.0, np.maximum.accumulate(np.take_along_axis(p_values, order, 1) * factors, axis=1))
    adjusted = np.empty_like(p_values)
    np.put_along_axis(adjusted, order, raised, 1)
    return adjusted


def sign_flip_rows(differences: FloatArray, rng: np.random.Generator, *, flips: int = FLIPS) -> FloatArray:
    """The two-sided p of `sign_flip.sign_flip_test` for each study.

    The studies share one set of random flips, which makes one matrix product of them; each p is as valid as alone.
    Up to 12 participants with a difference all patterns are counted.

    Args:
        differences: shape (studies, participants), mean score of the first system less one half; 0 where a participant
            did not judge the pair, which changes no p.
    """
    moving = np.abs(differences)
    most = int((moving > 0).sum(axis=1).max(initial=0))
    if not most:
        return np.ones(len(differences))
    sizes = -np.sort(-moving, axis=1)[:, :most]  # those without a difference fall away
    # Under a flip at random it does not matter which sign a size had.
    observed = np.abs(differences.sum(axis=1)) - 1e-9 * sizes.sum(axis=1)
    if most <= _MOST_COUNTED:
        patterns = 1.0 - 2.0 * ((np.arange(2 ** (most - 1))[:, None] >> np.arange(most)) & 1)
        extreme = (np.abs(sizes @ patterns.T) >= observed[:, None]).mean(axis=1)
        return np.asarray(extreme)
    found = np.zeros(len(differences))
    block = max(1, 4_000_000 // max(len(differences), most))
    for size in (min(block, flips - done) for done in range(0, flips, block)):
        signs = rng.integers(0, 2, (size, most), dtype=np.int8) * 2.0 - 1.0
        found += (np.abs(sizes @ signs.T) >= observed[:, None]).sum(axis=1)
    return np.asarray((1 + found) / (1 + flips))


@dataclass(frozen=True)
class WaldRows:
    """Wald tests of all pairs; `finite` says in which studies there are any.

    Attributes:
        gaps: shape (studies, pairs), estimated strength of the first less the second, natural log-odds.
        errors: shape (studies, pairs), standard errors over participants.
        p: shape (studies, pairs), two-sided by t on participants - 1; 1 where there is no finite fit.
        finite: shape (studies,).
    """

    gaps: FloatArray
    errors: FloatArray
    p: FloatArray
    finite: BoolArray


def wald_rows(counts: FloatArray, left: IntArray, right: IntArray) -> WaldRows:
    """Davidson fits of many studies, with the variance of each pair's difference over participants.

    Below 1,000 participants the jackknife with one Newton step for each participant left out (H - H_p)^-1 s_p, which is
    CR3; the sandwich (CR1) beyond, as in `clusters.cluster_covariance`. Studies without a finite maximum, and those
    whose participants do not differ at all, have no test here and count as "not detected".

    Args:
        counts: shape (studies, participants, pairs, 3): wins of `left`, losses, ties.
        left: shape (pairs,), first system of each pair, 0, 1, …; every system must occur.
        right: shape (pairs,), the other.
    """
    studies, people, pairs = counts.shape[:3]
    systems = int(max(left.max(), right.max())) + 1
    contrasts = np.zeros((pairs, systems))
    contrasts[np.arange(pairs), left], contrasts[np.arange(pairs), right] = 1.0, -1.0
    design = contrasts[:, 1:]  # the first system is the origin
    found = maximise(design, counts.sum(axis=1).transpose(0, 2, 1))
    scores, information = _by_participant(design, counts, found)
    if people < MOST_REFITS:
        rest = found.information[:, None] - information
        ridge = 1e-12 * np.trace(found.information, axis1=1, axis2=2)[:, None, None, None] + 1e-30
        moves = np.linalg.solve(rest + ridge * np.eye(rest.shape[-1]), scores[..., None])[..., 0]
        factor = (people - 1) / people
    else:
        inverse = np.linalg.inv(found.information + 1e-30 * np.eye(found.information.shape[-1]))
        moves = (scores - scores.mean(axis=1, keepdims=True)) @ inverse
        factor = people / (people - 1)
    variance = factor * ((moves[..., :-1] @ design.T) ** 2).sum(axis=1)
    gaps = found.beta @ design.T
    finite = found.finite & (variance > 1e-12).all(axis=1)
    errors = np.sqrt(np.where(finite[:, None], variance, np.inf))
    p = np.where(finite[:, None], 2 * student.sf(np.abs(gaps) / errors, people - 1), 1.0)
    assert len(p) == studies
    return WaldRows(gaps, errors, np.asarray(p), finite)


def _by_participant(design: FloatArray, counts: FloatArray, found: Maximum) -> tuple[FloatArray, FloatArray]:
    """Gradient and information of each participant, (studies, participants, width + 1[, width + 1]), log nu last."""
    pairs, width = design.shape
    half = np.clip(found.beta @ design.T, -60, 60) / 2
    up, down, nu = np.exp(half), np.exp(-half), np.exp(found.log_tie)[:, None]
    total = up + down + nu
    difference, tie = (up - down) / total, nu / total
    n = counts.sum(axis=3)
    slope = (counts[..., 0] - counts[..., 1] - n * difference[:, None]) / 2
    scores = np.concatenate([slope @ design, (counts[..., 2] - n * tie[:, None]).sum(axis=2, keepdims=True)], axis=2)
    each = np.zeros((len(counts), pairs, width + 1, width + 1))
    each[..., :width, :width] = ((1 - tie - difference**2) / 4)[..., None, None] * (
        design[:, :, None] * design[:, None, :]
    )
    each[..., :width, width] = each[..., width, :width] = -(difference * tie / 2)[..., None] * design
    each[..., width, width] = tie * (1 - tie)
    information = n @ each.reshape(len(counts), pairs, -1)
    return scores, information.reshape(*n.shape[:2], width + 1, width + 1)
