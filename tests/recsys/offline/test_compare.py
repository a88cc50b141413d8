import numpy as np
import pytest
from scipy.stats import ttest_rel

from recsys.offline.compare import Chance, compare, contrast, figures, ordered_pairs

CHANCE = Chance(seed=1, replicates=400, flips=2000)


def values(n: int = 40, systems: int = 3) -> dict[str, dict[str, np.ndarray]]:
    rng = np.random.default_rng(n)
    return {f"s{number}": {"ndcg@10": rng.random(n) + number / 5, "mrr": rng.random(n)} for number in range(systems)}


def own(n: int) -> list[str]:
    return [f"q{number}" for number in range(n)]


def test_every_pair_and_metric_is_corrected_for_all():
    tests = compare(values(), own(40), ["ndcg@10", "mrr"], CHANCE, label="x")
    assert [(one.metric, one.a, one.b) for one in tests[:3]] == [
        ("ndcg@10", "s1", "s0"),
        ("ndcg@10", "s2", "s0"),
        ("ndcg@10", "s2", "s1"),
    ]
    assert len(tests) == 6
    for one in tests:
        data = values()
        told = ttest_rel(data[one.a][one.metric], data[one.b][one.metric])
        assert one.t.p == pytest.approx(told.pvalue)
        assert one.t.p_bonferroni == pytest.approx(min(1, 6 * told.pvalue))
        assert one.comparisons == 6
        assert one.significant == (one.t.p_bonferroni < 0.05)
        assert one.difference == pytest.approx(one.mean_a - one.mean_b)
        assert one.ci[0] <= one.difference <= one.ci[1]
        assert one.sign_flip.p_bonferroni == pytest.approx(min(1, 6 * one.sign_flip.p))


def test_a_clear_difference_is_found_and_a_missing_one_is_not():
    rng = np.random.default_rng(0)
    base = rng.random(60)
    data = {"low": {"mrr": base}, "same": {"mrr": base}, "high": {"mrr": base + rng.normal(0.3, 0.1, 60)}}
    tests = {(one.a, one.b): one for one in compare(data, own(60), ["mrr"], CHANCE, label="x")}
    assert tests["high", "low"].significant is True
    assert tests["same", "low"].significant is None
    assert tests["same", "low"].note == "The two are equal on every query."


def test_swapping_systems_turns_the_sign():
    data = values(systems=2)
    [one] = compare(data, own(40), ["mrr"], CHANCE, label="x")
    [other] = compare(dict(reversed(data.items())), own(40), ["mrr"], CHANCE, label="x")
    assert other.difference == pytest.approx(-one.difference)
    assert other.t.p == pytest.approx(one.t.p)
    assert other.ci == pytest.approx((-one.ci[1], -one.ci[0]), abs=1e-3)


def test_five_queries_tell_nothing():
    [one, *_] = compare(values(5), own(5), ["mrr"], CHANCE, label="x")
    assert (one.t, one.sign_flip, one.ci, one.significant) == (None, None, None, None)
    assert "the data cannot tell" in one.note
    assert figures(values(5), own(5), CHANCE, label="x")["s0"]["mrr"].ci is None


def test_a_listener_with_many_queries_counts_once():
    """Forty queries of four listeners are four observations; forty of forty are forty."""
    data = values(40)
    few = compare(data, [f"u{number % 8}" for number in range(40)], ["mrr"], CHANCE, label="x")[0]
    assert (few.n, few.clusters, few.t.df) == (40, 8, 7)


def test_repeating_every_query_of_a_listener_narrows_nothing():
    data = values(20, systems=2)
    twice = {name: {metric: np.repeat(own_, 2) for metric, own_ in part.items()} for name, part in data.items()}
    [once] = compare(data, own(20), ["mrr"], CHANCE, label="x")
    [doubled] = compare(twice, [name for name in own(20) for _ in range(2)], ["mrr"], CHANCE, label="x")
    assert doubled.t.p == pytest.approx(once.t.p)
    assert doubled.ci == pytest.approx(once.ci)


def test_equal_seeds_repeat_and_others_do_not():
    one, same, other = (figures(values(), own(40), Chance(seed, 300), label="x")["s0"]["mrr"].ci for seed in (1, 1, 2))
    assert one == same != other


def test_pairs_come_later_first():
    assert ordered_pairs(["a", "b", "c"]) == [("b", "a"), ("c", "a"), ("c", "b")]


def test_contrast_is_the_difference_of_two_gains():
    rng = np.random.default_rng(3)
    first = np.arange(80) < 30
    gains = np.where(first, 0.4, 0.1) + rng.normal(0, 0.1, 80)
    found = contrast(gains, first, own(80), CHANCE)
    assert found.value == pytest.approx(gains[:30].mean() - gains[30:].mean())
    assert 0.2 < found.ci[0] < found.value < found.ci[1] < 0.4


def test_contrast_of_a_half_with_few_queries_has_no_interval():
    first = np.arange(40) < 3
    assert contrast(np.linspace(0, 1, 40), first, own(40), CHANCE).ci is None
