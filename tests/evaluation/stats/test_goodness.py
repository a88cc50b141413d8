import numpy as np
import pytest
from scipy.stats import chi2

from evaluation.stats.goodness import goodness_of_fit
from evaluation.stats.likelihoods import DAVIDSON, LIKELIHOODS, RAO_KUPPER, TIES_HALF
from evaluation.stats.models import RatingModel
from evaluation.stats.tables import JudgmentTable

MODELS = pytest.mark.parametrize("likelihood", LIKELIHOODS.values(), ids=list(LIKELIHOODS))
DENSE = [(0, 1, 12, 5, 4), (0, 2, 9, 8, 3), (1, 2, 7, 9, 6), (0, 3, 14, 2, 1), (1, 3, 8, 4, 2), (2, 3, 6, 6, 6)]


def model_of(table, likelihood=DAVIDSON):
    return RatingModel(table.cells(by_side=False), len(table.systems), likelihood=likelihood)


def test_statistic_and_cells_by_hand(counted):
    """Davidson's expected counts with loops, from the strengths and nu."""
    model = model_of(counted(DENSE))
    fit = model.best
    statistic, cells = 0.0, {}
    for i, j, wins, losses, ties in DENSE:
        d = fit.strengths[i] - fit.strengths[j]
        weights = np.array([np.exp(d / 2), np.exp(-d / 2), fit.tie_parameter])
        expected = (wins + losses + ties) * weights / weights.sum()
        for name, seen, due in zip(("a", "b", "tie"), (wins, losses, ties), expected, strict=True):
            statistic += (seen - due) ** 2 / due
            cells["wxyz"[i], "wxyz"[j], name] = (seen, due)
    result = goodness_of_fit(model, "wxyz")
    assert result.statistic == pytest.approx(statistic)
    assert (result.df, result.cells) == (12 - 3 - 1, 18)
    assert result.dispersion == pytest.approx(statistic / 8)
    assert result.small_cells == sum(due < 5 for _, due in cells.values())
    for cell in result.worst:
        seen, due = cells[cell.a, cell.b, cell.outcome]
        assert (cell.observed, cell.expected) == pytest.approx((seen, due))
        assert cell.residual == pytest.approx((seen - due) / np.sqrt(due))
    sizes = [abs(cell.residual) for cell in result.worst]
    assert sizes == sorted(sizes, reverse=True)


def test_of_ties_as_half_it_is_that_of_the_halves(counted):
    model = model_of(counted(DENSE), TIES_HALF)
    statistic = 0.0
    for i, j, wins, losses, ties in DENSE:
        chance = 1 / (1 + np.exp(model.best.strengths[j] - model.best.strengths[i]))
        n = wins + losses + ties
        statistic += (wins + ties / 2 - n * chance) ** 2 / (n * chance * (1 - chance))
    result = goodness_of_fit(model, "wxyz")
    assert result.statistic == pytest.approx(statistic)
    assert (result.df, result.cells) == (6 - 3, 12)


@pytest.mark.parametrize("likelihood", [DAVIDSON, RAO_KUPPER], ids=["davidson", "rao-kupper"])
def test_of_one_judgment_each_it_is_pearsons_own(simulated, likelihood):
    """The correction finds nothing to correct, and p is that of chi-squared."""
    table = simulated(np.random.default_rng(0), 6_000, np.linspace(0.5, -0.5, 4), 6_000, skew=0.0, nu=0.5)
    result = goodness_of_fit(model_of(table, likelihood), "wxyz")
    assert result.design_effect == pytest.approx(1, abs=0.05)
    assert result.p == pytest.approx(chi2.sf(result.statistic, result.df), abs=0.03)


@MODELS
def test_saying_everything_three_times_changes_the_statistic_and_not_p(simulated, likelihood):
    table = simulated(np.random.default_rng(1), 900, np.linspace(0.5, -0.5, 4), 150, nu=0.5)
    once = goodness_of_fit(model_of(table, likelihood), "wxyz")
    thrice = goodness_of_fit(model_of(table.where(np.repeat(np.arange(len(table)), 3)), likelihood), "wxyz")
    assert thrice.statistic == pytest.approx(3 * once.statistic)
    assert thrice.design_effect == pytest.approx(3 * once.design_effect)
    assert (thrice.f, thrice.p) == pytest.approx((once.f, once.p))
    assert [cell.z for cell in thrice.worst] == pytest.approx([cell.z for cell in once.worst])


