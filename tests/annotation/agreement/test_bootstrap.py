import numpy as np
import pytest
from scipy import stats

from annotation.agreement.bootstrap import Units, bootstrap, distinct, perfect_agreement_bound


def mean(totals):
    return (totals[:, :1] / totals[:, 1:]).copy()


def rows_of(values):
    return np.column_stack([values, np.ones(len(values))])


def test_equals_scipys_bca():
    values = np.random.default_rng(5).exponential(size=60)
    ours = bootstrap(Units.of_rows(rows_of(values)), mean, np.random.default_rng(1), resamples=50_000)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=50_000, rng=np.random.default_rng(2)).confidence_interval
    assert ours.value[0] == pytest.approx(values.mean())
    assert (ours.low[0], ours.high[0]) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_rows_that_repeat_are_drawn_as_often_as_if_they_stood_apart():
    rows = rows_of(np.repeat([0.0, 1.0], [30, 70]))
    together = bootstrap(Units.of_rows(rows), mean, np.random.default_rng(1), resamples=20_000)
    apart = Units(rows, np.ones(100, dtype=np.int64))
    separate = bootstrap(apart, mean, np.random.default_rng(2), resamples=20_000)
    assert together.low[0] == pytest.approx(separate.low[0], abs=0.011)  # the mean moves in steps of 0.01
    assert together.high[0] == pytest.approx(separate.high[0], abs=0.011)


def test_families_are_drawn_whole():
    rows = rows_of(np.repeat(np.random.default_rng(0).normal(size=50), 4))
    alone = bootstrap(Units.of_rows(rows), mean, np.random.default_rng(1), resamples=2000)
    units = Units.of_rows(rows, np.repeat(np.arange(50), 4))
    whole = bootstrap(units, mean, np.random.default_rng(1), resamples=2000)
    assert len(units) == 50
    assert whole.value == pytest.approx(alone.value)
    ratio = (whole.high - whole.low)[0] / (alone.high - alone.low)[0]
    assert ratio == pytest.approx(2, rel=0.15)  # four copies carry no more than one


def test_resamples_in_blocks_are_the_same(monkeypatch):
    units = Units.of_rows(rows_of(np.random.default_rng(0).normal(size=40)))
    whole = bootstrap(units, mean, np.random.default_rng(3), resamples=500)
    monkeypatch.setattr("annotation.agreement.bootstrap._MOST_WEIGHTS", 40 * 7)
    parts = bootstrap(units, mean, np.random.default_rng(3), resamples=500)
    assert (whole.low[0], whole.high[0]) == pytest.approx((parts.low[0], parts.high[0]), abs=1e-12)


def test_no_interval_without_spread_or_with_one_unit():
    for values in ([1.0, 1.0, 1.0], [0.4]):
        found = bootstrap(Units.of_rows(rows_of(values)), mean, np.random.default_rng(0), resamples=100)
        assert found.value[0] == pytest.approx(values[0])
        assert np.isnan([found.low[0], found.high[0]]).all()


def test_no_interval_where_most_resamples_have_no_value():
    rows = np.column_stack(
        [np.arange(50) == 0, np.arange(50.0)]
    )  # the first unit is in 64 % of resamples, once in 37 %

    def interval(has_value):
        found = bootstrap(
            Units.of_rows(rows),
            lambda totals: np.where(has_value(totals[:, :1]), totals[:, 1:], np.nan),
            np.random.default_rng(0),
            resamples=400,
        )
        assert found.value[0] == rows[:, 1].sum()
        return found.low[0]

    assert not np.isnan(interval(lambda drawn: drawn >= 1))
    assert np.isnan(interval(lambda drawn: drawn == 1))


def test_bound_where_nobody_disagreed():
    for units in (1, 5, 300):
        assert perfect_agreement_bound(units) == pytest.approx(
            stats.binomtest(units, units).proportion_ci(method="exact").low
        )


def test_distinct_rows_and_how_often():
    first, times = distinct(np.array([[1, 2], [0, 0], [1, 2]]))
    assert sorted(zip(first.tolist(), times.tolist(), strict=True)) == [(0, 2), (1, 1)]
    first, times = distinct(np.empty((0, 3)))
    assert (len(first), len(times)) == (0, 0)


def test_somebody_alone_on_their_items_and_families():
    from annotation.agreement.report import agreement_report
    from annotation.votes import Votes

    shared = [(f"q{n}", who, "a" if n % 3 else "b") for n in range(12) for who in ("ann", "bob")]
    votes = Votes.from_triples([*shared, ("alone", "eve", "a")])
    families = [f"f{n // 2}" for n in range(12)] + ["alone"]
    report = agreement_report(votes, groups=None, families=families, seed=1, resamples=50)
    assert report.families is not None
    assert report.overall.everybody.observed.value == 1.0
