"""The three models of ties against fits that share nothing with ours, and the symmetries they owe."""

import json
from pathlib import Path

import choix
import evalica
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from statsmodels.miscmodels.ordinal_model import OrderedModel

from evaluation.stats.bootstrap import bootstrap_strengths
from evaluation.stats.clusters import cluster_covariance, jackknife, model_based, sandwich
from evaluation.stats.connectivity import components, has_finite_maximum
from evaluation.stats.likelihoods import DAVIDSON, LIKELIHOODS, RAO_KUPPER, TIES_HALF
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel, fit_ratings
from evaluation.stats.newton import maximise
from evaluation.stats.tables import JudgmentTable

PUDDING = Path(__file__).parents[2] / "golden" / "davidson_1970_pudding.json"
# (system, system, wins, losses, ties)
DENSE = [(0, 1, 12, 5, 4), (0, 2, 9, 8, 3), (1, 2, 7, 9, 6), (0, 3, 14, 2, 1), (1, 3, 8, 4, 2), (2, 3, 6, 6, 6)]
STAR = [(0, 1, 12, 5, 4), (0, 2, 3, 8, 3), (0, 3, 14, 2, 1), (0, 4, 5, 5, 5)]
CHAIN = [(0, 1, 12, 5, 4), (1, 2, 30, 1, 3), (2, 3, 2, 9, 1), (3, 4, 4, 7, 0)]
DESIGNS = pytest.mark.parametrize("rows", [DENSE, STAR, CHAIN], ids=["dense", "star", "chain"])
MODELS = pytest.mark.parametrize("likelihood", LIKELIHOODS.values(), ids=list(LIKELIHOODS))


def chances(slug, d, t):
    """Win, loss and tie as the papers print them."""
    if slug == "davidson":
        weights = np.array([np.exp(d / 2), np.exp(-d / 2), np.exp(t)])
        return weights / weights.sum()
    kappa, one, other = np.exp(t), np.exp(d), 1.0  # worths pi_i and pi_j
    if slug == "rao-kupper":
        win, loss = one / (one + kappa * other), other / (kappa * one + other)
        return np.array([win, loss, (kappa**2 - 1) * one * other / ((one + kappa * other) * (kappa * one + other))])
    return np.array([one / (one + other), other / (one + other), np.sqrt(one * other) / (one + other)])


def written_out(rows, slug, theta):
    strength, t = theta[:-1], theta[-1]
    total = 0.0
    for i, j, wins, losses, ties in rows:
        total += np.dot((wins, losses, ties), np.log(chances(slug, strength[i] - strength[j], t)))
    return total


def newton_by_differences(rows, slug):
    """Newton on the written-out likelihood in 40-digit arithmetic: derivatives by differences, nothing shared."""
    import mpmath as mp

    size = max(max(row[:2]) for row in rows) + 1
    free = slug != "ties-half"

    def log_likelihood(theta):
        strength = [*theta[: size - 1], mp.mpf(0)]
        t = theta[size - 1] if free else mp.mpf(0)
        total = mp.mpf(0)
        for i, j, wins, losses, ties in rows:
            d = strength[i] - strength[j]
            if slug == "davidson":
                up, down, nu = mp.exp(d / 2), mp.exp(-d / 2), mp.exp(t)
                win, loss, tie = up / (up + down + nu), down / (up + down + nu), nu / (up + down + nu)
            elif slug == "rao-kupper":
                kappa = mp.exp(t)
                win, loss = 1 / (1 + kappa * mp.exp(-d)), 1 / (1 + kappa * mp.exp(d))
                tie = 1 - win - loss
            else:
                win, loss = 1 / (1 + mp.exp(-d)), 1 / (1 + mp.exp(d))
                tie = mp.sqrt(win * loss)
            total += wins * mp.log(win) + losses * mp.log(loss) + (ties * mp.log(tie) if ties else 0)
        return total

    with mp.workdps(40):
        theta = [mp.mpf(0)] * (size - 1) + ([mp.mpf("0.4")] if free else [])
        width, step = len(theta), mp.mpf(10) ** -10
        for _ in range(30):

            def at(*moves, here=tuple(theta)):
                return log_likelihood(
                    [value + sum(step * sign for k, sign in moves if k == i) for i, value in enumerate(here)]
                )

            gradient = mp.matrix([(at((i, 1)) - at((i, -1))) / (2 * step) for i in range(width)])
            hessian = mp.matrix(width, width)
            for i in range(width):
                for j in range(i + 1):
                    value = at((i, 1), (j, 1)) - at((i, 1), (j, -1)) - at((i, -1), (j, 1)) + at((i, -1), (j, -1))
                    hessian[i, j] = hessian[j, i] = value / (4 * step**2)
            move = mp.lu_solve(hessian, -gradient)
            theta = [value + change for value, change in zip(theta, move, strict=True)]
            if max(abs(change) for change in move) < mp.mpf(10) ** -13:
                break
        strengths = np.array([float(value) for value in theta[: size - 1]] + [0.0])
        return strengths - strengths.mean(), float(theta[-1]) if free else None


