import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from evaluation.stats.effect_sizes import effect_sizes
from evaluation.stats.intervals import wilson
from evaluation.stats.rank_tests import cluster_mann_whitney

counted = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)).filter(any), min_size=1, max_size=12
).map(lambda rows: np.array(rows, dtype=float))


def sizes(counts):
    counts = np.array(counts, dtype=float)
    return effect_sizes(counts, cluster_mann_whitney(counts))


def test_values_by_hand():
    found = sizes([[3, 1, 0], [2, 0, 2], [1, 1, 2]])
    wins, losses, ties, n = 6, 2, 4, 12
    assert found.win_rate.value == (wins + ties / 2) / n
    assert found.decisive.value == wins / (wins + losses)
    assert found.ties.value == ties / n
    assert found.cliffs_delta == pytest.approx((wins - losses) / n * (1 + ties / n))
    assert found.cles == pytest.approx((1 + found.cliffs_delta) / 2)


def test_the_interval_of_cles_is_that_of_its_test():
    counts = np.array([[3, 1, 0], [2, 0, 2], [1, 1, 2], [0, 2, 1], [4, 0, 0]], dtype=float)
    clustered = cluster_mann_whitney(counts)
    found = effect_sizes(counts, clustered)
    reach = student.ppf(0.975, 4) * clustered.error
    assert found.cles_interval == pytest.approx((max(0, found.cles - reach), min(1, found.cles + reach)))
    assert found.cliffs_delta_interval == pytest.approx([2 * end - 1 for end in found.cles_interval])
    assert (clustered.p < 0.05) == (not found.cles_interval[0] <= 0.5 <= found.cles_interval[1])


def test_decisive_judgments_of_as_many_people_have_wilsons_interval():
    """One judgment each: nothing is clustered, and n / deff is n but for n - 1 in the variance."""
    counts = np.repeat(np.eye(3), [60, 40, 30], axis=0)
    found = sizes(counts)
    assert found.decisive.effective == pytest.approx(99)
    assert found.decisive.interval == pytest.approx(wilson(0.6, 99, float(student.ppf(0.975, 99))))
    assert found.decisive.interval == pytest.approx(wilson(0.6, 100, float(norm.ppf(0.975))), abs=0.002)


def test_people_who_say_the_same_count_once_each():
    once, often = sizes([[1, 0, 0]] * 9), sizes([[7, 0, 0]] * 9)
    assert once.cles == often.cles == 1.0
    assert once.cles_interval == often.cles_interval
    assert once.cles_interval[0] < 0.75


def test_one_participant_has_no_interval():
    found = sizes([[3, 1, 1]])
    assert (found.cles_interval, found.cliffs_delta_interval, found.decisive.interval) == (None, None, None)


def test_ties_alone_have_no_decisive_rate():
    found = sizes([[0, 0, 2], [0, 0, 1]])
    assert (found.decisive, found.cles, found.cliffs_delta, found.ties.value) == (None, 0.5, 0.0, 1.0)


@given(counted)
def test_naming_the_other_system_first_mirrors(counts):
    one, other = sizes(counts), sizes(counts[:, [1, 0, 2]])
    assert one.cliffs_delta == pytest.approx(-other.cliffs_delta, abs=1e-12)
    assert one.ties == other.ties
    if one.cles_interval is not None:
        assert one.cles_interval == pytest.approx((1 - other.cles_interval[1], 1 - other.cles_interval[0]), abs=1e-9)
        assert one.cles_interval[0] < one.cles_interval[1]
        assert 0 <= one.cles_interval[0] <= one.cles + 1e-12 <= one.cles_interval[1] + 1e-9 <= 1 + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("taste", [0.0, 1.0])
def test_intervals_hold_the_truth(taste):
    """2,000 studies of 20 to 60 participants; the error of the rate of holding is 0.005."""
    rng = np.random.default_rng(5)

    def study(people, judgments=10, gap=0.4):
        half = (gap + rng.normal(0.0, taste, people)[:, None]) / 2
        draw = rng.random((people, judgments)) * (np.exp(half) + np.exp(-half) + 0.35)
        wins = (draw < np.exp(half)).sum(axis=1)
        losses = ((draw >= np.exp(half)) & (draw < np.exp(half) + np.exp(-half))).sum(axis=1)
        return np.column_stack([wins, losses, judgments - wins - losses])

    truth = sizes(study(200_000))
    held = np.zeros(3)
    for _ in range(2_000):
        found = sizes(study(int(rng.integers(20, 61))))
        for at, (interval, value) in enumerate(
            [
                (found.cles_interval, truth.cles),
                (found.decisive.interval, truth.decisive.value),
                (found.ties.interval, truth.ties.value),
            ]
        ):
            held[at] += interval[0] <= value <= interval[1]
    assert ((held / 2_000 >= 0.93) & (held / 2_000 <= 0.965)).all()
