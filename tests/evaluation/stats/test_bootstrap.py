from dataclasses import replace

import numpy as np
import pytest

from evaluation.stats.bootstrap import bootstrap_elo, bootstrap_rates, bootstrap_strengths
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.draws import Draws, participant_keys
from evaluation.stats.errors import StatisticsError
from evaluation.stats.tables import JudgmentTable


def model_of(table):
    return DavidsonModel(table.cells(by_side=False), len(table.systems))


def only(table, people):
    """The table of some participants, the others not even named."""
    kept = np.isin(table.participant, people)
    return JudgmentTable(
        tuple(table.participants[person] for person in people),
        table.systems,
        np.searchsorted(people, table.participant[kept]),
        table.first[kept],
        table.second[kept],
        table.score[kept],
    )


def test_spread_of_strengths_is_that_of_the_jackknife(simulated):
    table = simulated(np.random.default_rng(0), 4_000, np.linspace(1, -1, 4), 100, taste=0.4)
    model = model_of(table)
    strengths, penalised = bootstrap_strengths(model, seed=0, replicates=2_000)
    assert penalised == 0
    assert strengths.std(axis=0) == pytest.approx(cluster_covariance(model).standard_errors, rel=0.1)


@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_poisson_weights_give_the_errors_of_drawing_with_replacement(simulated, skew):
    table = simulated(np.random.default_rng(1), 2_000, np.linspace(1, -1, 4), 60, taste=0.4, skew=skew)
    model, rng = model_of(table), np.random.default_rng(2)
    drawn = np.stack([np.bincount(rng.integers(0, 60, 60), minlength=60) for _ in range(4_000)]).astype(float)
    theirs, _ = model.refit(model.cells.weighted(drawn))
    ours, _ = bootstrap_strengths(model, seed=2, replicates=4_000)
    assert ours.std(axis=0) == pytest.approx(theirs.std(axis=0), rel=0.05)
    assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=0.01)


def test_strengths_are_refits_of_the_weighted_judgments(simulated):
    """Each replicate by itself: every judgment repeated as often as its participant is drawn."""
    table = simulated(np.random.default_rng(3), 900, [0.6, 0.0, -0.6], 25)
    strengths, _ = bootstrap_strengths(model_of(table), seed=5, replicates=6)
    weights = np.concatenate(list(Draws(5, table.keys).blocks(6, 4)), axis=1)
    for replicate in range(6):
        at = np.repeat(np.arange(len(table)), weights[table.participant, replicate])
        repeated = replace(
            table,
            participant=table.participant[at],
            first=table.first[at],
            second=table.second[at],
            score=table.score[at],
        )
        assert strengths[replicate] == pytest.approx(model_of(repeated).best.strengths, abs=1e-9)


def test_merged_counts_equal_a_fresh_run(simulated):
    table = simulated(np.random.default_rng(4), 3_000, np.linspace(1, -1, 5), 80, taste=0.3)
    rng = np.random.default_rng(0)
    session = rng.integers(0, 3, len(table))  # a participant may come in several
    parts = []
    for number in range(3):
        kept = session == number
        people = np.unique(table.participant[kept])[::-1]  # in another order too
        order = {int(person): place for place, person in enumerate(people)}
        part = JudgmentTable(
            tuple(table.participants[person] for person in people),
            table.systems,
            np.array([order[int(person)] for person in table.participant[kept]]),
            table.first[kept],
            table.second[kept],
            table.score[kept],
        )
        parts.append(part.cells(by_side=False))
    merged = DavidsonModel(parts[0].plus(parts[1]).plus(parts[2]), 5)
    fresh = model_of(table)
    assert merged.best.strengths == pytest.approx(fresh.best.strengths, abs=1e-9)
    ours, theirs = (bootstrap_strengths(model, seed=9, replicates=300)[0] for model in (merged, fresh))
    assert np.abs(ours - theirs).max() < 1e-9
    errors = (cluster_covariance(model).standard_errors for model in (merged, fresh))
    assert next(errors) == pytest.approx(next(errors), abs=1e-9)


def test_old_participants_keep_their_weights_as_new_ones_arrive(simulated):
    table = simulated(np.random.default_rng(5), 2_000, [0.5, 0.0, -0.5], 40)
    early = only(table, np.arange(0, 40, 2))
    before, after = Draws(1, early.keys).weights(0, 100), Draws(1, table.keys).weights(0, 100)
    assert (after[::2] == before).all()


def test_the_order_of_the_participants_does_not_matter(simulated):
    table = simulated(np.random.default_rng(6), 1_500, [0.5, 0.0, -0.5], 30)
    mirrored = replace(table, participants=table.participants[::-1], participant=29 - table.participant)
    elo = [bootstrap_elo(each, seed=7, replicates=50, k=32.0) for each in (table, mirrored)]
    strengths = [bootstrap_strengths(model_of(each), seed=7, replicates=50)[0] for each in (table, mirrored)]
    assert np.abs(elo[0] - elo[1]).max() < 1e-9
    assert np.abs(strengths[0] - strengths[1]).max() < 1e-9
    assert (bootstrap_elo(table, seed=8, replicates=50, k=32.0) != elo[0]).any()


def test_elo_of_resampled_participants(simulated):
    table = simulated(np.random.default_rng(0), 2_000, np.linspace(1, -1, 4), 50)
    ratings = bootstrap_elo(table, seed=0, replicates=300, k=32.0)
    assert ratings.shape == (300, 4)
    assert np.abs(ratings.sum(axis=1) - 6_000).max() < 1e-6


def test_rates_are_weighted_shares():
    rng = np.random.default_rng(0)
    judged = rng.integers(0, 5, (12, 2)).astype(float)
    won = np.minimum(judged, rng.integers(0, 5, (12, 2)))
    draws = Draws(2, participant_keys([f"p{number}" for number in range(12)]))
    weights = np.concatenate(list(draws.blocks(40, 9)), axis=1)
    rates = bootstrap_rates(won, judged, draws, replicates=40)
    for replicate in range(40):
        expected = (weights[:, [replicate]] * won).sum(axis=0) / (weights[:, [replicate]] * judged).sum(axis=0)
        assert rates[replicate] == pytest.approx(expected, abs=1e-12)


def test_counts_that_do_not_know_their_participants_cannot_be_resampled(simulated):
    table = simulated(np.random.default_rng(0), 300, [0.5, 0.0, -0.5], 20)
    model = DavidsonModel(replace(table.cells(by_side=False), keys=None), 3)
    with pytest.raises(StatisticsError, match="without the keys"):
        bootstrap_strengths(model, seed=0, replicates=10)