@DESIGNS
@MODELS
def test_equals_an_independent_newton_fit(counted, rows, likelihood):
    table = counted(rows)
    fit = fit_ratings(table.cells(by_side=False), len(table.systems), likelihood=likelihood)
    strengths, t = newton_by_differences(rows, likelihood.slug)
    assert np.abs(fit.ratings - (1500 + ELO_PER_LOGIT * strengths)).max() < 1e-6
    if t is not None:
        assert fit.log_tie == pytest.approx(t, abs=1e-9)
    assert fit.ratings.mean() == pytest.approx(1500, abs=1e-9)
    assert not fit.penalised


@DESIGNS
@MODELS
def test_equals_scipys_minimiser(counted, rows, likelihood):
    table = counted(rows)
    size = len(table.systems)
    found = minimize(
        lambda theta: -written_out(rows, likelihood.slug, theta), np.full(size + 1, 0.1), method="BFGS", tol=1e-10
    )
    strengths = found.x[:size] - found.x[:size].mean()
    fit = fit_ratings(table.cells(by_side=False), size, likelihood=likelihood)
    assert np.abs(fit.strengths - strengths).max() * ELO_PER_LOGIT < 1e-2


def test_rao_kupper_is_statsmodels_ordered_logit(counted):
    """An ordered logit of each judgment and its mirror image has thresholds -log kappa and log kappa."""
    rows = [(i - 1, j - 1, a, b, t) for i, j, a, b, t in json.loads(PUDDING.read_text())["rows"]]
    outcome, regressors = [], []
    for i, j, wins, losses, ties in rows:
        contrast = np.zeros(6)
        contrast[i], contrast[j] = 1.0, -1.0
        for count, level in ((wins, 2), (losses, 0), (ties, 1)):
            outcome += [level] * count + [2 - level] * count
            regressors += [contrast[:5]] * count + [-contrast[:5]] * count
    theirs = OrderedModel(np.array(outcome), np.array(regressors), distr="logit").fit(
        method="bfgs", disp=False, gtol=1e-8, maxiter=500
    )
    strengths = np.append(theirs.params[:5], 0.0)
    fit = fit_ratings(counted(rows).cells(by_side=False), 6, likelihood=RAO_KUPPER)
    assert np.abs(fit.strengths - (strengths - strengths.mean())).max() < 1e-5
    assert fit.log_tie == pytest.approx(-theirs.params[5], abs=1e-5)


@DESIGNS
def test_ties_as_half_is_evalicas_bradley_terry(counted, rows):
    table = counted(rows)
    winners = [{1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}[s] for s in table.score]
    theirs = evalica.bradley_terry(
        table.first.tolist(), table.second.tolist(), winners, tie_weight=0.5, tolerance=1e-14, limit=1_000_000
    )
    strengths = np.log(theirs.scores.sort_index().to_numpy())
    fit = fit_ratings(table.cells(by_side=False), len(table.systems), likelihood=TIES_HALF)
    assert np.abs(fit.strengths - (strengths - strengths.mean())).max() * ELO_PER_LOGIT < 1e-3


