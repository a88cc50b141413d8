"""How often the 95 % intervals hold the truth, by simulation; docs/statistics.md quotes the figures (pytest -m slow).

Items have a true category; six annotators of unequal skill see it through confusion matrices of their own, and two or
three of them, drawn at random, label each item. The truth of every figure follows from these matrices.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from annotation.agreement.bootstrap import Units, bootstrap, distinct, perfect_agreement_bound
from annotation.agreement.categories import category_alpha, positive_agreement
from annotation.agreement.cohen import cohen_kappa, pair_rows
from annotation.agreement.fleiss import fleiss_kappa
from annotation.agreement.gwet import gwet_ac1
from annotation.agreement.krippendorff import krippendorff_alpha
from annotation.agreement.observed import observed_agreement
from annotation.agreement.sums import Sums, item_rows

CATEGORIES, ANNOTATORS = 19, 6
COMMON, RARE = 0, 18  # the most and the least frequent category
# The aim is 93 to 97 % of studies; with 2,000 of them, chance adds half a point either way.
NAMES = ("observed", "fleiss", "alpha", "ac1", "alpha of common", "positive of common", "alpha of rare")


@dataclass(frozen=True)
class World:
    prevalence: np.ndarray
    matrices: np.ndarray  # (annotators, true, chosen)

    @classmethod
    def of_skill(cls, skill: float, rng: np.random.Generator) -> "World":
        prevalence = np.arange(1, CATEGORIES + 1) ** -0.8
        prevalence /= prevalence.sum()
        matrices = rng.dirichlet(0.3 + 3 * prevalence, size=(ANNOTATORS, CATEGORIES))
        at = np.arange(CATEGORIES)
        matrices[:, at, at] = 0
        right = skill + 0.06 * np.linspace(-1, 1, ANNOTATORS)
        matrices *= ((1 - right)[:, None] / matrices.sum(axis=2))[:, :, None]
        matrices[:, at, at] = right[:, None]
        return cls(prevalence, matrices)

    def both(self) -> np.ndarray:
        """Chance that two of the annotators both choose each category."""
        chosen = self.matrices
        others = chosen.sum(axis=0) - chosen
        pairs = ANNOTATORS * (ANNOTATORS - 1)
        return (self.prevalence[:, None] * (chosen * others).sum(axis=0)).sum(axis=0) / pairs

    def truth(self) -> np.ndarray:
        share = (self.prevalence[:, None] * self.matrices.mean(axis=0)).sum(axis=0)
        both, observed = self.both(), self.both().sum()
        kappa = 1 - (1 - observed) / (1 - (share**2).sum())
        by_chance = (share * (1 - share)).sum() / (CATEGORIES - 1)
        alphas = 1 - (share - both) / (share * (1 - share))
        positive = both[COMMON] / share[COMMON]
        return np.array(
            [observed, kappa, kappa, (observed - by_chance) / (1 - by_chance), alphas[COMMON], positive, alphas[RARE]]
        )

    def labels(self, rng: np.random.Generator, true: np.ndarray, who: np.ndarray) -> np.ndarray:
        reached = self.matrices[who, true].cumsum(axis=1)
        return np.minimum((rng.random(len(true))[:, None] > reached).sum(axis=1), CATEGORIES - 1)

    def counts(self, rng: np.random.Generator, items: int, votes: tuple[int, ...], families: int = 1) -> np.ndarray:
        """Votes per item and category; items of a family have one true category."""
        true = np.repeat(rng.choice(CATEGORIES, -(-items // families), p=self.prevalence), families)[:items]
        wanted = rng.choice(votes, items)
        order = rng.random((items, ANNOTATORS)).argsort(axis=1)
        counts = np.zeros((items, CATEGORIES), dtype=np.int64)
        for vote in range(max(votes)):
            here = np.flatnonzero(wanted > vote)
            counts[here, self.labels(rng, true[here], order[here, vote])] += 1
        return counts


def statistic(totals):
    sums = Sums.of(totals)
    alphas, positive = category_alpha(sums), positive_agreement(sums)
    whole = [observed_agreement(sums), fleiss_kappa(sums), krippendorff_alpha(sums), gwet_ac1(sums)]
    return np.column_stack([*whole, alphas[:, COMMON], positive[:, COMMON], alphas[:, RARE]])


def coverage(skill, items, votes, *, families=1, studies=2000, seed=0):
    """Share of the studies whose intervals hold the truth, by name."""
    rng = np.random.default_rng([seed, int(1000 * skill), items, len(votes), families])
    world = World.of_skill(skill, rng)
    truth, held = world.truth(), []
    for _ in range(studies):
        counts = world.counts(rng, items, votes, families)
        if families > 1:
            units = Units.of_rows(item_rows(counts), np.arange(items) // families)
        else:
            first, times = distinct(counts)
            units = Units(item_rows(counts[first]), times)
        found = bootstrap(units, statistic, rng, resamples=1000)
        low, high = found.low.copy(), found.high.copy()
        shown = int(units.times @ (Sums.of(units.rows).votes[:, RARE] > 0))
        if found.value[-1] == 1:  # the report's own bound where nobody disagreed
            sums = Sums.of((units.times @ units.rows)[None]).with_agreement(perfect_agreement_bound(shown))
            low[-1], high[-1] = category_alpha(sums)[0, RARE], 1.0
        held.append(np.where(np.isnan(low), np.nan, (low <= truth) & (truth <= high)))
    return dict(zip(NAMES, np.nanmean(held, axis=0), strict=True)) | {"kappa": truth[1]}


def cohen_coverage(skill, items, *, studies=2000, seed=0):
    rng = np.random.default_rng([seed, int(1000 * skill), items])
    world = World.of_skill(skill, rng)
    one, other = world.matrices[0], world.matrices[-1]
    observed = (world.prevalence[:, None] * one * other).sum()
    by_chance = ((world.prevalence @ one) * (world.prevalence @ other)).sum()
    truth, held = (observed - by_chance) / (1 - by_chance), 0
    for _ in range(studies):
        true = rng.choice(CATEGORIES, items, p=world.prevalence)
        labels = [world.labels(rng, true, np.full(items, who)) for who in (0, ANNOTATORS - 1)]
        found = bootstrap(
            Units.of_rows(pair_rows(*labels, CATEGORIES)),
            lambda totals: cohen_kappa(totals)[:, None],
            rng,
            resamples=1000,
        )
        held += bool(found.low[0] <= truth <= found.high[0])
    return held / studies


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    found = coverage(0.8, 300, (2,), studies=200)
    for name in NAMES[:-1]:
        assert found[name] > 0.904, (name, found)  # 200 studies: three standard errors are 0.046


@pytest.mark.slow
@pytest.mark.parametrize("votes", [(2,), (3,), (1, 2, 3)])
@pytest.mark.parametrize("skill", [0.66, 0.8, 0.93])
@pytest.mark.parametrize("items", [300, 1000])
def test_coverage_of_items(items, skill, votes):
    found = coverage(skill, items, votes)
    for name in NAMES[:-1]:
        assert 0.925 <= found[name] <= 0.975, (name, found)


@pytest.mark.slow
def test_coverage_of_families():
    found = coverage(0.8, 600, (2,), families=2)
    for name in NAMES[:-1]:
        assert 0.925 <= found[name] <= 0.975, (name, found)


@pytest.mark.slow
@pytest.mark.parametrize("skill", [0.66, 0.8, 0.93])
def test_coverage_of_two_annotators(skill):
    assert 0.925 <= cohen_coverage(skill, 300) <= 0.975
