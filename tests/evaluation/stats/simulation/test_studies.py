import numpy as np
import pytest

from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.simulation.studies import Design, draw_pair, draw_table, elo, tie_parameter


def test_a_pair_has_the_odds_and_ties_asked_for():
    counts = draw_pair(np.random.default_rng(0), (20, 500), 10, gap=0.8, ties=0.2)
    assert counts.shape == (20, 500, 3)
    assert (counts.sum(axis=2) == 10).all()
    wins, losses, ties = counts.sum(axis=(0, 1))
    nu = tie_parameter(0.2)
    assert np.log(wins / losses) == pytest.approx(0.8, abs=0.03)
    assert ties / 100_000 == pytest.approx(nu / (2 * np.cosh(0.4) + nu), abs=0.005)


def test_equal_systems_tie_as_often_as_asked():
    ties = draw_pair(np.random.default_rng(1), (1, 10_000), 10, ties=0.075)[..., 2].sum()
    assert ties / 100_000 == pytest.approx(0.075, abs=0.003)


def test_taste_varies_between_participants_and_not_within():
    counts = draw_pair(np.random.default_rng(2), (1, 5_000), 50, taste=1.0, ties=0.0)[0]
    odds = np.log((counts[:, 0] + 0.5) / (counts[:, 1] + 0.5))
    assert odds.std() == pytest.approx(np.sqrt(1 + 4 / 50), rel=0.1)


@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_a_study_has_its_judgments(skew):
    design = Design((0.3, 0.0, -0.3), 30, 12, taste=0.4, skew=skew)
    studies = list(design.draw(np.random.default_rng(3), 7))
    assert len(studies) == 7
    for counts in studies:
        each = counts.sum(axis=1)
        assert counts.shape == (30, 9)
        assert each.sum() == 360
        assert each.min() >= 1
        assert (each == 12).all() == (skew == 0)


def test_studies_are_the_same_for_the_same_seed_whatever_the_block(monkeypatch):
    design = Design((0.3, -0.3), 10, 5)
    first = list(design.draw(np.random.default_rng(4), 6))
    assert [a.tolist() for a in first] == [a.tolist() for a in design.draw(np.random.default_rng(4), 6)]
    assert np.var([counts[:, 0].sum() for counts in first]) > 0


def test_without_taste_the_truth_is_the_strengths():
    design = Design((elo(60), elo(10), elo(-70)), 10, 10)
    assert design.truth == pytest.approx([elo(60), elo(10), elo(-70)], abs=1e-6)


def test_the_truth_is_what_very_many_participants_give():
    design = Design(tuple(np.linspace(elo(100), elo(-100), 4)), 100_000, 5, taste=elo(104), ties=0.1)
    counts = next(design.draw(np.random.default_rng(5), 1))
    found = DavidsonModel(design.cells(counts), 4).best.strengths
    assert found == pytest.approx(design.truth, abs=0.02)
    assert abs(design.truth[0]) < 0.97 * elo(100)  # pulled towards the mean


def test_a_table_has_its_side_effect():
    table = draw_table(np.random.default_rng(6), 100_000, [0.4, -0.4], 500, delta=0.3, first_share=0.6)
    assert (table.first == 0).mean() == pytest.approx(0.6, abs=0.01)
    fit = DavidsonModel(table.cells(by_side=True), 2, position=True).best
    assert fit.position == pytest.approx(0.3, abs=0.03)
    assert fit.strengths[0] == pytest.approx(0.4, abs=0.03)
    assert len(np.unique(table.participant)) == 500
