import numpy as np
import pytest

from evaluation.stats import clusters
from evaluation.stats.bootstrap import bootstrap_strengths
from evaluation.stats.clusters import (
    BOOTSTRAP,
    IDENTICAL,
    JACKKNIFE,
    SANDWICH,
    cluster_covariance,
    jackknife,
    model_based,
    sandwich,
)
from evaluation.stats.davidson import DavidsonModel, fit_davidson
from evaluation.stats.errors import StatisticsError
from evaluation.stats.intervals import student_interval
from evaluation.stats.likelihoods import likelihood_named
from evaluation.stats.models import RatingModel
from evaluation.stats.tables import JudgmentTable


def model_of(table, *, position=False):
    return DavidsonModel(table.cells(by_side=position), len(table.systems), position=position)


def without(table, participant):
    kept = table.participant != participant
    return JudgmentTable(
        table.participants,
        table.systems,
        table.participant[kept],
        table.first[kept],
        table.second[kept],
        table.score[kept],
    )


def test_jackknife_is_leaving_each_participant_out(simulated):
    table = simulated(np.random.default_rng(0), 400, [0.5, 0.0, -0.5], 15, taste=0.5)
    model = model_of(table)
    moves = [
        fit_davidson(without(table, participant).cells(by_side=False), 3).strengths - model.best.strengths
        for participant in range(15)
    ]
    assert jackknife(model)[0] == pytest.approx(14 / 15 * np.transpose(moves) @ np.array(moves), abs=1e-9)


def test_sandwich_scores_are_the_derivative_of_each_participants_likelihood(simulated):
    table = simulated(np.random.default_rng(1), 600, [0.5, 0.0, -0.5], 12, taste=0.5, delta=0.2)
    model = model_of(table, position=True)
    found = model.best.maximum
    theta = np.append(found.beta[0], found.log_tie[0])

    def likelihoods(values):
        d = model.design @ values[:-1]
        total = np.logaddexp(np.logaddexp(d / 2, -d / 2), values[-1])
        chances = np.concatenate([d / 2 - total, -d / 2 - total, values[-1] - total])
        return model.cells.counts @ chances

    step = 1e-5
    scores = np.column_stack(
        [
            (likelihoods(theta + step * unit) - likelihoods(theta - step * unit)) / (2 * step)
            for unit in np.eye(len(theta))
        ]
    )
    inverse = np.linalg.inv(found.information[0])
    expected = 12 / 11 * inverse @ scores.T @ scores @ inverse
    basis = np.zeros((4, 3))
    basis[:3, :2], basis[3, 2] = model.basis, 1.0
    assert sandwich(model) == pytest.approx(basis @ expected[:-1, :-1] @ basis.T, rel=1e-4, abs=1e-8)


def test_all_three_agree_for_one_judgment_each_of_many(simulated):
    table = simulated(np.random.default_rng(2), 900, [0.5, 0.0, -0.5], 900, skew=0.0)
    model = model_of(table)
    errors = [np.sqrt(np.diag(matrix)) for matrix in (jackknife(model)[0], sandwich(model), model_based(model))]
    assert errors[0] == pytest.approx(errors[1], rel=0.02)
    assert errors[0] == pytest.approx(errors[2], rel=0.1)


def test_shared_taste_widens(simulated):
    table = simulated(np.random.default_rng(3), 6_000, [0.5, 0.0, -0.5], 60, taste=0.8)
    model = model_of(table)
    assert (np.diag(jackknife(model)[0]) > 3 * np.diag(model_based(model))).all()


def test_the_number_of_participants_chooses(simulated, monkeypatch):
    table = simulated(np.random.default_rng(4), 800, [0.5, 0.0, -0.5], 40)
    few = cluster_covariance(model_of(table))
    assert (few.method, few.df, few.penalised_replicates) == (JACKKNIFE, 39, 0)
    monkeypatch.setattr(clusters, "MOST_REFITS", 40)
    many = cluster_covariance(model_of(table))
    assert many.method == SANDWICH
    assert many.standard_errors == pytest.approx(few.standard_errors, rel=0.15)


def test_the_method_can_be_asked_for(simulated):
    table = simulated(np.random.default_rng(4), 2_000, [0.5, 0.0, -0.5], 80, taste=0.5)
    model = model_of(table)
    resampled = bootstrap_strengths(model, seed=0, replicates=2_000)
    each = {
        name: cluster_covariance(model, interval=name, resampled=resampled)
        for name in ("auto", "jackknife", "sandwich", "bootstrap")
    }
    assert [one.method for one in each.values()] == [JACKKNIFE, JACKKNIFE, SANDWICH, BOOTSTRAP]
    assert [one.left_out for one in each.values()] == [80, 80, 0, 0]
    assert each["bootstrap"].matrix == pytest.approx(np.cov(resampled[0], rowvar=False))
    for one in each.values():
        assert one.standard_errors == pytest.approx(each["auto"].standard_errors, rel=0.1)
    assert cluster_covariance(model, most_refits=80).method == SANDWICH
    with pytest.raises(StatisticsError, match="auto, jackknife, sandwich, bootstrap, got 'wald'"):
        cluster_covariance(model, interval="wald")
    with pytest.raises(StatisticsError, match="needs resampled strengths"):
        cluster_covariance(model, interval="bootstrap")


