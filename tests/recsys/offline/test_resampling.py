import numpy as np
import pytest
from scipy.stats import bootstrap

from recsys.offline.resampling import (
    Sums,
    bca_intervals,
    cluster_numbers,
    cluster_sums,
    resampled_means,
    sign_flip_p,
)


def single(values: np.ndarray) -> Sums:
    """Every query its own cluster."""
    return Sums(values.reshape(len(values), -1).astype(float), np.ones(len(values)))


def intervals(sums: Sums, seed: int = 0, replicates: int = 2000) -> np.ndarray:
    sampled = resampled_means(sums, np.random.default_rng(seed), replicates=replicates)
    return bca_intervals(sums.means, sampled, sums.left_out)


def test_clusters_are_summed_in_the_order_they_come() -> None:
    numbers = cluster_numbers(["b", "a", "b"])
    sums = cluster_sums(np.array([[1.0], [2.0], [4.0]]), numbers, 2)
    assert sums.totals.tolist() == [[5], [2]]
    assert sums.sizes.tolist() == [2, 1]
    assert sums.means.tolist() == pytest.approx([7 / 3])
    assert sums.left_out[:, 0].tolist() == [2, 2.5]


def test_equals_the_bca_of_scipy() -> None:
    values = np.random.default_rng(5).exponential(size=60)
    ours = intervals(single(values), replicates=20_000)[:, 0]
    theirs = bootstrap(
        (values,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    assert ours == pytest.approx([theirs.low, theirs.high], abs=0.01)


def test_the_same_seed_gives_the_same_interval_and_columns_share_the_draws() -> None:
    values = np.random.default_rng(1).random((30, 1))
    assert (intervals(single(values)) == intervals(single(values))).all()
    both = intervals(single(np.column_stack([values, values])))
    assert both[:, 0] == pytest.approx(both[:, 1])


def test_what_never_varies_has_no_width() -> None:
    assert intervals(single(np.full(20, 0.25)))[:, 0] == pytest.approx([0.25, 0.25])


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = single(np.random.default_rng(2).random(50))
    whole = resampled_means(sums, np.random.default_rng(3), replicates=200)
    monkeypatch.setattr("recsys.offline.resampling._BLOCK", 500)
    assert resampled_means(sums, np.random.default_rng(3), replicates=200) == pytest.approx(whole)


def test_asking_every_listener_the_same_twice_narrows_nothing() -> None:
    values = np.random.default_rng(4).random((25, 1))
    doubled = Sums(2 * values, np.full(25, 2.0))
    assert intervals(doubled) == pytest.approx(intervals(Sums(values, np.ones(25))))


@pytest.mark.parametrize("kind", ["single", "clustered"])
def test_intervals_hold_the_truth_as_often_as_they_say(kind: str) -> None:
    """300 samples of skewed values: 95 % intervals of the mean 0.2 must hold it in 90 to 98 % of them."""
    rng = np.random.default_rng(11)
    held = 0
    for trial in range(300):
        if kind == "single":
            sums = single(rng.beta(0.5, 2.0, size=60))
        else:  # three queries of one listener are alike, so there are 60 independent values and not 180
            own = rng.beta(0.5, 2.0, size=(60, 1))
            sums = Sums(3 * own, np.full(60, 3.0))
        low, high = intervals(sums, seed=trial, replicates=400)[:, 0]
        held += low <= 0.2 <= high
    assert 270 <= held <= 294


def test_sign_flips_by_hand() -> None:
    """Four clusters of the same sign: 2 of 16 patterns are as extreme."""
    p = sign_flip_p(single(np.array([1.0, 2.0, 3.0, 4.0])), np.random.default_rng(0), flips=20_000)
    assert p[0] == pytest.approx(2 / 16, abs=0.01)


def test_no_difference_is_no_evidence() -> None:
    assert sign_flip_p(single(np.zeros(8)), np.random.default_rng(0), flips=200)[0] == 1


def test_sign_flips_keep_their_level() -> None:
    rng = np.random.default_rng(7)
    columns = rng.normal(size=(30, 400)) ** 3  # heavy tails, symmetric: the null is true in each column
    p = sign_flip_p(single(columns), rng, flips=999)
    assert 0.02 <= (p < 0.05).mean() <= 0.085
