"""What the cautions say of studies that are wrong in one way: each its own sentence, and of a sound study nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.caution_texts import TEXTS, sentence
from evaluation.stats.cautions import FALSE_ALARMS, RULES
from evaluation.stats.judgments import Judgment

PAIRS = [("x", "y"), ("y", "z"), ("z", "x")]
OUTCOMES = ["a", "b", "tie", "a", "b"]


def study(people=20, each=12, pairs=PAIRS, outcome=None):
    """Rows in which everybody judges all pairs equally often, on both sides, with all outcomes."""
    rows = []
    for person in range(people):
        for turn in range(each):
            first, second = pairs[turn % len(pairs)]
            if (turn // len(pairs) + person) % 2:
                first, second = second, first
            said = OUTCOMES[(person + 2 * turn + turn // len(pairs)) % 5] if outcome is None else outcome(first, second)
            rows.append((f"p{person:02d}", first, second, said or OUTCOMES[(person + 2 * turn) % 5]))
    return rows


def x_always_wins(first, second):
    return {first: "a", second: "b"}.get("x")


SOUND = study()
FEW = study(people=5, each=36)
UNDEFEATED = study(outcome=x_always_wins)
BRIDGE = [*study(pairs=[("x", "y")]), *study(pairs=[("z", "w")]), ("p00", "x", "z", "a")]
LEADER = SOUND + [("p00", *row[1:]) for row in study(people=10)]
SIDE = [(who, first, second, "a" if at % 4 == 0 else said) for at, (who, first, second, said) in enumerate(SOUND)]
UNEQUAL = SOUND + study(pairs=[("x", "y")], each=12)
NAMELESS = [("", *row[1:]) for row in SOUND]
PLANTED = {
    "too_few_participants": (FEW, {}),
    "unbeaten": (UNDEFEATED, {}),
    "single_bridge": (BRIDGE, {}),
    "large_share": (LEADER, {}),
    "unanswered": (SOUND, {"trials": 270}),
    "side_bias": (SIDE, {}),
    "peeking": (SOUND, {"looks": 4}),
    "unequal_pairs": (UNEQUAL, {}),
    "no_participants": (NAMELESS, {}),
}


def codes(judgments, **options):
    return [caution.code for caution in analyze(judgments, replicates=20, **options).cautions]


@pytest.mark.parametrize("code", PLANTED)
def test_each_planted_study_trips_its_own_caution_and_no_other(judge, code):
    rows, options = PLANTED[code]
    assert codes(judge(rows), **options) == [code]


def test_a_sound_study_trips_none(judge):
    result = analyze(judge(SOUND), replicates=100, trials=266, looks=1)
    assert (result.cautions, result.warnings) == ((), ())


def test_sound_studies_drawn_at_random_trip_none(judge):
    """Random pairs, sides and outcomes; a lean to one side comes by chance in one of twenty, and is no mistake then."""
    for seed in range(10):
        rng = np.random.default_rng(seed)
        rows = [
            (
                f"p{at % 20}",
                *rng.choice(list("xyz"), 2, replace=False),
                rng.choice(["a", "b", "tie"], p=[0.4, 0.4, 0.2]),
            )
            for at in range(300)
        ]
        assert set(codes(judge(rows))) <= {"side_bias"}


def test_warnings_are_the_sentences_of_the_cautions(judge):
    result = analyze(judge(FEW + [("p00", "x", "y", "a")] * 150), replicates=20, looks=5)
    assert len(result.cautions) > 2
    assert result.warnings == tuple(caution.text for caution in result.cautions)
    for caution in result.cautions:
        assert caution.text == sentence(caution.code, caution.values)
        assert caution.text.endswith(".") and "%(" not in caution.text


def test_every_text_is_used_by_a_rule_or_a_note():
    import inspect

    from evaluation.stats import cautions, comparison, notes
    from evaluation.stats.quality import review

    source = "".join(map(inspect.getsource, (cautions, comparison, notes, review)))
    assert [code for code in TEXTS if f'"{code}"' not in source and not code.startswith("mann_whitney_")] == []
    assert len(set(RULES)) == len(RULES)


def balanced(people, each=8):
    """Two systems, all outcomes, both sides, different people."""
    rng = np.random.default_rng(people)
    return [
        (f"p{person:02d}", *(("x", "y") if turn % 2 else ("y", "x")), ["a", "b", "tie"][rng.integers(3)])
        for turn in range(each)
        for person in range(people)
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "There are no judgments yet"),
        (balanced(1), "All judgments come from one participant"),
        (balanced(5), "Only 5 participants judged; with fewer than 6 no participant-level test can reach 5 %, because"),
        (balanced(8), "Only 8 participants judged; intervals and tests from so few people are rough"),
        (
            balanced(20) + [(f"p{i % 5:02d}", "x", "z", "aab"[i % 3]) for i in range(30)],
            "With fewer than 6 participants no participant-level test can reach 5 %, because p is at least 2/2^P; this "
            "holds for pairs: 1 (x – z: 5).",
        ),
        (
            balanced(20) + [("p00", "x", "y", "a"), ("p00", "y", "x", "b")] * 50,
            "One participant gave 42 % of the judgments",
        ),
        ([(f"p{i % 9}", "x", "y", "a") for i in range(30)], "{x} above {y}"),
        ([(f"p{i % 9}", "x", "y", "a") for i in range(30)], "The sides were not varied enough"),
        ([(f"p{i % 9}", "x", "y", "tie") for i in range(30)], "every judgment is a tie"),
        ([("p", "x", "y", "tie"), ("q", "y", "z", "a"), ("r", "z", "x", "tie")], "the few ties and wins fit together"),
        (BRIDGE, "A single judgment between x and z"),
        (study(pairs=PAIRS[:2]), "Only 2 of the 3 pairs of judged systems met directly"),
        (
            [*balanced(20), *[(f"p{i:02d}", "x", "z", "b") for i in range(9)], ("p09", "x", "z", "a")],
            "In 1 of the 20 cases in which one participant is left out",
        ),
        (
            [(a, b, c, "a") for a, b, c, _ in balanced(20)],
            "the playlist shown first won 160 times, the one shown second 0",
        ),
        (
            [(a, b, c, "b") for a, b, c, _ in balanced(20)],
            "the playlist shown first won 0 times, the one shown second 160",
        ),
        (
            [(f"p{p}", "x", "y", o) for p in range(9) for o in "ab"],
            "The participants do not differ from each other at all",
        ),
        (
            [("", *row[1:]) for row in [*balanced(20), *[("", "x", "z", "b")] * 9, ("", "x", "z", "a")]],
            "In 1 of the 170 cases in which one judgment is left out",
        ),
        (
            [*study(pairs=[("x", "y")]), *study(pairs=[("z", "w")])],
            "The systems fall into 2 parts that no judgment connects (w, z | x, y)",
        ),
    ],
)
def test_names_what_limits_the_numbers(judge, rows, words):
    assert words in " ".join(analyze(judge(rows), replicates=20).warnings)


def test_names_systems_nobody_judged(judge):
    assert codes(judge(SOUND), systems=["x", "y", "z", "new"]) == ["never_judged"]
    assert (
        "Nobody has judged new yet" in analyze(judge(SOUND), replicates=20, systems=["x", "y", "z", "new"]).warnings[0]
    )


def test_names_mixed_zones():
    noon = datetime(2026, 1, 1, 12)
    judgments = [
        Judgment("p", "q", "x", "y", "a", noon),
        Judgment("q", "q", "x", "y", "b", noon.replace(tzinfo=UTC)),
        Judgment("r", "q", "y", "x", "tie", noon + timedelta(hours=1)),
    ]
    assert "2 of 3 times have no zone and were read as UTC" in " ".join(analyze(judgments, replicates=100).warnings)


@pytest.mark.parametrize(("trials", "found"), [(240, []), (266, []), (267, ["unanswered"]), (480, ["unanswered"])])
def test_more_than_a_tenth_unanswered(judge, trials, found):
    assert codes(judge(SOUND), trials=trials) == found


@pytest.mark.parametrize(("looks", "share"), [(2, "8 %"), (3, "11 %"), (9, "14 %"), (1000, "37 %")])
def test_how_many_false_alarms_looks_make(judge, looks, share):
    (caution,) = analyze(judge(SOUND), replicates=20, looks=looks).cautions
    assert caution.code == "peeking" and f"about {share} false alarms" in caution.text
    assert codes(judge(SOUND), looks=1) == codes(judge(SOUND), looks=0) == []


def test_false_alarms_of_looks_are_those_of_a_random_walk():
    rng = np.random.default_rng(0)
    walks = rng.standard_normal((40_000, max(FALSE_ALARMS))).cumsum(axis=1)
    for looks, published in FALSE_ALARMS.items():
        extreme = np.abs(walks[:, :looks]) > 1.96 * np.sqrt(np.arange(1, looks + 1))
        assert extreme.any(axis=1).mean() == pytest.approx(published, abs=0.008)


def test_three_people_with_a_third_each_are_few_and_nothing_else(judge):
    assert codes(judge(study(people=3, each=58))) == ["too_few_participants"]


def test_one_of_few_who_gave_most_is_named_too(judge):
    rows = study(people=5) + study(people=1, each=120)
    assert codes(judge(rows)) == ["too_few_participants", "large_share"]


def test_a_bridge_between_parts_that_are_wrong_themselves_hides_nothing(judge):
    inner = study(pairs=[("x", "y")], outcome=x_always_wins)
    rows = [*inner, *study(pairs=[("z", "w")]), ("p00", "x", "z", "a")]
    assert set(codes(judge(rows))) == {"single_bridge", "unbeaten"}


def test_small_studies_are_unequal_by_chance(judge):
    rows = [*study(people=6, each=3), *study(people=6, each=1)]
    assert "unequal_pairs" not in codes(judge(rows))


def test_a_few_people_who_always_choose_one_side_are_not_everybody(judge):
    """Two of twenty always take the first; the judgments lean, people do not."""
    lean = [(who, a, b, "a" if who in ("p00", "p01") else said) for who, a, b, said in study(each=30)]
    position = analyze(judge(lean), replicates=20).position_bias
    assert position.p < 0.05 and position.share_first_ci[0] < 0.5
    assert "side_bias" not in codes(judge(lean))


@pytest.mark.parametrize("judgments", [0, 5])
def test_refuses_fewer_trials_than_judgments_and_negative_looks(judge, judgments):
    from evaluation.stats.errors import StatisticsError

    with pytest.raises(
        StatisticsError, match=rf"at least as many as the judgments \({judgments}\), got {judgments - 1}"
    ):
        analyze(judge(SOUND[:judgments]), replicates=20, trials=judgments - 1)
    with pytest.raises(StatisticsError, match="looks must be at least 0, got -1"):
        analyze(judge(SOUND[:judgments]), replicates=20, looks=-1)


def test_no_participant_is_named(judge):
    rows = [("somebody@example.org", *row[1:]) for row in balanced(1)] + balanced(3, each=2)
    result = analyze(judge(rows), replicates=20, looks=3, trials=100)
    assert "somebody" not in str([replace(caution) for caution in result.cautions])
