"""Two studies beside each other: do the systems that took part in both stand equally far apart?

Each study keeps its own Davidson fit over all of its systems, and its own participants. What is compared are gaps
between ratings, which do not depend on what else took part; a rating by itself does, because its scale is centred on
its own study.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import f as fisher
from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray
from evaluation.stats.caution_texts import note
from evaluation.stats.clusters import ClusterCovariance, cluster_covariance
from evaluation.stats.comparison_results import (
    CommonSystem,
    Comparison,
    GapComparison,
    Homogeneity,
    Relation,
    StudySummary,
)
from evaluation.stats.connectivity import components
from evaluation.stats.elo import START
from evaluation.stats.intervals import Interval, student_interval
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel
from evaluation.stats.multiplicity import holm
from evaluation.stats.results import Note
from evaluation.stats.tables import JudgmentTable

METHOD = "Davidson ratings of each study; {}; Welch–Satterthwaite t on the difference of gaps"
HOMOGENEITY = "Wald on all gaps together, two samples of unequal covariance (modified Nel–van der Merwe), as F"
LEVEL = 0.05
ABOUT = "comparison"
_ELO = float(ELO_PER_LOGIT)


@dataclass(frozen=True)
class _Fit:
    """One study's ratings of the common systems, in natural log-odds, with their covariance over participants."""

    table: JudgmentTable
    strengths: FloatArray
    covariance: FloatArray | None
    gap_errors: FloatArray | None
    df: int
    method: str | None


def compare_studies(
    first: JudgmentTable, second: JudgmentTable, *, labels: tuple[str, str] = ("A", "B"), shared: int | None = None
) -> Comparison:
    """Compare the gaps between systems of the same name.

    Args:
        first: the judgments of one study.
        second: of the other; a system is the same one where its name is.
        labels: what the notes call them.
        shared: how many people judged in both; counted by their names if not given, not known where there are none.

    Returns:
        The comparison. Where there is nothing to compare, `notes` say why and `gaps` are empty.

    References:
        B. L. Welch, "The generalization of Student's problem when several different population variances are
        involved", Biometrika 34, 1947; F. E. Satterthwaite, Biometrics Bull. 2(6), 1946; K. Krishnamoorthy and J. Yu,
        "Modified Nel and Van der Merwe test for the multivariate Behrens–Fisher problem", Stat. Probab. Lett. 66(2),
        2004.
    """
    judged = [_judged(table) for table in (first, second)]
    common = sorted(judged[0] & judged[1])
    fits = (_fit(first, common), _fit(second, common))
    known = [fit for fit in fits if fit is not None]
    both = known if len(known) == 2 and len(common) > 1 else []
    shared_people = _shared(first, second) if shared is None else shared
    return Comparison(
        first=_summary(first, labels[0], judged[0]),
        second=_summary(second, labels[1], judged[1]),
        shared_participants=shared_people,
        only_first=tuple(sorted(judged[0] - judged[1])),
        only_second=tuple(sorted(judged[1] - judged[0])),
        systems=tuple(_system(name, at, both) for at, name in enumerate(common)) if both else (),
        gaps=_gaps(common, both[0], both[1]) if both else (),
        homogeneity=_homogeneity(both[0], both[1]) if both else None,
        method=METHOD.format(" / ".join(dict.fromkeys(fit.method for fit in both if fit.method))) if both else None,
        notes=tuple(_notes(common, fits, labels, shared_people)),
    )


def _judged(table: JudgmentTable) -> set[str]:
    return {table.systems[system] for system in np.union1d(table.first, table.second).tolist()}


def _shared(first: JudgmentTable, second: JudgmentTable) -> int | None:
    if "judgment" in (first.unit, second.unit):
        return None
    return len(_people(first) & _people(second))


def _people(table: JudgmentTable) -> set[str]:
    return {table.participants[person] for person in np.unique(table.participant).tolist()}


