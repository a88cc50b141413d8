import json

import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.quality import review as module
from evaluation.stats.quality.checks import Check, CheckError
from evaluation.stats.quality.flags import QualityRules

CHANCES = {"x": 1.0, "y": 0.0, "z": -1.0}


def rows_of(rng, people, each=18):
    rows = []
    for person in range(people):
        for turn in range(each):
            a, b = (("x", "y"), ("z", "x"), ("y", "z"), ("y", "x"), ("x", "z"), ("z", "y"))[turn % 6]
            up = np.exp((CHANCES[a] - CHANCES[b]) / 2)
            draw = rng.random() * (up + 1 / up + 0.3)
            rows.append((f"p{person:02d}", a, b, "a" if draw < up else "b" if draw < up + 1 / up else "tie"))
    return rows


@pytest.fixture
def sound():
    return rows_of(np.random.default_rng(1), 15)


def test_nobody_flagged_leaves_nothing_to_compare(judge, sound):
    quality = analyze(judge(sound), replicates=50).quality
    assert (quality.flagged, quality.without_flagged, quality.same_top) == (0, None, None)
    assert [each.participant for each in quality.participants] == list(range(1, 16))
    assert {each.judgments for each in quality.participants} == {18}
    assert quality.with_everybody.judgments == 270


def test_with_everybody_is_the_analysis_itself(judge, sound):
    result = analyze(judge(sound), replicates=50)
    everybody = result.quality.with_everybody
    for system, rating in zip(result.systems, everybody.systems, strict=True):
        for name in ("name", "judgments", "win_rate", "bt", "bt_ci", "rank_ci"):
            assert getattr(system, name) == getattr(rating, name)
    pair = everybody.top_pair
    assert (pair.a, pair.b) == ("x", "y")
    assert pair.p_holm == result.pairs[0].by_participant.p_holm


def test_without_the_flagged_is_the_analysis_of_the_others(judge, sound):
    # two who always take the first side, and one who fails two of three checks
    clicked = [(name, a, b, "a") for name in ("p15", "p16") for _, a, b, _ in sound[:18]]
    checks = [Check("p03", kind, kind == "gold") for kind in ("gold", "twin", "repeat")]
    result = analyze(judge([*sound, *clicked]), replicates=50, checks=checks)
    quality = result.quality
    assert quality.flagged == 3
    assert {each.participant: each.flags for each in quality.participants if each.flags} == {
        4: ("checks", "chance"),
        16: ("side", "one_answer", "against"),
        17: ("side", "one_answer", "against"),
    }
    assert {count.flag: count.participants for count in quality.flagged_by if count.participants} == {
        "checks": 1,
        "side": 2,
        "one_answer": 2,
        "chance": 1,
        "against": 2,
    }
    assert (quality.checks, quality.checks_failed, quality.participants[3].checks_failed) == (3, 2, 2)
    others = analyze(judge([row for row in sound if row[0] != "p03"]), replicates=50)
    for kept, system in zip(quality.without_flagged.systems, others.systems, strict=True):
        assert kept.bt == pytest.approx(system.bt, abs=1e-9)
        assert kept.bt_ci == pytest.approx(system.bt_ci, abs=1e-9)
        assert kept.rank_ci == system.rank_ci
    assert quality.without_flagged.participants == 14
    assert quality.without_flagged.top_pair.p == others.pairs[0].by_participant.p
    assert quality.same_top is True
    (note,) = [note for note in result.notes if note.about == "participants"]
    assert note.code == "flagged_same_top"
    assert note.values == {"flagged": 3, "judgments": 54, "total": 306}


def test_another_winner_without_the_flagged_is_said(judge, sound):
    favour = [(f"q{n}", "z", "x", "a") for n in range(2) for _ in range(120)]
    favour += [(f"q{n}", "z", "y", "a") for n in range(2) for _ in range(120)]
    result = analyze(judge([*sound, *favour]), replicates=50)
    assert result.quality.same_top is False
    (note,) = [note for note in result.notes if note.about == "participants"]
    assert (note.code, note.values) == ("flagged_other_top", {"flagged": 2, "judgments": 480, "total": 750})


def test_no_name_is_in_the_result(judge, sound):
    named = [(f"listener-{name}", *rest) for name, *rest in sound]
    checks = [Check("listener-p03", kind, False) for kind in ("gold", "twin", "repeat")]
    result = analyze(judge(named), replicates=50, checks=checks).as_json()
    assert "listener" not in json.dumps(result)
    assert result["quality"]["rules"]["checks"] == {"failures": 2, "of": 3}
    assert result["quality"]["agreement"]["items"] == 0


def test_everybody_flagged_leaves_no_ratings(judge):
    rows = [(f"p{at % 4}", *(("x", "y") if at % 8 < 4 else ("y", "x")), "a") for at in range(120)]
    quality = analyze(judge(rows), replicates=50).quality
    assert quality.flagged == 4
    assert [system.bt for system in quality.without_flagged.systems] == [None, None]
    assert (quality.without_flagged.judgments, quality.without_flagged.top_pair, quality.same_top) == (0, None, None)


def test_the_turned_pair_keeps_its_numbers(judge):
    rows = [(f"p{at % 12}", *(("x", "y") if at % 24 < 12 else ("y", "x")), "ab"[at % 24 < 12]) for at in range(96)]
    rows += [(f"p{at}", "x", "y", "a") for at in range(7)]
    result = analyze(judge(rows), replicates=50)
    pair, tested = result.quality.with_everybody.top_pair, result.pairs[0]
    assert (pair.a, tested.a) == ("y", "x")
    assert pair.win_rate_a == pytest.approx(1 - tested.win_rate_a)
    assert pair.win_rate_a_ci == pytest.approx((1 - tested.win_rate_a_ci[1], 1 - tested.win_rate_a_ci[0]))


def test_of_very_many_only_the_flagged_are_listed(judge, sound, monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTED", 10)
    checks = [Check("p03", kind, False) for kind in ("gold", "twin")]
    quality = analyze(judge(sound), replicates=50, checks=checks).quality
    assert quality.listed == "flagged"
    assert [each.participant for each in quality.participants] == [4]


def test_rules_are_taken_and_kept(judge, sound):
    rules = QualityRules(floor_seconds=1e6)
    quality = analyze(judge(sound), replicates=50, rules=rules).quality
    assert quality.rules == rules
    assert quality.flagged == 15


def test_no_judgment_is_no_review():
    quality = analyze([], replicates=50).quality
    assert (quality.flagged, quality.participants, quality.z_variance) == (0, (), None)


def test_where_nobody_knows_who_judged_there_is_no_review(judge, sound):
    nameless = [("", *rest) for _, *rest in sound]
    assert analyze(judge(nameless), replicates=50).quality is None
    with pytest.raises(CheckError, match="do not say who made them"):
        analyze(judge(nameless), replicates=50, checks=[Check("p", "gold", True)])


def test_the_model_asked_for_is_that_of_both_readings(judge, sound):
    checks = [Check("p03", kind, False) for kind in ("gold", "twin")]
    result = analyze(judge(sound), replicates=50, checks=checks, model="rao-kupper")
    others = analyze(judge([row for row in sound if row[0] != "p03"]), replicates=50, model="rao-kupper")
    assert [system.bt for system in result.quality.without_flagged.systems] == pytest.approx(
        [system.bt for system in others.systems], abs=1e-9
    )


def test_a_check_of_a_stranger_is_refused(judge, sound):
    with pytest.raises(CheckError, match="'nobody'"):
        analyze(judge(sound), replicates=50, checks=[Check("nobody", "gold", True)])
