import json
from pathlib import Path

import evalica
import numpy as np
import pytest
from scipy.optimize import minimize

from evaluation.stats.davidson import ELO_PER_LOGIT, DavidsonModel, fit_davidson
from evaluation.stats.errors import DisconnectedError, StatisticsError
from evaluation.stats.tables import JudgmentTable

PUDDING = Path(__file__).parents[2] / "golden" / "davidson_1970_pudding.json"
# (system, system, wins, losses, ties)
DENSE = [(0, 1, 12, 5, 4), (0, 2, 9, 8, 3), (1, 2, 7, 9, 6), (0, 3, 14, 2, 1), (1, 3, 8, 4, 2), (2, 3, 6, 6, 6)]
STAR = [(0, 1, 12, 5, 4), (0, 2, 3, 8, 3), (0, 3, 14, 2, 1), (0, 4, 5, 5, 5)]
CHAIN = [(0, 1, 12, 5, 4), (1, 2, 30, 1, 3), (2, 3, 2, 9, 1), (3, 4, 4, 7, 0)]
NO_TIES = [(i, j, wins + 1, losses + 1, 0) for i, j, wins, losses, _ in DENSE]


def slow_fit(table, *, position=False):
    """Minus the log likelihood written out judgment by judgment, and scipy's minimiser. Nothing shared with ours."""
    size = len(table.systems)
    has_ties = (table.score == 0.5).any()

    def loss(values):
        strength = np.append(values[: size - 1], -values[: size - 1].sum())
        log_nu = values[size - 1] if has_ties else -np.inf
        side = values[size] if position else 0.0
        d = strength[table.first] - strength[table.second] + side
        chosen = np.where(table.score == 1.0, d / 2, np.where(table.score == 0.0, -d / 2, log_nu))
        return -(chosen - np.logaddexp(np.logaddexp(d / 2, -d / 2), log_nu)).sum()

    found = minimize(loss, np.zeros(size + 1), method="BFGS", options={"gtol": 1e-9})
    found = minimize(loss, found.x, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13, "maxfev": 40_000})
    strength = np.append(found.x[: size - 1], -found.x[: size - 1].sum())
    return strength, found.x[size - 1], found.x[size]


def newton_reference(wins, ties):
    """A Newton fit that sums over pairs in a loop, in (strengths, log nu) with the mean pinned."""
    size = len(wins)
    theta, log_nu = np.zeros(size), 0.0
    for _ in range(100):
        gradient, hessian = np.zeros(size + 1), np.zeros((size + 1, size + 1))
        for i in range(size):
            for j in range(i + 1, size):
                n = wins[i, j] + wins[j, i] + ties[i, j]
                up, down = np.exp((theta[i] - theta[j]) / 2), np.exp((theta[j] - theta[i]) / 2)
                p, q, r = np.array([up, down, np.exp(log_nu)]) / (up + down + np.exp(log_nu))
                contrast = np.zeros(size + 1)
                contrast[i], contrast[j] = 0.5, -0.5
                last = np.zeros(size + 1)
                last[size] = 1.0
                vectors = [contrast, -contrast, last]
                mean = p * contrast - q * contrast + r * last
                for vector, count, chance in zip(vectors, (wins[i, j], wins[j, i], ties[i, j]), (p, q, r), strict=True):
                    gradient += count * (vector - mean)
                    hessian += n * chance * np.outer(vector - mean, vector - mean)
        hessian[:size, :size] += 1.0
        step = np.linalg.solve(hessian, gradient)
        theta, log_nu = theta + step[:size], log_nu + step[size]
        if np.abs(step).max() < 1e-13:
            break
    return theta - theta.mean(), log_nu


def matrices(rows, size):
    wins, ties = np.zeros((size, size)), np.zeros((size, size))
    for i, j, a, b, t in rows:
        wins[i, j] += a
        wins[j, i] += b
        ties[i, j] += t
        ties[j, i] += t
    return wins, ties


@pytest.mark.parametrize("rows", [DENSE, STAR, CHAIN], ids=["dense", "star", "chain"])
def test_equals_an_independent_newton_fit(counted, rows):
    table = counted(rows)
    fit = fit_davidson(table.cells(by_side=False), len(table.systems))
    theta, log_nu = newton_reference(*matrices(rows, len(table.systems)))
    assert np.abs(fit.ratings - (1500 + ELO_PER_LOGIT * theta)).max() < 1e-6
    assert fit.log_tie == pytest.approx(log_nu, abs=1e-9)
    assert fit.ratings.mean() == pytest.approx(1500, abs=1e-9)
    assert not fit.penalised


