from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.judgments import Judgment


@pytest.fixture
def warned(judge):
    def sentences(rows, **options):
        return " ".join(analyze(judge(rows), replicates=options.pop("replicates", 100), **options).warnings)

    return sentences


def balanced(people, each=8):
    """Two systems, all outcomes, both sides, different people."""
    rng = np.random.default_rng(people)
    return [
        (f"p{person:02d}", *(("x", "y") if turn % 2 else ("y", "x")), ["a", "b", "tie"][rng.integers(3)])
        for turn in range(each)
        for person in range(people)
    ]


def test_a_sound_study_has_only_the_two_standing_warnings(judge):
    warnings = analyze(judge(balanced(20)), replicates=100).warnings
    assert len(warnings) == 2
    assert warnings[0].startswith("Elo depends on K")
    assert warnings[1].startswith("Mann–Whitney takes judgments as independent")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (balanced(1), "All judgments come from one participant"),
        (balanced(5), "Only 5 participants judged"),
        (balanced(5), "With fewer than 6 participants no participant-level test can reach 5 %"),
        (balanced(5), "this holds for x – y (5)"),
        (
            balanced(20) + [("p00", "x", "y", "a"), ("p00", "y", "x", "b")] * 50,
            "One participant gave 42% of the judgments",
        ),
        ([(f"p{i % 9}", "x", "y", "a") for i in range(30)], "{x} above {y}"),
        ([(f"p{i % 9}", "x", "y", "a") for i in range(30)], "The sides were not varied enough"),
        ([(f"p{i % 9}", "x", "y", "tie") for i in range(30)], "every judgment is a tie"),
        ([("p", "x", "y", "tie"), ("q", "y", "z", "a"), ("r", "z", "x", "tie")], "the few ties and wins fit together"),
        ([*balanced(20), ("p00", "x", "z", "tie")], "A single judgment between x and z"),
        ([*balanced(20), ("p00", "x", "z", "tie")], "Only 2 of the 3 pairs of judged systems met directly"),
        ([*balanced(20), ("p00", "x", "z", "tie")], "In 1 of the 20 cases in which one participant is left out"),
        ([(a, b, c, "a") for a, b, c, _ in balanced(20)], "The playlist shown first won more often than chance allows"),
        ([(a, b, c, "b") for a, b, c, _ in balanced(20)], "The playlist shown second won more often"),
        (
            [(f"p{p}", "x", "y", o) for p in range(9) for o in "ab"],
            "The participants do not differ from each other at all",
        ),
    ],
)
def test_names_what_limits_the_numbers(warned, rows, words):
    assert words in warned(rows)


def test_names_systems_nobody_judged_and_few_resamples(warned):
    text = warned(balanced(20), systems=["x", "y", "new"], replicates=20)
    assert "Nobody has judged new yet" in text
    assert "Only 20 resamples were drawn" in text


def test_names_mixed_zones_and_shared_times():
    noon = datetime(2026, 1, 1, 12)
    judgments = [
        Judgment("p", "q", "x", "y", "a", noon),
        Judgment("q", "q", "x", "y", "b", noon.replace(tzinfo=UTC)),
        Judgment("r", "q", "y", "x", "tie", noon + timedelta(hours=1)),
    ]
    text = " ".join(analyze(judgments, replicates=100).warnings)
    assert "2 of 3 times have no zone and were read as UTC" in text
    assert "Judgments with the time of an earlier one: 1;" in text


def test_no_participant_is_named(warned):
    rows = [("somebody@example.org", *row[1:]) for row in balanced(1)] + balanced(3, each=2)
    assert "somebody" not in warned(rows)
