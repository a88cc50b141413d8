import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from annotation.active.errors import ActiveLearningError
from annotation.active.ridge import PENALTY, fit_committee, fit_ridge, softmax


def blobs(n, categories=3, seed=0):
    """Unit vectors around one axis per category."""
    generator = np.random.default_rng(seed)
    labels = np.arange(n) % categories
    vectors = 1.5 * np.eye(categories, 6)[labels] + generator.normal(scale=0.5, size=(n, 6))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), labels


def test_the_solution_is_scikit_learns_kernel_ridge():
    vectors, labels = blobs(40)
    similarities = vectors @ vectors.T
    ours = fit_ridge(similarities, labels, 3, seed=0)
    targets = np.eye(3)[labels]
    theirs = KernelRidge(alpha=PENALTY, kernel="precomputed").fit(similarities, targets - targets.mean(axis=0))
    np.testing.assert_allclose(ours.dual, theirs.dual_coef_, atol=1e-5)
    np.testing.assert_allclose(ours.prior, targets.mean(axis=0), atol=1e-6)


def test_the_sharpness_is_the_likeliest_for_texts_left_out_one_by_one():
    """Leaving out by refitting 40 times, and trying a thousand values, finds what the closed form finds."""
    vectors, labels = blobs(40)
    similarities, targets = vectors @ vectors.T, np.eye(3)[labels]
    prior = targets.mean(axis=0)
    scores = np.empty((40, 3))
    for row in range(40):
        rest = np.delete(np.arange(40), row)
        system = similarities[np.ix_(rest, rest)] + PENALTY * np.eye(39)
        scores[row] = similarities[row, rest] @ np.linalg.solve(system, targets[rest] - prior) + prior
    tried = np.exp(np.linspace(0, 4, 1000))
    logs = [np.log(softmax(value * scores)) for value in tried]
    loss = [-(log[np.arange(40), labels].sum() + log.mean(axis=1).mean()) for log in logs]
    assert fit_ridge(similarities, labels, 3, seed=0).sharpness == pytest.approx(tried[np.argmin(loss)], rel=0.01)


def test_a_label_drawn_twice_counts_as_two_labels():
    """A member's scores are those of the ridge over the labels it drew, each as often as it drew it."""
    vectors, labels = blobs(12)
    similarities = vectors @ vectors.T
    drawn = np.random.default_rng([4, 1]).multinomial(12, np.full(12, 1 / 12), size=3)
    for member, times in zip(
        fit_committee(similarities, labels, 3, members=3, sharpness=2.0, seed=4), drawn, strict=True
    ):
        rows = np.repeat(np.arange(12), times)
        repeated = fit_ridge(similarities[np.ix_(rows, rows)], labels[rows], 3, seed=0)
        np.testing.assert_allclose(similarities @ member.dual, similarities[:, rows] @ repeated.dual, atol=1e-5)
        np.testing.assert_allclose(member.prior, repeated.prior, atol=1e-6)
        assert member.sharpness == 2.0


def test_few_labels_leave_unseen_categories_a_small_chance():
    vectors, labels = blobs(6, categories=2)
    ridge = fit_ridge(vectors @ vectors.T, labels, 19, seed=0)
    given = ridge.probabilities(vectors @ vectors.T @ ridge.dual)
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-12)
    assert (given.argmax(axis=1) == labels).all()
    assert 1e-4 < given[:, 2:].min() <= given[:, 2:].max() < 0.05


@pytest.mark.parametrize("n", [1, 2, 5])
def test_one_category_only_is_answered(n):
    ridge = fit_ridge(np.ones((n, n)), np.zeros(n, dtype=np.int64), 3, seed=0)
    given = ridge.probabilities(np.ones((4, n)) @ ridge.dual)
    assert np.isfinite(given).all()
    assert (given.argmax(axis=1) == 0).all()


def test_without_labels_all_is_equally_likely():
    nothing = np.empty((0, 0)), np.empty(0, dtype=np.int64)
    ridge = fit_ridge(*nothing, 4, seed=0)
    np.testing.assert_allclose(ridge.probabilities(np.zeros((2, 0)) @ ridge.dual), 0.25)
    assert len(fit_committee(*nothing, 4, members=3, sharpness=1.0, seed=0)) == 3


@pytest.mark.parametrize(("label", "named"), [(3, "3"), (-1, "-1")])
def test_a_label_that_is_no_category_is_refused(label, named):
    labels = np.array([0, label])
    with pytest.raises(ActiveLearningError, match=f"Label {named} is outside 0 to 2"):
        fit_ridge(np.eye(2), labels, 3, seed=0)
    with pytest.raises(ActiveLearningError, match=f"Label {named} is outside 0 to 2"):
        fit_committee(np.eye(2), labels, 3, members=2, sharpness=1.0, seed=0)


def test_softmax_is_nowhere_zero():
    given = softmax(np.array([[0.0, 1000.0, -1000.0]]))
    assert (given > 0).all()
    np.testing.assert_allclose(given.sum(axis=1), 1)