def _summary(table: JudgmentTable, label: str, judged: set[str]) -> StudySummary:
    ties = int((table.score == 0.5).sum())
    return StudySummary(label, len(table), table.people(len(np.unique(table.participant))), ties, len(judged))


def _fit(table: JudgmentTable, common: Sequence[str]) -> _Fit | None:
    """The common systems' ratings, centred on themselves; None where no chain of judgments connects them."""
    if not common:
        return None
    wanted = [table.systems.index(name) for name in common]
    cells = table.cells(by_side=False)
    group = next((group for group in components(cells, len(table.systems)) if set(wanted) <= set(group)), None)
    if group is None:
        return None
    model = RatingModel(cells.restricted_to(group), len(group))
    covariance = cluster_covariance(model)
    at = [group.index(system) for system in wanted]
    centring = np.eye(len(at)) - 1 / len(at)
    return _Fit(
        table=table,
        strengths=centring @ model.best.strengths[at],
        covariance=_of_common(covariance, at, centring),
        gap_errors=_gap_errors(covariance, at),
        df=covariance.df if covariance else 0,
        method=covariance.method if covariance else None,
    )


def _of_common(covariance: ClusterCovariance | None, at: list[int], centring: FloatArray) -> FloatArray | None:
    if covariance is None:
        return None
    matrix: FloatArray = centring @ covariance.matrix[np.ix_(at, at)] @ centring
    return matrix


def _gap_errors(covariance: ClusterCovariance | None, at: list[int]) -> FloatArray | None:
    if covariance is None:
        return None
    return np.array([[0.0 if i == j else covariance.gap_error(i, j) for j in at] for i in at])


def _system(name: str, at: int, fits: Sequence[_Fit]) -> CommonSystem:
    ratings, intervals, counts = [], [], []
    for fit in fits:
        rating = START + _ELO * float(fit.strengths[at])
        ratings.append(rating)
        intervals.append(
            None
            if fit.covariance is None
            else student_interval(rating, _ELO * float(np.sqrt(fit.covariance[at, at])), fit.df)
        )
        index = fit.table.systems.index(name)
        counts.append(int(((fit.table.first == index) | (fit.table.second == index)).sum()))
    return CommonSystem(name, (counts[0], counts[1]), (ratings[0], ratings[1]), (intervals[0], intervals[1]))


@dataclass(frozen=True)
class _Gap:
    value: float
    variance: float | None
    df: int

    @property
    def p(self) -> float | None:
        if not self.variance:
            return None
        return float(2 * student.sf(abs(self.value) / np.sqrt(self.variance), self.df))

    @property
    def interval(self) -> Interval | None:
        return student_interval(self.value, float(np.sqrt(self.variance)), self.df) if self.variance else None


def _gap(fit: _Fit, i: int, j: int) -> _Gap:
    value = _ELO * float(fit.strengths[i] - fit.strengths[j])
    return _Gap(value, None if fit.gap_errors is None else (_ELO * float(fit.gap_errors[i, j])) ** 2, fit.df)


def _gaps(names: Sequence[str], first: _Fit, second: _Fit) -> tuple[GapComparison, ...]:
    pairs = list(combinations(range(len(names)), 2))
    gaps = [(_gap(first, i, j), _gap(second, i, j)) for i, j in pairs]
    adjusted = [_holm([gap[side].p for gap in gaps]) for side in (0, 1)]
    differences = [_difference(one, other) for one, other in gaps]
    differ = _holm([difference.p for difference in differences])
    return tuple(
        GapComparison(
            a=names[i],
            b=names[j],
            judgments=(_met(first.table, names[i], names[j]), _met(second.table, names[i], names[j])),
            gap=(one.value, other.value),
            gap_ci=(one.interval, other.interval),
            gap_p_holm=(adjusted[0][at], adjusted[1][at]),
            difference=differences[at].value,
            difference_ci=differences[at].interval,
            statistic=differences[at].statistic,
            df=differences[at].df,
            p=differences[at].p,
            p_holm=differ[at],
            relation=_relation((one.value, other.value), (adjusted[0][at], adjusted[1][at])),
        )
        for at, ((i, j), (one, other)) in enumerate(zip(pairs, gaps, strict=True))
    )


