"""The paired difference of two classifiers: figures by hand, and whether it says what the data can tell."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from annotation.classifier.comparison import NoComparisonError, compare, read_evidence
from annotation.classifier.evidence import Evidence, Prediction
from annotation.taxonomy import SLUGS

PERSONAL, OTHER = "travel", "noise"


def examined(answers: list[tuple[str, str]], *, train=(), alpha=0.9, each: int = 1) -> Evidence:
    """Answers to q0, q1, …; so many of them `each` make a family."""
    predictions = tuple(
        Prediction(f"q{n}", "en", f"f{n // each}", truth, said, alpha) for n, (truth, said) in enumerate(answers)
    )
    return Evidence({"train": tuple(train)}, predictions)


def drawn(right: float, *, seed: int, queries: int = 400) -> Evidence:
    """A classifier that is right with a given chance, and names any category otherwise."""
    chance = np.random.default_rng(seed)
    truth = np.random.default_rng(99).integers(len(SLUGS), size=queries)
    said = np.where(chance.random(queries) < right, truth, chance.integers(len(SLUGS), size=queries))
    return examined([(SLUGS[a], SLUGS[b]) for a, b in zip(truth, said, strict=True)])


def test_figures_by_hand():
    truth = [PERSONAL] * 15 + [OTHER] * 15
    first = examined(list(zip(truth, [PERSONAL] * 10 + [OTHER] * 20, strict=True)))
    second = examined(list(zip(truth, [PERSONAL] * 18 + [OTHER] * 12, strict=True)))
    found = compare(first, second)
    assert (found.queries, found.only_first, found.only_second, found.revised) == (30, 3, 5, 0)
    assert (found.accuracy.first, found.accuracy.second) == (pytest.approx(25 / 30), pytest.approx(27 / 30))
    # F1 of a class is 2 TP over named plus there
    assert found.macro_f1.first == pytest.approx((20 / 25 + 30 / 35) / 2)
    assert found.macro_f1.second == pytest.approx((30 / 33 + 24 / 27) / 2)
    assert found.macro_f1.value == pytest.approx(found.macro_f1.second - found.macro_f1.first)
    assert found.macro_f1.ci[0] < found.macro_f1.value < found.macro_f1.ci[1]


def test_alpha_of_one_half_says_personalised():
    first = examined([(PERSONAL, PERSONAL)] * 30, alpha=0.5)
    second = examined([(PERSONAL, PERSONAL)] * 30, alpha=0.499)
    assert (compare(first, second).binary_macro_f1.first, compare(first, second).binary_macro_f1.second) == (1, 0)


def test_a_classifier_against_itself_is_no_difference():
    found = compare(drawn(0.7, seed=1), drawn(0.7, seed=1))
    assert (found.macro_f1.value, found.macro_f1.ci, found.macro_f1.verdict) == (0, (0, 0), "unclear")


def test_what_is_plain_is_told_and_what_is_not_is_not():
    assert compare(drawn(0.5, seed=1), drawn(0.9, seed=2)).macro_f1.verdict == "better"
    assert compare(drawn(0.9, seed=1), drawn(0.5, seed=2)).macro_f1.verdict == "worse"
    assert compare(drawn(0.7, seed=1), drawn(0.7, seed=2)).macro_f1.verdict == "unclear"


def test_few_queries_tell_nothing_however_clear_they_look():
    assert (
        compare(examined([(PERSONAL, OTHER)] * 19), examined([(PERSONAL, PERSONAL)] * 19)).accuracy.verdict == "unclear"
    )
    assert (
        compare(examined([(PERSONAL, OTHER)] * 20), examined([(PERSONAL, PERSONAL)] * 20)).accuracy.verdict == "better"
    )


def test_the_interval_covers_the_difference_as_often_as_it_says():
    covered = 0
    for number in range(50):
        found = compare(drawn(0.6, seed=2 * number), drawn(0.7, seed=2 * number + 1), seed=number, replicates=200)
        low, high = found.accuracy.ci
        covered += low <= 0.1 * (1 - 1 / len(SLUGS)) <= high
    assert 43 <= covered <= 50  # 47.5 expected, binomial


def test_pairing_narrows_the_interval():
    """Two classifiers that err on the same queries differ by little chance."""
    first = drawn(0.6, seed=1)
    better = tuple(replace(one, category=one.truth) if n < 40 else one for n, one in enumerate(first.predictions))
    paired = compare(first, Evidence({}, better)).accuracy
    apart = compare(drawn(0.6, seed=3), drawn(0.7, seed=4)).accuracy
    assert paired.ci[1] - paired.ci[0] < 0.6 * (apart.ci[1] - apart.ci[0])


def test_only_queries_that_both_were_tested_on_and_neither_has_seen():
    first = examined([(PERSONAL, PERSONAL)] * 30, train={"q1"})
    second = examined([(PERSONAL, OTHER)] * 40, train={"q2", "q35"})
    assert compare(first, second).queries == 28


def test_the_newer_truth_counts_for_both():
    first = examined([(PERSONAL, PERSONAL)] * 30)
    second = examined([(OTHER, OTHER)] * 30)
    found = compare(first, second)
    assert (found.revised, found.accuracy.first, found.accuracy.second) == (30, 0, 1)


def test_nothing_in_common():
    with pytest.raises(NoComparisonError, match="No query is in the test of both"):
        other = Prediction("other", "en", "f", PERSONAL, PERSONAL, 1.0)
        compare(examined([(PERSONAL, PERSONAL)]), Evidence({}, (other,)))


def test_the_same_seed_gives_the_same():
    first, second = drawn(0.6, seed=1), drawn(0.7, seed=2)
    assert compare(first, second, seed=5) == compare(first, second, seed=5)
    assert compare(first, second, seed=6).accuracy.ci != compare(first, second, seed=5).accuracy.ci


def test_families_are_drawn_whole():
    """Four copies of every query teach nothing new, so the interval stays as wide."""
    first, second = drawn(0.6, seed=1, queries=100), drawn(0.7, seed=2, queries=100)

    def fourfold(evidence: Evidence) -> Evidence:
        return Evidence({}, tuple(replace(one, id=f"{one.id}-{n}") for one in evidence.predictions for n in range(4)))

    once, four = compare(first, second), compare(fourfold(first), fourfold(second))
    assert (four.queries, four.families) == (400, 100)
    assert four.accuracy.ci == pytest.approx(once.accuracy.ci)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("predictions.jsonl", None),
        ("split.json", None),
        ("predictions.jsonl", "{"),
        ("predictions.jsonl", '{"id": "1", "truth": "noise"}'),
        ("predictions.jsonl", json.dumps(asdict(Prediction("1", "en", "f", "no-such", PERSONAL, 1.0)))),
        ("split.json", "[]"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path, name, text):
    examined([(PERSONAL, OTHER)]).write(tmp_path)
    assert read_evidence(tmp_path) == examined([(PERSONAL, OTHER)])
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(NoComparisonError, match="cannot be compared; train it again"):
        read_evidence(tmp_path)