@pytest.mark.parametrize("theirs", [choix.opt_pairwise, choix.ilsr_pairwise], ids=["opt", "ilsr"])
@MODELS
def test_without_ties_all_three_are_choix(counted, likelihood, theirs):
    rows = [(i, j, wins, losses, 0) for i, j, wins, losses, _ in DENSE]
    beaten = [(i, j) for i, j, wins, losses, _ in rows for _ in range(wins)]
    beaten += [(j, i) for i, j, wins, losses, _ in rows for _ in range(losses)]
    strengths = theirs(4, beaten, alpha=0.0, tol=1e-12)
    fit = fit_ratings(counted(rows).cells(by_side=False), 4, likelihood=likelihood)
    assert np.abs(fit.strengths - (strengths - strengths.mean())).max() * ELO_PER_LOGIT < 1e-2
    assert fit.tie_parameter == (1.0 if likelihood is RAO_KUPPER else 0.0)


def test_two_systems_by_hand(counted):
    # 6 wins, 2 losses, 4 ties. Ties as half: odds 8 to 4. Rao-Kupper: P(win) = 1/2, P(loss) = 1/6, so the logits are
    # d - t = 0 and -d - t = -log 5, and d = t = log(5) / 2.
    cells = counted([(0, 1, 6, 2, 4)]).cells(by_side=False)
    half = fit_ratings(cells, 2, likelihood=TIES_HALF)
    assert half.strengths[0] - half.strengths[1] == pytest.approx(np.log(2), abs=1e-9)
    logit = fit_ratings(cells, 2, likelihood=RAO_KUPPER)
    assert logit.strengths[0] - logit.strengths[1] == pytest.approx(np.log(5) / 2, abs=1e-9)
    assert logit.tie_parameter == pytest.approx(np.sqrt(5), abs=1e-9)


@MODELS
def test_scores_are_derivatives_and_chances_sum_to_one(likelihood):
    d, t, h = np.linspace(-2, 2, 9), 0.7 if likelihood is not TIES_HALF else -np.inf, 1e-6
    assert likelihood.chances(d, t).sum(axis=0) == pytest.approx(np.ones(9))
    in_d, in_t = likelihood.scores(d, t)
    if likelihood is TIES_HALF:
        assert in_d[:2] == pytest.approx(np.stack([1 / (1 + np.exp(d)), -1 / (1 + np.exp(-d))]))
        assert in_d[2] == pytest.approx(in_d[:2].mean(axis=0))
        return
    by_d = (np.log(likelihood.chances(d + h, t)) - np.log(likelihood.chances(d - h, t))) / (2 * h)
    by_t = (np.log(likelihood.chances(d, t + h)) - np.log(likelihood.chances(d, t - h))) / (2 * h)
    assert in_d == pytest.approx(by_d, abs=1e-7)
    assert in_t == pytest.approx(by_t, abs=1e-7)


@MODELS
def test_scores_of_the_participants_sum_to_zero_at_the_maximum(simulated, likelihood):
    table = simulated(np.random.default_rng(1), 800, [0.5, 0.0, -0.5], 20, taste=0.5, delta=0.3)
    model = RatingModel(table.cells(by_side=True), 3, position=True, likelihood=likelihood)
    assert np.abs(model.cells.totals.reshape(-1) @ model.outcome_scores).max() < 1e-6


@MODELS
def test_jackknife_and_sandwich_agree_of_many_participants(simulated, likelihood):
    table = simulated(np.random.default_rng(2), 12_000, [0.5, 0.0, -0.5], 600, taste=0.5)
    model = RatingModel(table.cells(by_side=False), 3, likelihood=likelihood)
    leave_out, penalised = jackknife(model)
    assert penalised == 0
    assert sandwich(model) == pytest.approx(leave_out, rel=0.02, abs=1e-7)


