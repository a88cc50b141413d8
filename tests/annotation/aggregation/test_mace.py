import numpy as np
import pytest
from scipy.special import digamma

from annotation.aggregation.errors import AggregationError
from annotation.aggregation.mace import mace
from annotation.votes import Votes


def plain_mace(votes, steps):
    """The paper's variational Bayes with loops over votes and categories, from the even start: labels, competence."""
    n_people, n = len(votes.annotator_ids), len(votes.categories)
    seen = list(zip(votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist(), strict=True))
    total = np.bincount(votes.annotators, minlength=n_people)
    knew, guessed = total / 2, np.tile(total[:, None] / (2 * n), (1, n))
    for _ in range(steps):
        spam = guessed.sum(axis=1)
        both = digamma(knew + spam + 1.0)
        theta, not_theta = np.exp(digamma(knew + 0.5) - both), np.exp(digamma(spam + 0.5) - both)
        xi = np.exp(digamma(guessed + 10.0) - digamma(guessed.sum(axis=1) + 10.0 * n)[:, None])
        joint = np.full((len(votes.item_ids), n), 1.0 / n)
        for item, person, label in seen:
            joint[item] *= not_theta[person] * xi[person, label] + theta[person] * (np.arange(n) == label)
        labels = joint / joint.sum(axis=1, keepdims=True)
        knew, guessed = np.zeros(n_people), np.zeros((n_people, n))
        for item, person, label in seen:
            guess = not_theta[person] * xi[person, label]
            known = labels[item, label] * theta[person] / (guess + theta[person])
            knew[person] += known
            guessed[person, label] += 1 - known
    return labels, (knew + 0.5) / (total + 1.0)


def test_equals_the_paper_with_loops(crowd):
    votes, _ = crowd(60, people=6, categories=4)
    consensus = mace(votes, restarts=1, max_iterations=6, tolerance=1e-12)
    # The labels follow from the competences after the sixth step.
    labels, _ = plain_mace(votes, 7)
    _, competence = plain_mace(votes, 6)
    assert np.abs(consensus.probabilities - labels).max() < 1e-9
    assert np.abs(np.array([one.competence for one in consensus.annotator_quality]) - competence).max() < 1e-9
    assert not consensus.converged


@pytest.mark.parametrize("seed", range(2))
def test_gives_the_labels_of_crowd_kit(crowd, triples_of, crowd_kit, seed):
    votes, _ = crowd(600, votes_per_item=5, seed=seed)
    ours, theirs = mace(votes).labels(), crowd_kit("mace", triples_of(votes))
    assert np.mean([ours[item] == theirs[item] for item in ours]) >= 0.99


@pytest.mark.parametrize("task", ["rte", "temp", "wsd"])
def test_snows_sets(public_crowd, crowd_kit, task):
    triples, gold = public_crowd(task)
    ours, theirs = mace(Votes.from_triples(triples)).labels(), crowd_kit("mace", triples)
    assert np.mean([ours[item] == theirs[item] for item in gold]) >= 0.99
    assert sum(ours[item] == gold[item] for item in gold) >= sum(theirs[item] == gold[item] for item in gold)


def test_people_who_guess_are_found_out():
    generator = np.random.default_rng(0)
    truth = generator.integers(0, 4, 200)
    rows = []
    for item, label in enumerate(truth):
        for person in range(5):
            knows = generator.random() < (0.9 if person < 3 else 0.0)
            rows.append((f"q{item}", f"p{person}", f"c{label if knows else generator.integers(0, 4)}"))
    consensus = mace(Votes.from_triples(rows))
    competence = [one.competence for one in consensus.annotator_quality]
    assert competence[:3] == pytest.approx([0.9] * 3, abs=0.08)
    assert max(competence[3:]) < 0.1
    assert np.mean(consensus.best == truth) > 0.95


def test_no_step_lowers_the_bound(crowd):
    votes, _ = crowd(300, people=12, seed=1)
    trace = np.array(mace(votes, tolerance=1e-9).trace)
    assert len(trace) > 5
    assert np.diff(trace).min() > -1e-7


def test_the_same_seed_gives_the_same_result(crowd):
    votes, _ = crowd(200, people=40, seed=2)
    first, again = mace(votes, seed=7), mace(votes, seed=7)
    assert np.array_equal(first.probabilities, again.probabilities)
    assert first.trace == again.trace


def test_gold_stays_even_where_nobody_chose_it():
    rows = [(f"q{i}", person, "a" if i % 2 else "b") for i in range(12) for person in ("ann", "bob", "cat")]
    votes = Votes.from_triples(rows, categories=("a", "b", "c"))
    consensus = mace(votes, gold={"q0": "c", "q1": "a"})
    assert consensus.probabilities[:2].tolist() == [[0, 0, 1], [1, 0, 0]]
    assert consensus.labels()["q3"] == "a"
    assert np.isfinite(consensus.log_likelihood)
    assert consensus.annotator_quality[0].accuracy == pytest.approx(11 / 12, abs=0.02)


def test_a_warm_start_ends_where_a_cold_one_does(crowd, triples_of):
    votes, _ = crowd(1500, seed=5)
    before = mace(Votes.from_triples(triples_of(votes)[:4400], categories=votes.categories))
    cold, warm = mace(votes), mace(votes, start=before)
    assert warm.settings["restarts"] == 1
    assert np.mean(warm.best == cold.best) > 0.995


def test_numbers_out_of_bounds_are_refused(crowd):
    votes, _ = crowd(20)
    with pytest.raises(AggregationError, match="`restarts` must be at least 1, got 0"):
        mace(votes, restarts=0)
    with pytest.raises(AggregationError, match="`tolerance`"):
        mace(votes, tolerance=float("nan"))
