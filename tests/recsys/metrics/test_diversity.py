import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from recsys.metrics.diversity import artist_entropy, coverage, exposure, gini

LISTS = st.lists(st.integers(0, 6), min_size=1, max_size=12)


def test_entropy_by_hand() -> None:
    # two artists, 8 and 2 of ten: 0.8 log2 1.25 + 0.2 log2 5
    assert artist_entropy(np.array([1] * 8 + [2] * 2)) == pytest.approx(0.721928094887, abs=1e-12)
    assert artist_entropy(np.array([3] * 10)) == 0
    assert artist_entropy(np.arange(10)) == pytest.approx(np.log2(10))


@given(LISTS)
def test_entropy_equals_scipy(artists: list[int]) -> None:
    counts = np.bincount(artists)
    assert artist_entropy(np.array(artists)) == pytest.approx(entropy(counts[counts > 0], base=2), abs=1e-12)


@given(LISTS)
def test_renaming_artists_changes_nothing(artists: list[int]) -> None:
    renamed = np.array([97 - 11 * artist for artist in artists])
    assert artist_entropy(renamed) == pytest.approx(float(artist_entropy(np.array(artists))), abs=1e-12)


def test_coverage_counts_a_track_once() -> None:
    exposed = exposure(np.array([[0, 1], [1, 2], [1, 0]]), 10)
    assert exposed.tolist() == [2, 3, 1, 0, 0, 0, 0, 0, 0, 0]
    assert coverage(exposed) == 0.3


def test_gini_of_equal_and_of_single_exposure() -> None:
    assert gini(np.full(7, 3)) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 12])) == pytest.approx(0.75)  # (n - 1) / n
    assert gini(np.zeros(4, dtype=int)) == 0


def test_gini_is_half_the_relative_mean_difference() -> None:
    shown = np.array([1, 5, 2, 0, 9])
    differences = np.abs(shown[:, None] - shown[None, :]).sum()
    assert gini(shown) == pytest.approx(differences / (2 * len(shown) ** 2 * shown.mean()))