def test_of_ties_as_half_the_inverse_information_is_too_wide_and_the_sandwich_right(simulated):
    """With one judgment each and equal systems the true variance of a score is (1 - ties) / 4, not 1 / 4."""
    table = simulated(np.random.default_rng(3), 4_000, [0.0, 0.0, 0.0], 4_000, nu=1.0, skew=0.0)
    model = RatingModel(table.cells(by_side=False), 3, likelihood=TIES_HALF)
    ratio = np.diag(sandwich(model)) / np.diag(model_based(model))
    assert ratio == pytest.approx(np.full(3, 1 - (table.score == 0.5).mean()), rel=0.06)


def test_gaps_of_ties_as_half_are_smaller_by_the_share_of_ties(simulated):
    table = simulated(np.random.default_rng(4), 200_000, [0.2, 0.0, -0.2], 1_000, nu=0.5)
    cells = table.cells(by_side=False)
    half, full = (np.ptp(fit_ratings(cells, 3, likelihood=each).strengths) for each in (TIES_HALF, DAVIDSON))
    assert half / full == pytest.approx(1 - (table.score == 0.5).mean(), abs=0.02)


@MODELS
def test_refitting_finds_the_maximum_of_each_data_set(simulated, likelihood):
    table = simulated(np.random.default_rng(6), 1_500, np.linspace(1, -1, 5), 40)
    model = RatingModel(table.cells(by_side=False), 5, likelihood=likelihood)
    weights = np.random.default_rng(0).integers(0, 3, (12, 40)).astype(float)
    together, _ = model.refit(model.cells.weighted(weights))
    for weight, strengths in zip(weights, together, strict=True):
        kept = np.repeat(np.arange(len(table)), weight[table.participant].astype(int))
        alone = fit_ratings(table.where(kept).cells(by_side=False), 5, likelihood=likelihood)
        assert np.abs(alone.strengths - strengths).max() < 1e-8


@MODELS
@pytest.mark.parametrize("position", [False, True])
def test_symmetries(simulated, likelihood, position):
    """Other names permute, other sides turn the position alone, another order and a merged file change nothing."""
    table = simulated(np.random.default_rng(7), 1_200, np.linspace(0.8, -0.8, 4), 40, delta=0.3)

    def fit(first, second, score, at=slice(None)):
        changed = JudgmentTable(
            table.participants, table.systems, table.participant[at], first[at], second[at], score[at]
        )
        return fit_ratings(changed.cells(by_side=position), 4, position=position, likelihood=likelihood)

    plain = fit(table.first, table.second, table.score)
    names = np.array([2, 0, 3, 1])
    renamed = fit(names[table.first], names[table.second], table.score)
    assert renamed.strengths[names] == pytest.approx(plain.strengths, abs=1e-9)
    turned = fit(table.second, table.first, 1 - table.score)
    assert turned.strengths == pytest.approx(plain.strengths, abs=1e-9)
    if position:
        assert turned.position == pytest.approx(-plain.position, abs=1e-9)
    shuffled = fit(table.first, table.second, table.score, np.random.default_rng(0).permutation(len(table)))
    assert shuffled.strengths == pytest.approx(plain.strengths, abs=1e-12)
    lost = fit(table.first, table.second, 1 - table.score)  # everybody says the opposite
    assert lost.strengths == pytest.approx(-plain.strengths, abs=1e-9)
    assert lost.log_tie == pytest.approx(plain.log_tie, abs=1e-9)


@MODELS
def test_two_files_merge_by_adding_their_counts(simulated, likelihood):
    table = simulated(np.random.default_rng(8), 1_000, np.linspace(0.8, -0.8, 4), 30)
    model = RatingModel(table.cells(by_side=False), 4, likelihood=likelihood)
    early = np.arange(len(table)) < 400
    parts = [table.where(early).cells(by_side=False).totals, table.where(~early).cells(by_side=False).totals]
    assert model.refit(sum(parts)[None])[0][0] == pytest.approx(model.best.strengths, abs=1e-9)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from([0.0, 0.5, 1.0])), min_size=3, max_size=12)
)
def test_newton_is_finite_exactly_where_the_linear_programme_says(rows):
    """For all three models; for ties as half, of the split counts."""
    first = np.array([a for a, _, _ in rows])
    second = np.array([(a + shift) % 4 for a, shift, _ in rows])
    score = np.array([score for _, _, score in rows])
    cells = JudgmentTable(("p",), tuple("wxyz"), np.zeros(len(rows), dtype=np.intp), first, second, score).cells(
        by_side=False
    )
    if components(cells, 4) != [[0, 1, 2, 3]]:
        return
    design = np.zeros((cells.rows, 4))
    design[np.arange(cells.rows), cells.left] = 1.0
    design[np.arange(cells.rows), cells.right] = -1.0
    for likelihood in LIKELIHOODS.values():
        counts = likelihood.recount(cells.totals[None])
        finite = has_finite_maximum(design[:, :3], counts[0])
        fit = RatingModel(cells, 4, likelihood=likelihood).best
        assert fit.penalised is not finite
        assert np.abs(fit.strengths).max() < 20
        if finite:
            assert maximise(design[:, :3], counts, likelihood=likelihood).finite[0]


