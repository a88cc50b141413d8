import numpy as np
import pytest

from annotation.agreement.drift import drift


def test_a_fall_is_found_and_a_constant_is_not():
    rng = np.random.default_rng(0)
    falling = (rng.random(200) < np.linspace(0.95, 0.5, 200)).astype(float)
    found = drift(falling)
    assert found.tau < 0
    assert found.p < 0.01
    assert [window.first for window in found.windows] == [1, 41, 81, 121, 161]
    assert found.windows[-1].last == 200
    assert found.windows[0].agreement == pytest.approx(falling[:40].mean())


def test_by_chance_alone_one_in_twenty_shows_a_trend():
    rng = np.random.default_rng(1)
    found = [drift((rng.random(100) < 0.8).astype(float)).p < 0.05 for _ in range(1000)]
    assert np.mean(found) == pytest.approx(0.05, abs=0.02)


def test_undefined_is_said_in_words():
    few = drift(np.array([1.0, 0.0, 1.0]))
    assert (few.tau, few.p, len(few.windows)) == (None, None, 3)
    assert few.reason == "3 votes shared with others; a trend needs 20."
    assert "never changed" in drift(np.ones(30)).reason
    assert drift(np.empty(0)).windows == ()
