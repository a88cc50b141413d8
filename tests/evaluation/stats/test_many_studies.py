from itertools import combinations

import numpy as np
import pytest
from scipy.stats import t as student

from evaluation.stats.clusters import jackknife, sandwich
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.many_studies import holm_rows, sign_flip_rows, wald_rows
from evaluation.stats.multiplicity import holm
from evaluation.stats.power_simulation import StudyModel, draw_studies
from evaluation.stats.sign_flip import sign_flip_test
from evaluation.stats.tables import JudgmentTable

MODEL = StudyModel(("x", "y", "z"), (0.5, 0.0, -0.3), 0.35, 0.5)
LEFT, RIGHT = np.array([0, 0, 1]), np.array([1, 2, 2])


def table_of(counts):
    """One study's counts, shape (participants, pairs, 3), as a table."""
    size = next(size for size in range(2, 30) if size * (size - 1) // 2 == counts.shape[1])
    person, first, second, score = [], [], [], []
    for pair, (i, j) in enumerate(combinations(range(size), 2)):
        for outcome, value in enumerate((1.0, 0.0, 0.5)):
            n = counts[:, pair, outcome].astype(int)
            person.append(np.repeat(np.arange(len(counts)), n))
            first.append(np.full(n.sum(), i))
            second.append(np.full(n.sum(), j))
            score.append(np.full(n.sum(), value))
    names = tuple(f"p{at:05d}" for at in range(len(counts)))
    systems = tuple(f"s{at:02d}" for at in range(size))
    return JudgmentTable(names, systems, *map(np.concatenate, (person, first, second, score)))


def test_holm_by_rows():
    p = np.random.default_rng(0).random((40, 6)) ** 3
    assert holm_rows(p) == pytest.approx(np.array([holm(list(row)) for row in p]))


def test_few_participants_are_counted_as_alone():
    rng = np.random.default_rng(1)
    differences = rng.choice([-0.5, -0.25, 0.0, 0.1, 0.25, 0.5], (50, 10))
    differences[0] = 0.0
    alone = [sign_flip_test(row, rng).p for row in differences]
    assert sign_flip_rows(differences, rng) == pytest.approx(alone, abs=1e-12)


def test_many_participants_are_flipped_as_alone():
    rng = np.random.default_rng(2)
    differences = rng.normal(0.05, 0.2, (20, 60)).round(2)
    alone = [sign_flip_test(row, rng).p for row in differences]
    assert sign_flip_rows(differences, rng) == pytest.approx(alone, abs=0.025)
    assert (sign_flip_rows(np.full((2, 40), 0.5), rng) == 1 / 10_001).all()


def test_nobody_who_differs():
    assert (sign_flip_rows(np.zeros((3, 8)), np.random.default_rng(0)) == 1.0).all()


def test_wald_equals_the_jackknife_but_for_the_steps_left_out():
    counts = draw_studies(MODEL, 40, 12, 3, np.random.default_rng(3))
    found = wald_rows(counts, LEFT, RIGHT)
    for study in range(3):
        table = table_of(counts[study])
        model = DavidsonModel(table.cells(by_side=False), 3)
        gaps = model.best.strengths[LEFT] - model.best.strengths[RIGHT]
        matrix = jackknife(model)[0]
        contrast = np.eye(3)[LEFT] - np.eye(3)[RIGHT]
        errors = np.sqrt(np.einsum("ij,jk,ik->i", contrast, matrix, contrast))
        assert found.gaps[study] == pytest.approx(gaps, abs=1e-8)
        assert found.errors[study] == pytest.approx(errors, rel=0.01)
        assert found.p[study] == pytest.approx(2 * student.sf(np.abs(gaps) / errors, 39), abs=0.01)


def test_wald_equals_the_sandwich_beyond_a_thousand_participants():
    counts = draw_studies(MODEL, 1_000, 3, 1, np.random.default_rng(4))
    found = wald_rows(counts, LEFT, RIGHT)
    table = table_of(counts[0])
    matrix = sandwich(DavidsonModel(table.cells(by_side=False), 3))
    contrast = np.eye(3)[LEFT] - np.eye(3)[RIGHT]
    assert found.errors[0] == pytest.approx(np.sqrt(np.einsum("ij,jk,ik->i", contrast, matrix, contrast)), rel=1e-6)


def test_an_unbeaten_system_has_no_wald_test():
    counts = draw_studies(MODEL, 12, 6, 2, np.random.default_rng(5))
    counts[0, :, :2] = [2.0, 0.0, 0.0]  # the first system wins everything
    found = wald_rows(counts, LEFT, RIGHT)
    assert found.finite.tolist() == [False, True]
    assert (found.p[0] == 1.0).all() and (found.p[1] < 1.0).all()


def test_without_ties_there_is_no_tie_parameter_to_fit():
    model = StudyModel(("x", "y"), (0.4, 0.0), 0.0, 0.5)
    counts = draw_studies(model, 30, 8, 2, np.random.default_rng(6))
    found = wald_rows(counts, np.array([0]), np.array([1]))
    fit = DavidsonModel(table_of(counts[0]).cells(by_side=False), 2)
    assert found.finite.all()
    assert found.errors[0, 0] == pytest.approx(2 * np.sqrt(jackknife(fit)[0][0, 0]), rel=0.02)