def test_products_of_cells_and_of_participants_agree(simulated, monkeypatch):
    table = simulated(np.random.default_rng(2), 900, np.linspace(0.5, -0.5, 4), 60, taste=0.4)
    by_cell = goodness_of_fit(model_of(table), "wxyz")
    monkeypatch.setattr("evaluation.stats.goodness._BLOCK", 100)
    blocks = goodness_of_fit(model_of(table), "wxyz")
    few = simulated(np.random.default_rng(2), 900, np.linspace(0.5, -0.5, 4), 17, taste=0.4)
    by_person = goodness_of_fit(model_of(few), "wxyz")
    doubled = JudgmentTable(
        tuple(f"p{number:02d}" for number in range(34)),
        few.systems,
        np.concatenate([few.participant, few.participant + 17]),
        np.tile(few.first, 2),
        np.tile(few.second, 2),
        np.tile(few.score, 2),
    )
    # twice as many people of the same kind: each eigenvalue 17/16 * 33/34 of what it was, products now of cells
    assert goodness_of_fit(model_of(doubled), "wxyz").f_df[0] == pytest.approx(by_person.f_df[0])
    assert blocks.p == pytest.approx(by_cell.p)
    monkeypatch.setattr("evaluation.stats.goodness._MOST_SQUARE", 10)
    too_large = goodness_of_fit(model_of(few), "wxyz")
    assert (too_large.p, too_large.f) == (None, None)
    assert too_large.design_effect == pytest.approx(by_person.design_effect)


@MODELS
def test_a_circle_is_found_and_named(judge, likelihood):
    """x beats y, y beats z, z beats x: no rating can show that, and the cells say where."""
    rng = np.random.default_rng(3)
    rows = []
    for person in range(60):
        for a, b in (("x", "y"), ("y", "z"), ("z", "x")):
            for _ in range(3):
                draw = rng.random()
                rows.append((f"p{person}", a, b, "a" if draw < 0.6 else "b" if draw < 0.85 else "tie"))
    table = JudgmentTable.of(judge(rows))
    result = goodness_of_fit(model_of(table, likelihood), table.systems)
    assert result.p < 1e-4
    won = {(cell.a, cell.b): cell.outcome for cell in result.worst if cell.residual > 0 and cell.outcome != "tie"}
    assert won == {("x", "y"): "a", ("y", "z"): "a", ("x", "z"): "b"}
    assert all(abs(cell.z) > 3 for cell in result.worst)


def test_there_is_none_where_nothing_is_left_to_test(counted):
    assert goodness_of_fit(model_of(counted([(0, 1, 9, 4, 3)])), "xy") is None  # two parameters, two free cells
    never_beaten = counted([(0, 1, 9, 0, 0), (1, 2, 4, 3, 1), (0, 2, 5, 0, 0)])
    assert goodness_of_fit(model_of(never_beaten), "xyz") is None
    alone = goodness_of_fit(model_of(counted(DENSE, participants=1)), "wxyz")
    assert (alone.p, alone.design_effect, alone.f_df) == (None, None, None)
    assert alone.worst[0].z is None


@pytest.mark.slow
@pytest.mark.parametrize("likelihood", [DAVIDSON, TIES_HALF], ids=["davidson", "ties-half"])
@pytest.mark.parametrize("people", [20, 60, 200])
@pytest.mark.parametrize("repeats", [1, 4])
def test_level(simulated, people, repeats, likelihood):
    """At 5 % it rejects 2 to 7.5 % of studies whose model is right, also where people say everything four times.

    There Pearson's X squared taken for chi-squared rejects nearly always.
    """
    rng = np.random.default_rng([people, repeats])
    rejected = naive = 0
    for _ in range(1_000):
        table = simulated(rng, 12 * people, [0.0, 0.0, 0.0, 0.0], people, nu=0.4, skew=0.3)
        result = goodness_of_fit(model_of(table.where(np.repeat(np.arange(len(table)), repeats)), likelihood), "wxyz")
        rejected += result.p < 0.05
        naive += chi2.sf(result.statistic, result.df) < 0.05
    assert 20 <= rejected <= 75
    assert repeats == 1 or naive > 500