def test_equals_scipys_minimiser_with_position(simulated):
    table = simulated(np.random.default_rng(0), 900, [0.6, 0.0, -0.6], 30, delta=0.4)
    fit = fit_davidson(table.cells(by_side=True), 3, position=True)
    strengths, log_nu, side = slow_fit(table, position=True)
    assert np.abs(fit.strengths - strengths).max() * ELO_PER_LOGIT < 1e-3
    assert fit.log_tie == pytest.approx(log_nu, abs=1e-5)
    assert fit.position == pytest.approx(side, abs=1e-5)


@pytest.mark.parametrize("rows", [DENSE, CHAIN], ids=["dense", "chain"])
def test_equals_newmans_iteration_of_evalica(counted, rows):
    table = counted(rows)
    winners = [{1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}[s] for s in table.score]
    theirs = evalica.newman(table.first.tolist(), table.second.tolist(), winners, tolerance=1e-12, limit=100_000)
    strengths = np.log(theirs.scores.sort_index().to_numpy())
    ours = fit_davidson(table.cells(by_side=False), len(table.systems)).strengths
    assert np.abs(ours - (strengths - strengths.mean())).max() * ELO_PER_LOGIT < 1e-3


def test_without_ties_it_is_evalicas_bradley_terry(counted):
    table = counted(NO_TIES)
    winners = [evalica.Winner.X if score else evalica.Winner.Y for score in table.score]
    theirs = evalica.bradley_terry(table.first.tolist(), table.second.tolist(), winners, tolerance=1e-12, limit=100_000)
    strengths = np.log(theirs.scores.sort_index().to_numpy())
    fit = fit_davidson(table.cells(by_side=False), 4)
    assert np.abs(fit.strengths - (strengths - strengths.mean())).max() * ELO_PER_LOGIT < 1e-3
    assert fit.tie_parameter == 0.0


def test_davidsons_puddings(counted):
    """Our fit of his Example 2 is where his own iteration ends: preferences of sum one, and nu, in turns."""
    rows = [(i - 1, j - 1, a, b, t) for i, j, a, b, t in json.loads(PUDDING.read_text())["rows"]]
    preference, nu = np.full(6, 1 / 6), 0.5
    points = np.zeros(6)
    for i, j, a, b, t in rows:
        points[i] += 2 * a + t
        points[j] += 2 * b + t
    ties = sum(row[4] for row in rows)
    for _ in range(5_000):
        weight, expected = np.zeros(6), 0.0
        for i, j, a, b, t in rows:
            n, root = a + b + t, np.sqrt(preference[i] * preference[j])
            total = preference[i] + preference[j] + nu * root
            weight[i] += n * (2 + nu * np.sqrt(preference[j] / preference[i])) / total
            weight[j] += n * (2 + nu * np.sqrt(preference[i] / preference[j])) / total
            expected += n * root / total
        preference = points / weight
        preference, nu = preference / preference.sum(), ties / expected
    fit = fit_davidson(counted(rows).cells(by_side=False), 6)
    worth = np.exp(fit.strengths) / np.exp(fit.strengths).sum()
    assert np.abs(worth - preference).max() < 1e-8
    assert fit.tie_parameter == pytest.approx(nu, abs=1e-8)


def test_two_systems_by_hand(counted):
    # a decisive judgment goes 6 to 2, so d = ln 3; exp(d/2) : nu = 6 : 4 gives nu = 4 / 6 sqrt(3)
    fit = fit_davidson(counted([(0, 1, 6, 2, 4)]).cells(by_side=False), 2)
    assert fit.strengths[0] - fit.strengths[1] == pytest.approx(np.log(3), abs=1e-9)
    assert fit.tie_parameter == pytest.approx(4 / 6 * np.sqrt(3), abs=1e-9)


def test_swapping_sides_turns_only_the_position_term(simulated):
    table = simulated(np.random.default_rng(3), 2_000, np.linspace(0.8, -0.8, 5), 40, delta=0.3)
    swapped = JudgmentTable(
        table.participants, table.systems, table.participant, table.second, table.first, 1 - table.score
    )
    one, other = (fit_davidson(each.cells(by_side=True), 5, position=True) for each in (table, swapped))
    assert np.allclose(one.strengths, other.strengths, atol=1e-10)
    assert one.position == pytest.approx(-other.position, abs=1e-10)


def test_renaming_permutes(simulated):
    table = simulated(np.random.default_rng(4), 2_000, np.linspace(0.8, -0.8, 5), 40)
    names = np.random.default_rng(0).permutation(5)
    renamed = JudgmentTable(
        table.participants, table.systems, table.participant, names[table.first], names[table.second], table.score
    )
    one, other = (fit_davidson(each.cells(by_side=False), 5).strengths for each in (table, renamed))
    assert np.allclose(one, other[names], atol=1e-10)


