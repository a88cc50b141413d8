from dataclasses import replace

import numpy as np
import pytest

from annotation.aggregation.dawid_skene import dawid_skene
from annotation.aggregation.errors import AggregationError
from annotation.aggregation.majority import majority
from annotation.votes import Votes


def plain_dawid_skene(votes, steps):
    """Equations (2.3) to (2.5) with loops, from the shares of the votes; labels and log-likelihood."""
    n_items, n_people, n = len(votes.item_ids), len(votes.annotator_ids), len(votes.categories)
    seen = list(zip(votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist(), strict=True))
    labels = votes.counts() / votes.counts().sum(axis=1, keepdims=True)
    for _ in range(steps):
        tables = np.zeros((n_people, n, n))
        for item, person, label in seen:
            tables[person, :, label] += labels[item]
        tables = np.maximum(tables, 1e-10)
        tables /= tables.sum(axis=2, keepdims=True)
        prevalence = np.maximum(labels.mean(axis=0), 1e-10)
        joint = np.tile(prevalence, (n_items, 1))
        for item, person, label in seen:
            joint[item] *= tables[person, :, label]
        labels = joint / joint.sum(axis=1, keepdims=True)
    return labels, float(np.log(joint.sum(axis=1)).sum())


def test_unpooled_equals_the_equations_with_loops(crowd):
    votes, _ = crowd(80, people=6, categories=3)
    consensus = dawid_skene(votes, pooling=0.0, max_iterations=7, tolerance=1e-12)
    labels, log_likelihood = plain_dawid_skene(votes, 7)
    assert np.abs(consensus.probabilities - labels).max() < 1e-9
    assert consensus.log_likelihood == pytest.approx(log_likelihood, abs=1e-8)
    assert not consensus.converged


@pytest.mark.parametrize("seed", range(2))
def test_unpooled_gives_the_labels_of_crowd_kit(crowd, triples_of, crowd_kit, seed):
    votes, _ = crowd(1500, votes_per_item=4, seed=seed)
    ours, theirs = dawid_skene(votes, pooling=0.0).labels(), crowd_kit("dawid-skene", triples_of(votes))
    assert np.mean([ours[item] == theirs[item] for item in ours]) >= 0.99


@pytest.mark.parametrize("task", ["rte", "temp", "wsd"])
def test_snows_sets(public_crowd, crowd_kit, task):
    triples, gold = public_crowd(task)
    votes, theirs = Votes.from_triples(triples), crowd_kit("dawid-skene", triples)

    def right(labels):
        return sum(labels[item] == gold[item] for item in gold)

    unpooled = dawid_skene(votes, pooling=0.0).labels()
    assert np.mean([unpooled[item] == theirs[item] for item in gold]) >= 0.99
    assert right(unpooled) >= right(theirs)
    assert right(dawid_skene(votes).labels()) >= right(theirs)


def test_pooling_helps_where_votes_are_few(crowd):
    votes, truth = crowd(1200, people=60, categories=12, seed=3)
    pooled, free = dawid_skene(votes), dawid_skene(votes, pooling=0.0)
    counted = majority(votes)
    right = [float(np.mean(consensus.best == truth)) for consensus in (pooled, free, counted)]
    assert right[0] > right[1] + 0.02
    assert right[0] > right[2] + 0.02
    assert pooled.settings["pooling"] == 6.0  # half a vote for each of 12 categories


def test_a_person_of_few_votes_gets_the_pooled_table_at_their_own_care(crowd, triples_of):
    votes, _ = crowd(600, people=10, categories=6, seed=1)
    triples = triples_of(votes)
    seen = majority(votes).best[0]
    grown = Votes.from_triples([*triples, ("q0", "new", votes.categories[seen])], categories=votes.categories)
    consensus = dawid_skene(grown)
    care, pooled = consensus.parameters["care"][-1], consensus.parameters["pooled_errors"]
    expected = (1 - care) * pooled + care * np.eye(6)
    new, old = consensus.parameters["errors"][-1], consensus.parameters["errors"][0]
    unseen = np.arange(6) != seen
    assert np.abs(new[unseen] - expected[unseen]).max() < 0.01
    assert np.abs(old[unseen] - expected[unseen]).max() > 0.1


@pytest.mark.parametrize("pooling", [0.0, 1.0, None])
def test_no_step_lowers_the_objective(crowd, pooling):
    votes, _ = crowd(400, categories=4, seed=2)
    trace = np.array(dawid_skene(votes, pooling=pooling, tolerance=1e-9).trace)
    assert len(trace) > 3
    assert np.diff(trace).min() > -1e-7 * abs(trace[-1])


def test_gold_stays_and_teaches(crowd):
    votes, truth = crowd(300, people=30, categories=6, seed=4)
    gold = {votes.item_ids[row]: votes.categories[truth[row]] for row in range(150)}
    with_gold, without = dawid_skene(votes, gold=gold), dawid_skene(votes)
    assert np.array_equal(with_gold.best[:150], truth[:150])
    assert with_gold.probabilities[:150].max(axis=1).tolist() == [1.0] * 150
    assert np.mean(with_gold.best[150:] == truth[150:]) >= np.mean(without.best[150:] == truth[150:])
    assert with_gold.gold_used == 150


def test_an_annotator_who_only_votes_on_gold_is_measured_by_it():
    triples = [(f"q{i}", "ann", "a" if i % 2 else "b") for i in range(10)]
    gold = {f"q{i}": "a" if i % 2 or i == 0 else "b" for i in range(10)}
    consensus = dawid_skene(Votes.from_triples(triples), gold=gold)
    (quality,) = consensus.annotator_quality
    assert (quality.votes, quality.compared, quality.accuracy) == (10, 10, 0.9)
    assert consensus.labels() == gold


def test_a_warm_start_ends_where_a_cold_one_does_in_fewer_steps(crowd, triples_of):
    votes, _ = crowd(2000, seed=5)
    before = dawid_skene(Votes.from_triples(triples_of(votes)[:5900], categories=votes.categories))
    cold, warm = dawid_skene(votes), dawid_skene(votes, start=before)
    assert warm.iterations < cold.iterations
    assert np.mean(warm.best == cold.best) > 0.995
    assert np.abs(warm.probabilities - cold.probabilities).mean() < 1e-3


def test_a_start_that_does_not_fit_is_refused(crowd):
    votes, _ = crowd(50)
    with pytest.raises(AggregationError, match="a result of 'majority'"):
        dawid_skene(votes, start=majority(votes))
    other = replace(dawid_skene(votes), categories=("x", "y"))
    with pytest.raises(AggregationError, match="categories x, y"):
        dawid_skene(votes, start=other)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"pooling": -1.0}, "`pooling` must be"),
        ({"pooling": float("nan")}, "`pooling` must be"),
        ({"tolerance": 0.0}, "`tolerance` must be above 0"),
        ({"max_iterations": 0}, "`max_iterations` must be at least 1"),
        ({"gold": {"q0": "nowhere"}}, "'q0' has the gold label 'nowhere'; use one of c0"),
    ],
)
def test_numbers_out_of_bounds_are_refused(crowd, settings, message):
    votes, _ = crowd(20)
    with pytest.raises(AggregationError, match=message):
        dawid_skene(votes, **settings)
