"""Studies drawn from a known model: participants with tastes of their own and unequal numbers of judgments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.sparse import csr_array

from evaluation.stats.arrays import FloatArray, IntArray, KeyArray
from evaluation.stats.cells import Cells
from evaluation.stats.davidson import ELO_PER_LOGIT, DavidsonModel
from evaluation.stats.draws import participant_keys
from evaluation.stats.tables import JudgmentTable

_MOST_JUDGMENTS = 500_000  # drawn at once


def tie_parameter(ties: float) -> float:
    """The Davidson nu with which equal systems tie in a share `ties` of judgments."""
    return 2 * ties / (1 - ties)


def draw_pair(
    rng: np.random.Generator,
    shape: tuple[int, int],
    judgments: int,
    *,
    gap: float = 0.0,
    taste: float = 0.0,
    ties: float = 0.075,
) -> FloatArray:
    """Wins, losses and ties of one system against another, shape (studies, participants, 3).

    Args:
        shape: studies and participants in each.
        judgments: of each participant.
        gap: mean log-odds for the first system.
        taste: standard deviation of the log-odds between participants.
        ties: share of ties of somebody with log-odds 0.
    """
    half = (gap + rng.normal(0.0, taste, shape)) / 2
    weights = np.stack([np.exp(half), np.exp(-half), np.full(shape, tie_parameter(ties))], axis=-1)
    return rng.multinomial(judgments, weights / weights.sum(axis=-1, keepdims=True)).astype(float)


@dataclass(frozen=True)
class Design:
    """A study of several systems; every pair is as likely for each judgment.

    Attributes:
        strengths: of the systems, natural log-odds.
        participants: how many.
        judgments: of each on average.
        taste: standard deviation between participants of each system's strength, log-odds.
        ties: share of ties between equal systems.
        skew: sigma of the lognormal shares of judgments; 0 gives everybody the same number.
    """

    strengths: tuple[float, ...]
    participants: int
    judgments: int
    taste: float = 0.0
    ties: float = 0.1
    skew: float = 0.0

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray]:
        """The systems of each pair, the smaller index first, shape (pairs,) each."""
        left, right = np.triu_indices(len(self.strengths), 1)
        return left, right

    @cached_property
    def truth(self) -> FloatArray:
        """Strengths that endlessly many participants would give, shape (systems,), mean zero.

        Personal taste pulls them towards each other, since the model knows nothing of it. The expected shares of wins,
        losses and ties over participants (Gauss–Hermite quadrature) are fitted.
        """
        left, right = self.pairs
        gaps = np.subtract.outer(np.array(self.strengths), np.array(self.strengths))[left, right]
        nodes, weights = hermegauss(61)
        d = gaps[:, None] + np.sqrt(2) * self.taste * nodes
        up, down = np.exp(d / 2), np.exp(-d / 2)
        total = up + down + tie_parameter(self.ties)
        shares = np.stack([up / total, down / total, 1 - (up + down) / total]) @ (weights / weights.sum())
        return DavidsonModel(self.cells(1e6 * shares.reshape(1, -1)), len(self.strengths)).best.strengths

    @cached_property
    def _keys(self) -> KeyArray:
        return participant_keys([f"p{number:05d}" for number in range(self.participants)])

    def cells(self, counts: FloatArray) -> Cells:
        """One study's counts, shape (participants, 3 * pairs), as what the ratings take."""
        left, right = self.pairs
        return Cells(
            left=left, right=right, side=np.zeros(len(left)), counts=csr_array(counts), keys=self._keys[: len(counts)]
        )

    def draw(self, rng: np.random.Generator, studies: int) -> Iterator[FloatArray]:
        """Yield the counts of each of so many studies, shape (participants, 3 * pairs)."""
        block = max(1, _MOST_JUDGMENTS // (self.participants * self.judgments))
        for done in range(0, studies, block):
            yield from self._block(rng, min(block, studies - done))

    def _block(self, rng: np.random.Generator, studies: int) -> FloatArray:
        people, rows = self.participants, len(self.pairs[0])
        each = np.full((studies, people), self.judgments)
        if self.skew:
            share = rng.lognormal(0.0, self.skew, (studies, people))
            # nobody without a judgment
            each = 1 + rng.multinomial(people * (self.judgments - 1), share / share.sum(axis=1, keepdims=True))
        person = np.repeat(np.arange(studies * people), each.ravel())
        row = rng.integers(0, rows, len(person))
        left, right = (side[row] for side in self.pairs)
        own = np.array(self.strengths) + rng.normal(0.0, self.taste, (studies * people, len(self.strengths)))
        up = np.exp((own[person, left] - own[person, right]) / 2)
        outcome = _outcomes(rng, up, tie_parameter(self.ties))
        code = (person * 3 + outcome) * rows + row
        counts = np.bincount(code, minlength=studies * people * 3 * rows)
        return counts.reshape(studies, people, 3 * rows).astype(float)


def draw_table(
    rng: np.random.Generator,
    judgments: int,
    strengths: Sequence[float] | FloatArray,
    participants: int,
    *,
    nu: float = 0.35,
    taste: float = 0.0,
    delta: float = 0.0,
    first_share: float = 0.5,
    skew: float = 0.5,
) -> JudgmentTable:
    """One study judgment by judgment, with sides.

    Args:
        judgments: in all, at least one for each participant.
        strengths: of the systems, natural log-odds.
        participants: their shares of the judgments are lognormal with sigma `skew`.
        nu: the Davidson tie parameter.
        taste: as in `Design`.
        delta: log-odds that being shown first adds.
        first_share: how often the system with the smaller index is shown first.
    """
    size = len(strengths)
    share = rng.lognormal(0.0, skew, participants)
    person = rng.choice(participants, judgments, p=share / share.sum())
    person[:participants] = np.arange(participants)  # nobody without a judgment
    better = rng.integers(0, size, judgments)
    other = (better + rng.integers(1, size, judgments)) % size
    low, high = np.minimum(better, other), np.maximum(better, other)
    low_first = rng.random(judgments) < first_share
    first, second = np.where(low_first, low, high), np.where(low_first, high, low)
    own = np.asarray(strengths) + rng.normal(0.0, taste, (participants, size))
    outcome = _outcomes(rng, np.exp((own[person, first] - own[person, second] + delta) / 2), nu)
    return JudgmentTable(
        participants=tuple(f"p{number:05d}" for number in range(participants)),
        systems=tuple(f"s{number:02d}" for number in range(size)),
        participant=person,
        first=first,
        second=second,
        score=np.array([1.0, 0.0, 0.5])[outcome],
    )


def _outcomes(rng: np.random.Generator, up: FloatArray, nu: float) -> IntArray:
    """0 (win), 1 (loss) or 2 (tie) where the odds of a decisive win are `up` squared."""
    draw = rng.random(len(up)) * (up + 1 / up + nu)
    return np.where(draw < up, 0, np.where(draw < up + 1 / up, 1, 2))


def elo(points: float) -> float:
    """Points of the Elo scale as natural log-odds."""
    return float(points / ELO_PER_LOGIT)