def test_the_position_term_takes_a_planted_side_effect_out(simulated):
    strengths = np.linspace(0.8, -0.8, 5)
    table = simulated(np.random.default_rng(5), 100_000, strengths, 2_000, delta=0.3, first_share=0.6)
    plain = fit_davidson(table.cells(by_side=False), 5)
    adjusted = fit_davidson(table.cells(by_side=True), 5, position=True)
    truth = 1500 + ELO_PER_LOGIT * strengths
    assert adjusted.position == pytest.approx(0.3, abs=0.03)
    assert np.abs(adjusted.ratings - truth).max() < 4 < np.abs(plain.ratings - truth).max()


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 1, 5, 0, 0)],
        [(0, 1, 0, 0, 5)],
        [(0, 1, 9, 0, 0), (1, 2, 4, 3, 1), (0, 2, 5, 0, 0)],
        [(0, 1, 0, 0, 1), (1, 2, 1, 0, 0), (2, 0, 0, 0, 1)],
    ],
    ids=["never beaten", "ties only", "one never beaten", "perfect fit of few ties"],
)
def test_a_penalty_stands_in_where_no_finite_maximum_exists(counted, rows):
    table = counted(rows, participants=1)
    fit = fit_davidson(table.cells(by_side=False), len(table.systems))
    assert fit.penalised
    assert np.isfinite(fit.ratings).all()
    assert np.abs(fit.strengths).max() < 5


def test_the_penalty_by_hand(counted):
    # Strengths are (x, -x): 5 log s(2x) from five wins, and log s(x) + log s(-x) from half a win and half a loss of
    # each of the two against the ghost at zero, s being the logistic function. The derivative is 10 s(-2x) - tanh(x/2).
    fit = fit_davidson(counted([(0, 1, 5, 0, 0)], participants=1).cells(by_side=False), 2)
    x = fit.strengths[0]
    assert abs(10 / (1 + np.exp(2 * x)) - np.tanh(x / 2)) < 1e-9
    assert fit.strengths[1] == pytest.approx(-x, abs=1e-12)


def test_a_side_that_always_wins_is_penalised_only_with_the_position_term(judge):
    rows = [(f"p{i % 5}", *(("x", "y") if i % 2 else ("y", "x")), "a") for i in range(20)]
    table = JudgmentTable.of(judge(rows))
    assert not fit_davidson(table.cells(by_side=False), 2).penalised
    fit = fit_davidson(table.cells(by_side=True), 2, position=True)
    assert fit.penalised
    assert 1 < fit.position < 10


def test_refuses_what_it_cannot_tell_apart(judge, counted):
    with pytest.raises(DisconnectedError, match="rate them apart"):
        DavidsonModel(counted([(0, 1, 3, 2, 1), (2, 3, 1, 4, 0)]).cells(by_side=False), 4)
    one_side = JudgmentTable.of(judge([("p", "x", "y", "a"), ("p", "x", "y", "b")]))
    with pytest.raises(StatisticsError, match="sides were not varied"):
        DavidsonModel(one_side.cells(by_side=True), 2, position=True)


def test_refitting_the_same_counts_gives_the_same_fit(simulated):
    table = simulated(np.random.default_rng(6), 3_000, np.linspace(1, -1, 6), 60)
    model = DavidsonModel(table.cells(by_side=False), 6)
    weights = np.random.default_rng(0).integers(0, 3, (20, 60)).astype(float)
    together, penalised = model.refit(model.cells.weighted(weights))
    assert penalised == 0
    for weight, strengths in zip(weights, together, strict=True):
        kept = np.repeat(np.arange(len(table)), weight[table.participant].astype(int))
        alone = JudgmentTable(
            table.participants,
            table.systems,
            table.participant[kept],
            table.first[kept],
            table.second[kept],
            table.score[kept],
        )
        assert np.abs(fit_davidson(alone.cells(by_side=False), 6).strengths - strengths).max() < 1e-8


def test_too_many_systems_for_one_product_are_fitted_one_by_one(simulated, monkeypatch):
    table = simulated(np.random.default_rng(7), 2_000, np.linspace(1, -1, 6), 40)
    weights = np.random.default_rng(0).integers(0, 3, (9, 40)).astype(float)

    def strengths():
        model = DavidsonModel(table.cells(by_side=False), 6)
        return model.refit(model.cells.weighted(weights))[0]

    together = strengths()
    monkeypatch.setattr("evaluation.stats.newton._MOST_SQUARES", 0)
    monkeypatch.setattr("evaluation.stats.models._MOST_LINKS", 100)
    assert strengths() == pytest.approx(together, abs=1e-10)
