import pytest

from annotation.agreement.categories import category_alpha, positive_agreement
from annotation.agreement.everybody import everybody
from annotation.agreement.fleiss import GENERALISED
from annotation.agreement.gwet import gwet_ac1
from annotation.agreement.krippendorff import krippendorff_alpha
from annotation.agreement.resampling import Resampling
from annotation.agreement.sums import Sums
from annotation.votes import Votes

DRAWING = Resampling(seed=0, resamples=500)


def test_every_figure_is_in_its_interval_and_in_its_place(make_random):
    votes = make_random(4)
    sums = Sums.of_counts(votes.counts())
    found = everybody(votes, DRAWING)
    assert found.krippendorff_alpha.value == pytest.approx(krippendorff_alpha(sums)[0])
    assert found.gwet_ac1.value == pytest.approx(gwet_ac1(sums)[0])
    assert found.fleiss_kappa.method.startswith(GENERALISED)
    assert [one.category for one in found.categories] == list(votes.categories)
    assert [one.alpha.value for one in found.categories] == pytest.approx(category_alpha(sums)[0].tolist())
    assert [one.positive.value for one in found.categories] == pytest.approx(positive_agreement(sums)[0].tolist())
    assert sum(one.prevalence.value for one in found.categories) == pytest.approx(1)
    whole = [found.observed, found.fleiss_kappa, found.krippendorff_alpha, found.gwet_ac1]
    for figure in [*whole, *(f for one in found.categories for f in (one.alpha, one.positive, one.prevalence))]:
        assert figure.low < figure.value < figure.high
        assert figure.reason == ""


def test_counts_the_items_and_votes_that_took_part():
    votes = Votes.from_triples(
        [("q1", "x", "a"), ("q1", "y", "b"), ("q2", "x", "a"), ("q2", "y", "a"), ("q3", "x", "b")]
    )
    found = everybody(votes, DRAWING)
    assert (found.observed.n_items, found.observed.n_votes) == (2, 4)
    assert (found.fleiss_kappa.n_items, found.fleiss_kappa.n_votes) == (3, 5)  # single votes count for the shares
    b = found.categories[1]
    assert (b.alpha.n_items, b.alpha.n_votes, b.prevalence.n_votes) == (1, 1, 4)


def test_perfect_agreement_has_the_exact_bound(of_counts):
    found = everybody(of_counts([[2, 0]] * 5 + [[0, 2]] * 5), DRAWING)
    bound = 0.025**0.1
    assert (found.observed.value, found.observed.high) == (1.0, 1.0)
    assert found.observed.low == pytest.approx(bound)
    assert found.krippendorff_alpha.low == pytest.approx(1 - (1 - bound) / (10 / 19))  # chance disagreement 200/380
    assert found.categories[0].positive.low == pytest.approx(0.025**0.2)  # five items show the category
    assert "nobody disagreed" in found.krippendorff_alpha.method


def test_one_category_in_use_is_said_in_words(of_counts):
    found = everybody(of_counts([[2, 0], [3, 0]]), DRAWING)
    assert found.observed.value == 1
    for figure in (found.fleiss_kappa, found.krippendorff_alpha, found.categories[0].alpha):
        assert figure.value is None
        assert "Every vote is for 0" in figure.reason
    assert found.gwet_ac1.value == 1
    assert "Nobody chose 1" in found.categories[1].alpha.reason


@pytest.mark.parametrize(
    ("triples", "words"),
    [
        ([], "There are no votes yet."),
        ([("q1", "ann", "a"), ("q2", "ann", "b")], "All votes are by ann"),
        ([("q1", "ann", "a"), ("q2", "bob", "b")], "No item has votes of two annotators"),
    ],
)
def test_nothing_to_compare_is_said_in_words(triples, words):
    found = everybody(Votes.from_triples(triples, categories=("a", "b")), DRAWING)
    figures = [found.observed, found.fleiss_kappa, found.krippendorff_alpha, found.gwet_ac1]
    figures += [figure for one in found.categories for figure in (one.alpha, one.positive, one.prevalence)]
    for figure in figures:
        assert (figure.value, figure.low, figure.high) == (None, None, None)
        assert words in figure.reason