def _holm(values: Sequence[float | None]) -> list[float | None]:
    """Holm's correction over those there are."""
    adjusted = iter(holm([value for value in values if value is not None]))
    return [None if value is None else next(adjusted) for value in values]


@dataclass(frozen=True)
class _Difference:
    value: float
    interval: Interval | None = None
    statistic: float | None = None
    df: float | None = None
    p: float | None = None


def _difference(one: _Gap, other: _Gap) -> _Difference:
    value = one.value - other.value
    if not one.variance or not other.variance:
        return _Difference(value)
    variance = one.variance + other.variance
    df = variance**2 / (one.variance**2 / one.df + other.variance**2 / other.df)
    error = float(np.sqrt(variance))
    reach = float(student.ppf(1 - LEVEL / 2, df)) * error
    p = float(2 * student.sf(abs(value) / error, df))
    return _Difference(value, (value - reach, value + reach), value / error, float(df), p)


def _met(table: JudgmentTable, a: str, b: str) -> int:
    i, j = table.systems.index(a), table.systems.index(b)
    return int((((table.first == i) & (table.second == j)) | ((table.first == j) & (table.second == i))).sum())


def _relation(values: tuple[float, float], p_values: tuple[float | None, float | None]) -> Relation:
    shown = [p is not None and p < LEVEL for p in p_values]
    if all(shown):
        return "agree" if values[0] * values[1] > 0 else "contradict"
    if any(shown):
        return "only_first" if shown[0] else "only_second"
    return "neither"


def _homogeneity(first: _Fit, second: _Fit) -> Homogeneity | None:
    """Are all gaps equal in both? T squared of the difference, its degrees of freedom those of the reference.

    With V = V1 + V2 over p independent gaps and traces of V_i V^-1, nu = (p + p^2) / sum (tr[(V_i V^-1)^2] +
    tr[V_i V^-1]^2) / df_i, and (nu - p + 1) / (nu p) T^2 is F on p and nu - p + 1. For p = 1 it is Welch's test.
    """
    if first.covariance is None or second.covariance is None:
        return None
    p = len(first.strengths) - 1
    contrast = np.column_stack([np.ones(p), -np.eye(p)])
    difference = contrast @ (first.strengths - second.strengths)
    parts = [(contrast @ fit.covariance @ contrast.T, fit.df) for fit in (first, second) if fit.covariance is not None]
    total = parts[0][0] + parts[1][0]
    if np.linalg.matrix_rank(total) < p:
        return None
    inverse = np.linalg.inv(total)
    spread = 0.0
    for matrix, df in parts:
        product = matrix @ inverse
        spread += (np.trace(product @ product) + np.trace(product) ** 2) / df
    nu = (p + p * p) / spread
    if nu - p + 1 <= 0:
        return None
    statistic = float((nu - p + 1) / (nu * p) * difference @ inverse @ difference)
    return Homogeneity(HOMOGENEITY, statistic, p, float(nu - p + 1), float(fisher.sf(statistic, p, nu - p + 1)))


def _notes(
    common: Sequence[str], fits: Sequence[_Fit | None], labels: tuple[str, str], shared: int | None
) -> Iterator[Note]:
    if not common:
        yield note("nothing_in_common", about=ABOUT)
        return
    if len(common) == 1:
        yield note("one_in_common", about=ABOUT, system=common[0])
        return
    for fit, label in zip(fits, labels, strict=True):
        if fit is None:
            yield note("no_common_scale", about=ABOUT, study=label)
        elif fit.covariance is None:
            yield note("study_of_one_participant", about=ABOUT, study=label)
        elif fit.table.unit == "judgment":
            yield note("study_without_participants", about=ABOUT, study=label)
    if shared:
        yield note("judged_in_both", about=ABOUT, count=shared)
