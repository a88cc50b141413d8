import numpy as np
import pytest

from annotation.aggregation.error_tables import PooledTables


def fitted(counts, steps=300):
    tables = PooledTables.before(counts)
    for _ in range(steps):
        tables = tables.refit(counts)
    return tables


def test_it_begins_with_everyone_alike():
    counts = np.array([[[9.0, 1.0], [0.0, 10.0]], [[0.0, 0.0], [0.0, 0.0]]])
    before = PooledTables.before(counts)
    assert before.average == pytest.approx(20 / 22)
    assert before.care.tolist() == [before.average] * 2


def test_many_votes_of_the_model_give_its_tables_back():
    care = np.array([0.9, 0.6, 0.3])
    errors = np.array([[0.1, 0.6, 0.3], [0.5, 0.2, 0.3], [0.45, 0.45, 0.1]])
    truth = (1 - care)[:, None, None] * errors + care[:, None, None] * np.eye(3)
    tables = fitted(1e6 * truth).tables()
    assert np.abs(tables - truth).max() < 1e-3
    assert np.allclose(tables.sum(axis=2), 1.0)


def test_a_person_without_votes_is_average_and_one_error_is_no_ruin():
    counts = np.zeros((3, 2, 2))
    counts[0] = [[80.0, 20.0], [20.0, 80.0]]
    counts[1, 0, 1] = 1.0
    tables = fitted(counts)
    assert tables.care[2] == pytest.approx(tables.average)
    assert tables.average * 0.7 < tables.care[1] < tables.average


def test_no_refit_lowers_likelihood_and_prior():
    generator = np.random.default_rng(0)
    counts = generator.gamma(1.0, 3.0, (5, 4, 4)) + 20 * np.eye(4)
    tables = PooledTables.before(counts)
    heights = []
    for _ in range(30):
        tables = tables.refit(counts)
        heights.append(float((counts * np.log(tables.tables())).sum()) + tables.log_prior())
    assert np.diff(heights).min() > -1e-9
