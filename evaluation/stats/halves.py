"""The pairs of systems within each of two halves of the judgments, and whether preferences differ between them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.breakdown_results import Contrast, HalfPair
from evaluation.stats.contrast import BOOTSTRAP_T, rate_difference
from evaluation.stats.draws import Draws
from evaluation.stats.intervals import cluster_rate
from evaluation.stats.multiplicity import Adjusted, adjust
from evaluation.stats.results import ParticipantTestResult
from evaluation.stats.sign_flip import FEWEST, sign_flip_test
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import NOBODY_KNOWN, Unit, named

LEAST_JUDGMENTS = 20
LEAST_PARTICIPANTS = FEWEST  # with fewer no test by participant can reach 5 %

Pairs = tuple[HalfPair, ...]
Contrasts = tuple[Contrast, ...]


def enough(judgments: int, participants: int) -> bool:
    """Whether a rate of so few means anything."""
    return judgments >= LEAST_JUDGMENTS and participants >= LEAST_PARTICIPANTS


def compare_halves(
    whole: JudgmentTable, parts: Sequence[JudgmentTable], names: Sequence[str], *, seed: int, replicates: int
) -> tuple[Pairs, Contrasts, int]:
    """Compare the pairs judged in `whole` within each part, and between the two.

    Holm's correction runs over all tests returned together, so that the chance of one false finding among them stays
    below the level.

    Args:
        whole: the parts and perhaps more; participants and systems of all three are the same.
        parts: the judgments of the two halves, or nothing.
        names: of the halves.

    Returns:
        The pairs of the first half, then of the second; the differences; and how many tests there are.
    """
    cells = whole.cells(by_side=False)
    judged = list(zip(cells.left.tolist(), cells.right.tolist(), strict=True))
    counted = [_Counts(part) for part in parts]
    pairs = [
        _pair(counts, name, judged[row], np.random.default_rng([seed, 4, half, row]))
        for half, (counts, name) in enumerate(zip(counted, names, strict=True))
        for row in range(len(judged))
    ]
    draws = Draws(seed, whole.keys)
    contrasts = [_contrast(counted, judged[row], draws, replicates) for row in range(len(judged) if counted else 0)]
    return _corrected(pairs, contrasts)


class _Counts:
    """The judgments of one half, by pair and participant."""

    def __init__(self, table: JudgmentTable) -> None:
        self.systems, self.unit = table.systems, table.unit
        self.known = table.people
        self._people = len(table.participants)
        self._cells = table.cells(by_side=False)
        met = zip(self._cells.left.tolist(), self._cells.right.tolist(), strict=True)
        self._rows = {pair: row for row, pair in enumerate(met)}

    def of(self, pair: tuple[int, int]) -> FloatArray:
        """Wins of the first system, losses and ties, a line per participant, shape (participants, 3)."""
        row = self._rows.get(pair)
        return np.zeros((self._people, 3)) if row is None else self._cells.by_everybody(row)


def _pair(of_half: _Counts, half: str, pair: tuple[int, int], rng: np.random.Generator) -> HalfPair:
    counts = of_half.of(pair)
    counts = counts[counts.sum(axis=1) > 0]
    wins, losses, ties = (int(count) for count in counts.sum(axis=0))
    judged, people = wins + losses + ties, len(counts)
    bare = HalfPair(
        half=half,
        a=of_half.systems[pair[0]],
        b=of_half.systems[pair[1]],
        judgments=judged,
        participants=of_half.known(people),
        wins_a=wins,
        wins_b=losses,
        ties=ties,
        win_rate_a=None,
        win_rate_a_ci=None,
        by_participant=None,
        note=_too_few("this pair", judged, people, of_half.unit),
    )
    rate = cluster_rate(_scores(counts), counts.sum(axis=1)) if enough(judged, people) else None
    if rate is None:
        return bare
    if of_half.unit == "judgment":
        return replace(bare, win_rate_a=rate.value, win_rate_a_ci=rate.interval, note=NOBODY_KNOWN)
    flipped = sign_flip_test((counts[:, 0] - counts[:, 1]) / 2 / counts.sum(axis=1), rng)
    tested = ParticipantTestResult(flipped.test, flipped.statistic, flipped.p, None, people)
    return replace(bare, win_rate_a=rate.value, win_rate_a_ci=rate.interval, by_participant=tested, note="")


def _contrast(halves: Sequence[_Counts], pair: tuple[int, int], draws: Draws, replicates: int) -> Contrast:
    counts = [half.of(pair) for half in halves]
    judged = np.column_stack([count.sum(axis=1) for count in counts])
    scores = np.column_stack([_scores(count) for count in counts])
    asked = judged.any(axis=1)
    judged, scores = judged[asked], scores[asked]
    totals = (int(judged[:, 0].sum()), int(judged[:, 1].sum()))
    people = (int((judged[:, 0] > 0).sum()), int((judged[:, 1] > 0).sum()))
    unit = halves[0].unit
    bare = Contrast(
        a=halves[0].systems[pair[0]],
        b=halves[0].systems[pair[1]],
        judgments=totals,
        participants=people if unit == "participant" else None,
        in_both=halves[0].known(int(judged.all(axis=1).sum())),
        difference=None,
        difference_ci=None,
        test=named(BOOTSTRAP_T, unit),
        statistic=None,
        df=None,
        p=None,
        p_holm=None,
        replicates=0,
        note=_too_few("this pair in one of the halves", min(totals), min(people), unit),
        p_bonferroni=None,
        p_bh=None,
    )
    if not all(enough(total, participants) for total, participants in zip(totals, people, strict=True)):
        return bare
    found = rate_difference(scores, judged, draws.where(np.asarray(asked)), replicates=replicates)
    if found is None:
        return replace(bare, note="Too few resamples held both halves; ask for more replicates.")
    told = replace(bare, difference=found.value, difference_ci=found.interval, replicates=found.replicates)
    if unit == "judgment":
        return replace(told, note=NOBODY_KNOWN)
    return replace(
        told,
        statistic=found.statistic,
        df=found.df,
        p=found.p,
        note="",
    )


def _corrected(pairs: Sequence[HalfPair], contrasts: Sequence[Contrast]) -> tuple[Pairs, Contrasts, int]:
    values = [pair.by_participant.p for pair in pairs if pair.by_participant]
    values += [contrast.p for contrast in contrasts if contrast.p is not None]
    corrected = iter(adjust(values))
    return tuple(_pairs_with(pairs, corrected)), tuple(_contrasts_with(contrasts, corrected)), len(values)


def _pairs_with(pairs: Sequence[HalfPair], corrected: Iterator[Adjusted]) -> Iterator[HalfPair]:
    for pair in pairs:
        test = pair.by_participant
        yield replace(pair, by_participant=replace(test, **_fields(next(corrected)))) if test else pair


def _contrasts_with(contrasts: Sequence[Contrast], corrected: Iterator[Adjusted]) -> Iterator[Contrast]:
    for contrast in contrasts:
        yield contrast if contrast.p is None else replace(contrast, **_fields(next(corrected)))


def _fields(adjusted: Adjusted) -> dict[str, Any]:
    return {"p_holm": adjusted.holm, "p_bonferroni": adjusted.bonferroni, "p_bh": adjusted.bh}


def _scores(counts: FloatArray) -> FloatArray:
    return np.asarray(counts[:, 0] + counts[:, 2] / 2)


def _too_few(what: str, judgments: int, participants: int, unit: Unit) -> str:
    if unit == "judgment":
        return f"There are too few judgments of {what} to tell: {judgments}, where {LEAST_JUDGMENTS} are needed."
    return (
        f"There are too few judgments of {what} to tell: {judgments} by {participants} participants, where "
        f"{LEAST_JUDGMENTS} by {LEAST_PARTICIPANTS} are needed."
    )