def test_ties_alone_are_finite_only_as_halves(counted):
    cells = counted([(0, 1, 0, 0, 5), (1, 2, 0, 0, 3)]).cells(by_side=False)
    assert [fit_ratings(cells, 3, likelihood=each).penalised for each in LIKELIHOODS.values()] == [True, True, False]
    assert fit_ratings(cells, 3, likelihood=TIES_HALF).ratings == pytest.approx(np.full(3, 1500))


@MODELS
def test_few_ties_of_many_judgments_are_fitted(counted, likelihood):
    fit = fit_ratings(counted([(0, 1, 60_000, 40_000, 1)]).cells(by_side=False), 2, likelihood=likelihood)
    assert not fit.penalised
    assert fit.strengths[0] - fit.strengths[1] == pytest.approx(np.log(1.5), abs=1e-3)


@MODELS
def test_a_planted_side_effect_is_taken_out(simulated, likelihood):
    """0.3 log-odds at 60 % imbalance, 100,000 judgments: 10 Elo of bias without the term, at most 2 with it.

    Data and truth are Davidson's, so the truth of the other two models is their own fit without a side effect.
    """
    strengths = np.zeros(4)
    biases = {True: [], False: []}
    for seed in range(4):
        table = simulated(np.random.default_rng(seed), 100_000, strengths, 5_000, delta=0.3, first_share=0.6)
        for position in biases:
            cells = table.cells(by_side=position)
            biases[position].append(fit_ratings(cells, 4, position=position, likelihood=likelihood).ratings - 1500)
    assert np.abs(np.mean(biases[True], axis=0)).max() < 2
    without = np.mean(biases[False], axis=0)
    assert np.abs(np.ptp(without)) > 8


@pytest.mark.parametrize("position", [False, True])
@pytest.mark.parametrize("model", LIKELIHOODS)
def test_more_judgments_are_taken_in_as_if_counted_afresh(simulated, model, position):
    """Also with the bootstrap's weights: nothing depends on what came when."""
    table = simulated(np.random.default_rng(12), 6_000, np.linspace(0.8, -0.8, 5), 90, taste=0.3, delta=0.2)
    old, new = (table.where(table.participant < 60), table.where(np.arange(6_000) % 7 == 0))
    both = old.cells(by_side=position).plus(new.cells(by_side=position))
    options = {"position": position, "likelihood": LIKELIHOODS[model]}
    began = RatingModel(old.cells(by_side=position), 5, **options)
    went_on, fresh = began.plus(new.cells(by_side=position)), RatingModel(both, 5, **options)
    assert went_on.best.strengths == pytest.approx(fresh.best.strengths, abs=1e-9)
    assert went_on.best.log_tie == pytest.approx(fresh.best.log_tie, abs=1e-9)
    assert went_on.best.steps < fresh.best.steps
    for method in ("jackknife", "sandwich"):
        ours, theirs = (cluster_covariance(each, interval=method).matrix for each in (went_on, fresh))
        assert ours == pytest.approx(theirs, abs=1e-9)
    drawn = [bootstrap_strengths(each, seed=1, replicates=40)[0] for each in (went_on, fresh)]
    assert np.abs(drawn[0] - drawn[1]).max() < 1e-9