def test_error_of_a_gap(simulated):
    covariance = cluster_covariance(model_of(simulated(np.random.default_rng(4), 800, [0.5, 0.0, -0.5], 40)))
    matrix = covariance.matrix
    assert covariance.gap_error(0, 2) == pytest.approx(np.sqrt(matrix[0, 0] + matrix[2, 2] - 2 * matrix[0, 2]))
    assert covariance.gap_error(0, 2) == covariance.gap_error(2, 0)


def test_nothing_is_claimed_of_one_participant(counted):
    assert cluster_covariance(model_of(counted([(0, 1, 5, 3, 2)], participants=1))) is None


def test_participants_alike_count_as_one_judgment_each(judge):
    rows = [(f"p{person}", "x", "y", outcome) for person in range(10) for outcome in ("a", "b")]
    model = model_of(JudgmentTable.of(judge(rows)))
    covariance = cluster_covariance(model)
    assert covariance.method == IDENTICAL
    assert covariance.matrix == pytest.approx(2 * model_based(model))


def test_a_penalised_fit_is_not_sure_of_itself(judge):
    table = JudgmentTable.of(judge([(f"p{person}", "x", "y", "a") for person in range(10) for _ in range(3)]))
    model = model_of(table)
    low, _ = student_interval(model.best.strengths[0], cluster_covariance(model).standard_errors[0], 9)
    assert low < 1.0 < model.best.strengths[0]


def test_a_participant_who_alone_connects_is_noticed(judge):
    rows = [(f"p{i % 6}", *(("w", "x") if i % 2 else ("y", "z")), "ab"[i % 4 > 1]) for i in range(48)]
    rows += [("bridge", "w", "y", "a"), ("bridge", "w", "y", "b")]
    covariance = cluster_covariance(model_of(JudgmentTable.of(judge(rows))))
    assert covariance.penalised_replicates == 1
    assert np.isfinite(covariance.standard_errors).all()


@pytest.mark.slow
@pytest.mark.parametrize("taste", [0.0, 0.3, 0.6])
@pytest.mark.parametrize(("people", "each"), [(20, 13), (60, 20), (200, 20)])
def test_coverage(simulated, people, each, taste):
    """95 % intervals of ratings hold the truth in 93 to 96.5 % of 1,000 studies of uneven participants.

    Personal taste pulls the fit towards the mean, so the truth is what a study of very many people would show.
    """
    rng = np.random.default_rng(people)
    strengths = np.linspace(0.58, -0.58, 5)
    everybody = simulated(rng, 1_000_000, strengths, 1_000_000, taste=taste, nu=0.23, skew=0.0)
    truth = model_of(everybody).best.strengths
    held = 0
    for _ in range(1_000):
        model = model_of(simulated(rng, people * each, strengths, people, taste=taste, nu=0.23, skew=0.5))
        covariance = cluster_covariance(model)
        for value, error, true in zip(model.best.strengths, covariance.standard_errors, truth, strict=True):
            low, high = student_interval(value, error, covariance.df)
            held += low <= true <= high
    assert 0.93 <= held / 5_000 <= 0.965


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["rao-kupper", "ties-half"])
@pytest.mark.parametrize("interval", ["jackknife", "bootstrap"])
def test_coverage_of_the_other_models_and_of_the_bootstrap(simulated, slug, interval):
    """Of 60 uneven participants with a taste of their own; the truth is what a study of very many would show."""
    rng = np.random.default_rng(7)
    strengths, likelihood = np.linspace(0.4, -0.4, 4), likelihood_named(slug)

    def model(judgments, people, skew):
        table = simulated(rng, judgments, strengths, people, taste=0.5, nu=0.3, skew=skew)
        return RatingModel(table.cells(by_side=False), 4, likelihood=likelihood)

    truth = model(1_000_000, 1_000_000, 0.0).best.strengths
    held = 0
    for _ in range(400):
        one = model(900, 60, 0.5)
        resampled = bootstrap_strengths(one, seed=0, replicates=200) if interval == "bootstrap" else None
        covariance = cluster_covariance(one, interval=interval, resampled=resampled)
        for value, error, true in zip(one.best.strengths, covariance.standard_errors, truth, strict=True):
            low, high = student_interval(value, error, covariance.df)
            held += low <= true <= high
    assert 0.925 <= held / 1_600 <= 0.97
