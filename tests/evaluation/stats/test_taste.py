import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize
from scipy.stats import norm

from evaluation.stats.errors import DisconnectedError, StatisticsError
from evaluation.stats.power_simulation import StudyModel, draw_studies
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.taste import _Likelihood, estimate_taste, fitted_model
from tests.evaluation.stats.test_many_studies import table_of


def test_two_systems_equal_a_fit_by_trapezoids():
    """For a pair the likelihood is exact; here the integrals are sums over 2,001 points and the search is another."""
    counts = draw_studies(StudyModel(("x", "y"), (0.5, 0.0), 0.3, 0.9), 25, 8, 1, np.random.default_rng(2))[0]
    wins, losses, ties = counts[:, 0].T[:, :, None]
    points = np.linspace(-9, 9, 2_001)
    step = points[1] - points[0]

    def minus_log_likelihood(theta):
        gap, log_nu, sd = theta
        d = gap + points
        norming = np.logaddexp(np.logaddexp(d / 2, -d / 2), log_nu)
        inner = np.exp((wins - losses) * d / 2 + ties * log_nu - 8 * norming) * norm.pdf(points, scale=abs(sd))
        return -np.log(inner.sum(axis=1) * step).sum()

    options = {"xatol": 1e-6, "fatol": 1e-9}
    best = minimize(minus_log_likelihood, [0.5, np.log(0.3), 0.8], method="Nelder-Mead", options=options).x
    found = estimate_taste(table_of(counts))
    assert found.strengths[0] - found.strengths[1] == pytest.approx(best[0], abs=2e-3)
    assert found.tie_parameter == pytest.approx(np.exp(best[1]), abs=2e-3)
    assert found.taste_sd == pytest.approx(abs(best[2]), abs=2e-3)


def test_the_gradient_is_the_derivative():
    likelihood = _Likelihood(
        np.array([[1.0, 0.0], [0.5, -1.0]]), np.array([[3.0, 1, 2], [0, 4, 1]]), np.array([2.0, 3.0]), tied=True
    )
    theta = np.array([0.3, -0.2, -0.8, 0.7])
    assert likelihood(theta)[1] == pytest.approx(approx_fprime(theta, lambda at: likelihood(at)[0], 1e-7), abs=1e-5)


@pytest.mark.parametrize(("systems", "sd"), [(2, 0.5), (2, 1.0), (3, 0.5), (4, 1.0)])
def test_finds_the_sd_that_was_put_in(systems, sd):
    model = StudyModel(tuple("wxyz"[:systems]), tuple(np.linspace(0.4, -0.4, systems)), 0.35, sd)
    counts = draw_studies(model, 1_200, 6 * systems, 1, np.random.default_rng(3))[0]
    found = estimate_taste(table_of(counts))
    assert found.taste_sd == pytest.approx(sd, abs=0.12)
    assert found.strengths == pytest.approx(np.array(model.strengths), abs=0.12)
    assert found.tie_parameter == pytest.approx(0.35, abs=0.04)
    assert not found.at_bound


def test_people_alike_are_at_the_bound_or_near():
    counts = draw_studies(StudyModel(("x", "y"), (0.2, 0.0), 0.3, 0.0), 600, 10, 1, np.random.default_rng(4))[0]
    assert estimate_taste(table_of(counts)).taste_sd < 0.2
    everybody_the_same = np.tile([[3.0, 2.0, 1.0]], (40, 1, 1))
    found = estimate_taste(table_of(everybody_the_same))
    assert found.at_bound and found.taste_sd < 1e-3


def test_without_ties():
    counts = draw_studies(StudyModel(("x", "y"), (0.2, 0.0), 0.0, 0.8), 500, 10, 1, np.random.default_rng(5))[0]
    found = estimate_taste(table_of(counts))
    assert found.tie_parameter == 0.0
    assert found.taste_sd == pytest.approx(0.8, abs=0.15)


def test_refuses_a_study_in_which_nobody_judged_a_pair_twice():
    counts = draw_studies(StudyModel(("x", "y"), (0.2, 0.0), 0.3, 0.5), 50, 1, 1, np.random.default_rng(6))[0]
    with pytest.raises(StatisticsError, match=r"Only 0 judgments .* give the SD instead\."):
        estimate_taste(table_of(counts))
    assert fitted_model(table_of(counts), taste_sd=0.5).taste_sd == 0.5


def test_refuses_parts_and_nothing(judge):
    apart = JudgmentTable.of(judge([("p", "w", "x", "a"), ("p", "y", "z", "b")] * 20))
    with pytest.raises(DisconnectedError, match="Not every system is connected"):
        estimate_taste(apart)
    with pytest.raises(DisconnectedError):
        fitted_model(apart, taste_sd=0.5)
    with pytest.raises(DisconnectedError):
        estimate_taste(JudgmentTable.of([], ["x", "y"]))


def test_the_model_to_simulate_from():
    model = StudyModel(("s00", "s01", "s02"), (0.4, 0.0, -0.4), 0.35, 0.6)
    table = table_of(draw_studies(model, 800, 12, 1, np.random.default_rng(7))[0])
    found = fitted_model(table)
    assert found.names == model.names
    assert found.strengths == pytest.approx(model.strengths, abs=0.12)
