import numpy as np
import pytest

from recsys.offline.breakdown import break_down, reranking_gains
from recsys.offline.compare import Chance

CHANCE = Chance(seed=1, replicates=300, flips=1000)
METRICS = ("hits@10", "recall@100", "ndcg@10", "mrr")


def values(n: int = 60) -> dict[str, dict[str, np.ndarray]]:
    """The re-rankers gain in the first half and lose in the second, dynamic personalisation only gains."""
    rng = np.random.default_rng(0)
    base, noise = rng.random(n) / 2, rng.normal(0, 0.05, (2, n))
    half = np.where(np.arange(n) < n // 2, 1, -1)
    gains = {"retriever": 0 * half, "retriever-cr": 0.3 * half, "retriever-cr-dp": 0.3 * np.maximum(half, 0)}
    return {
        "random": dict.fromkeys(METRICS, 0 * base),
        **{
            name: {metric: base + gain + (noise[len(name) % 2] if gain.any() else 0) for metric in METRICS}
            for name, gain in gains.items()
        },
    }


def own(n: int) -> list[str]:
    return [f"q{number}" for number in range(n)]


def test_groups_have_their_own_means_and_tests():
    groups = ["b"] * 28 + ["a"] * 28 + ["tiny"] * 4
    found = break_down(values(), own(60), groups, CHANCE, label="x", without=["random"], order=["b"])
    assert [group.group for group in found] == ["b", "a", "tiny"]
    assert [(group.n, group.small) for group in found] == [(28, True), (28, True), (4, True)]
    assert found[0].systems["retriever-cr"]["ndcg@10"].value == pytest.approx(
        values()["retriever-cr"]["ndcg@10"][:28].mean()
    )
    assert found[2].tests == []
    assert found[2].systems["retriever"]["mrr"].ci is None
    assert {one.comparisons for group in found for one in group.tests} == {6}  # three pairs in two groups
    assert all("random" not in (one.a, one.b) for group in found for one in group.tests)
    gain = next(one for one in found[0].tests if (one.a, one.b) == ("retriever-cr", "retriever"))
    assert gain.significant and gain.difference > 0


def test_group_means_add_up_to_the_whole():
    groups = ["a", "b", "c"] * 20
    found = break_down(values(), own(60), groups, CHANCE, label="x")
    for system, own_values in values().items():
        mean = sum(group.n * group.systems[system]["mrr"].value for group in found) / 60
        assert mean == pytest.approx(own_values["mrr"].mean())


def test_shows_where_reranking_helps_and_where_it_hurts():
    gains = {
        (gain.system, gain.over): gain
        for gain in reranking_gains(values(), own(60), np.arange(60) < 30, CHANCE)
        if gain.metric == "ndcg@10"
    }
    fixed = gains["retriever-cr", "retriever"]
    assert fixed.personalised.significant and fixed.personalised.difference > 0.2
    assert fixed.other.significant and fixed.other.difference < -0.2
    assert fixed.contrast.value == pytest.approx(fixed.personalised.difference - fixed.other.difference)
    assert fixed.contrast.ci[0] > 0.4
    dynamic = gains["retriever-cr-dp", "retriever-cr"]
    assert dynamic.other.difference > 0.2
    assert not dynamic.personalised.significant


def test_without_a_half_there_is_no_contrast():
    gain = reranking_gains(values(), own(60), np.ones(60, dtype=bool), CHANCE)[0]
    assert (gain.other, gain.contrast) == (None, None)
    assert gain.personalised.n == 60


def test_without_two_retrievers_there_are_no_gains():
    assert reranking_gains({"bm25": values()["retriever"]}, own(60), np.arange(60) < 30, CHANCE) == []
