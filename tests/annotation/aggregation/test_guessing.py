import numpy as np
import pytest
from scipy.stats import beta, dirichlet

from annotation.aggregation.guessing import Guessing
from annotation.votes import Votes

VOTES = Votes.from_triples([("q1", "ann", "a"), ("q2", "ann", "b"), ("q1", "bob", "a")])


def test_the_even_start_guesses_half_of_the_votes():
    even = Guessing.drawn(VOTES, None)
    assert even.known.tolist() == [1.5, 1.0]
    assert even.unknown == pytest.approx([1.5, 1.0])
    assert even.guessed.tolist() == [[10.5, 10.5], [10.25, 10.25]]
    assert even.competence() == pytest.approx([0.5, 0.5])


def test_expected_logs_are_those_of_the_distributions():
    posterior = Guessing(np.array([3.0]), np.array([[12.0, 11.5]]))
    generator = np.random.default_rng(0)
    theta = beta(3.0, 4.0).rvs(400_000, random_state=generator)
    xi = dirichlet([12.0, 11.5]).rvs(400_000, random_state=generator)
    rates = posterior.expected_logs()
    assert rates.known[0] == pytest.approx(np.log(theta).mean(), abs=0.005)
    assert rates.by_guess[0] == pytest.approx(np.log1p(-theta).mean() + np.log(xi).mean(axis=0), abs=0.005)
    means = posterior.means()
    assert np.exp(means.known[0]) + np.exp(means.by_guess).sum() == pytest.approx(1.0)


def test_the_prior_does_not_diverge_from_itself():
    assert Guessing(np.array([0.5]), np.array([[10.0, 10.0, 10.0]])).divergence() == pytest.approx(0.0, abs=1e-9)
    # By integration of Beta(2.5, 0.5) against Beta(0.5, 0.5): 2 psi(2.5) - 2 psi(3) - ln B(2.5, 0.5) + ln B(0.5, 0.5).
    diverged = Guessing(np.array([2.5]), np.array([[10.0, 10.0]])).divergence()
    first, second = beta(2.5, 0.5), beta(0.5, 0.5)
    assert diverged == pytest.approx(first.expect(lambda x: first.logpdf(x) - second.logpdf(x)), abs=1e-4)
