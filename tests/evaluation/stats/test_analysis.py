import json
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from evaluation.stats.analysis import analyze
from evaluation.stats.davidson import fit_davidson
from evaluation.stats.elo import elo_ratings
from evaluation.stats.errors import JudgmentError, StatisticsError
from evaluation.stats.judgments import Judgment
from evaluation.stats.likelihoods import likelihood_named
from evaluation.stats.models import fit_ratings
from evaluation.stats.multiplicity import holm
from evaluation.stats.tables import JudgmentTable

# what the interface promises; more is allowed, less is not
TOP = "judgments participants ties seed replicates elo_k systems pairs position_bias warnings"
SYSTEM = "name judgments wins losses ties win_rate win_rate_ci elo elo_ci bt bt_ci rank_ci"
PAIR = "a b judgments wins_a wins_b ties win_rate_a win_rate_a_ci mann_whitney by_participant"
MORE = "unit cautions notes trials looks methods"
MORE_OF_PAIR = (
    "win_rate_decisive_a win_rate_decisive_a_ci tie_share tie_share_ci cles cles_ci cliffs_delta cliffs_delta_ci "
    "wilcoxon sign_test cluster_mann_whitney"
)
TEST = "test statistic p p_holm p_bonferroni p_bh n reason"


@pytest.fixture
def study(judge):
    """Three systems, x better than z, 24 participants with 15 judgments each, sides at random."""
    rng = np.random.default_rng(0)
    strength = {"x": 0.7, "y": 0.0, "z": -0.7}
    rows = []
    for participant in range(24):
        for _ in range(15):
            a, b = rng.permutation(list(strength))[:2].tolist()
            up = np.exp((strength[a] - strength[b]) / 2)
            draw = rng.random() * (up + 1 / up + 0.4)
            rows.append((f"p{participant:02d}", a, b, "a" if draw < up else "b" if draw < up + 1 / up else "tie"))
    return judge([rows[at] for at in rng.permutation(len(rows))])


def test_has_every_promised_key(study):
    result = analyze(study, replicates=100).as_json()
    assert set(TOP.split()) <= result.keys()
    assert all(set(SYSTEM.split()) <= system.keys() for system in result["systems"])
    assert all(set(PAIR.split()) <= pair.keys() for pair in result["pairs"])
    pair = result["pairs"][0]
    assert {"u", "p", "p_holm", "cliffs_delta"} <= pair["mann_whitney"].keys()
    assert {"test", "statistic", "p", "p_holm"} <= pair["by_participant"].keys()
    assert {"first", "second", "p"} <= result["position_bias"].keys()
    assert {"systems", "wins", "ties"} == result["win_matrix"].keys()
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_has_every_key_that_came_later(study):
    result = analyze(study, replicates=100).as_json()
    assert set(MORE.split()) <= result.keys()
    for pair in result["pairs"]:
        assert set(MORE_OF_PAIR.split()) <= pair.keys()
        assert {"p_bonferroni", "p_bh", "n_a", "n_b", "reading", "warning"} <= pair["mann_whitney"].keys()
        assert {"p_bonferroni", "p_bh", "n", "test", "reason"} <= pair["cluster_mann_whitney"].keys()
        for name in ("by_participant", "wilcoxon", "sign_test"):
            assert set(TEST.split()) <= pair[name].keys()
            assert (pair[name]["p"] is None) == bool(pair[name]["reason"])
    assert [set(note) for note in result["notes"]] == [{"code", "text", "values", "about"}] * len(result["notes"])
    assert {"elo", "mann_whitney", "tests"} == {note["about"] for note in result["notes"]}
    assert result["unit"] == "participant"


def test_counts_add_up(study):
    result = analyze(study, replicates=100)
    assert (result.judgments, result.participants) == (360, 24)
    assert sum(system.wins for system in result.systems) == sum(system.losses for system in result.systems)
    assert sum(system.judgments for system in result.systems) == 720 == 2 * sum(p.judgments for p in result.pairs)
    assert sum(system.ties for system in result.systems) == 2 * result.ties
    assert result.position_bias.first + result.position_bias.second == 360 - result.ties
    for system in result.systems:
        assert system.win_rate == pytest.approx((system.wins + system.ties / 2) / system.judgments)
    for i, row in enumerate(result.win_matrix.wins):
        assert sum(row) == result.systems[i].wins
        assert row[i] == 0
    assert [(pair.a, pair.b) for pair in result.pairs] == [("x", "y"), ("x", "z"), ("y", "z")]


def test_ratings_are_those_of_the_modules(study):
    result = analyze(study, replicates=100, elo_k=16)
    table = JudgmentTable.of(study)
    assert [system.elo for system in result.systems] == elo_ratings(table, k=16).tolist()
    assert [s.bt for s in result.systems] == pytest.approx(fit_davidson(table.cells(by_side=False), 3).ratings.tolist())
    assert sum(system.bt for system in result.systems) == pytest.approx(4_500, abs=1e-6)
    assert sum(system.elo for system in result.systems) == pytest.approx(4_500, abs=1e-6)


def test_intervals_hold_their_values_and_have_a_width(study):
    for system in analyze(study, replicates=100).systems:
        for value, bounds in (
            (system.win_rate, system.win_rate_ci),
            (system.elo, system.elo_ci),
            (system.bt, system.bt_ci),
        ):
            assert bounds[0] < value < bounds[1]
        assert 1 <= system.rank_ci[0] <= system.rank_ci[1] <= 3


def test_a_clear_winner_is_found(study):
    result = analyze(study, replicates=200)
    x, _, z = result.systems
    assert x.rank_ci == (1, 1) and z.rank_ci == (3, 3)
    assert x.share_first > 0.95
    assert result.pairs[1].by_participant.p_holm < 0.05
    assert result.model.all_equal.p < 0.001


def test_pairwise_tests_equal_scipy_and_holm(study):
    result = analyze(study, replicates=100)
    score = {"a": 1.0, "b": 0.0, "tie": 0.5}
    for pair in result.pairs:
        x = [
            score[one.outcome] if one.system_a == pair.a else 1 - score[one.outcome]
            for one in study
            if {one.system_a, one.system_b} == {pair.a, pair.b}
        ]
        theirs = mannwhitneyu(x, 1 - np.array(x), method="asymptotic")
        assert (pair.mann_whitney.u, pair.mann_whitney.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-12)
    for name in ("mann_whitney", "by_participant", "cluster_mann_whitney"):
        tests = [getattr(pair, name) for pair in result.pairs]
        assert [test.p_holm for test in tests] == pytest.approx(holm([test.p for test in tests]))


def test_the_seed_decides_all_draws(study):
    assert analyze(study, seed=3, replicates=100) == analyze(study, seed=3, replicates=100)
    assert analyze(study, seed=3, replicates=100) != analyze(study, seed=4, replicates=100)


def test_file_order_matters_to_nothing_when_times_differ(study):
    assert analyze(study[::-1], replicates=100) == analyze(study, replicates=100)


def test_swapping_the_sides_turns_only_the_position(study):
    turned = [
        Judgment(
            one.participant,
            one.query,
            one.system_b,
            one.system_a,
            {"a": "b", "b": "a", "tie": "tie"}[one.outcome],
            one.created_at,
        )
        for one in study
    ]
    one, other = analyze(study, replicates=100), analyze(turned, replicates=100)
    assert (one.position_bias.first, one.position_bias.second) == (
        other.position_bias.second,
        other.position_bias.first,
    )
    assert one.position_bias.delta == pytest.approx(-other.position_bias.delta)
    for ours, theirs in zip(one.systems, other.systems, strict=True):
        assert (ours.win_rate, ours.rank_ci) == (theirs.win_rate, theirs.rank_ci)
        assert (ours.elo, ours.bt) == pytest.approx((theirs.elo, theirs.bt))
        assert (*ours.elo_ci, *ours.bt_ci) == pytest.approx((*theirs.elo_ci, *theirs.bt_ci))
    for ours, theirs in zip(one.pairs, other.pairs, strict=True):
        assert (ours.wins_a, ours.mann_whitney, ours.by_participant) == (
            theirs.wins_a,
            theirs.mann_whitney,
            theirs.by_participant,
        )


def test_renaming_the_systems_keeps_their_ratings(study):
    names = {"x": "c", "y": "a", "z": "b"}
    renamed = [
        Judgment(one.participant, one.query, names[one.system_a], names[one.system_b], one.outcome, one.created_at)
        for one in study
    ]
    ours = {names[system.name]: system for system in analyze(study, replicates=100).systems}
    for theirs in analyze(renamed, replicates=100).systems:
        same = ours[theirs.name]
        assert (same.elo, same.bt, *same.bt_ci) == pytest.approx((theirs.elo, theirs.bt, *theirs.bt_ci))
        assert (same.win_rate, same.win_rate_ci, same.rank_ci) == (theirs.win_rate, theirs.win_rate_ci, theirs.rank_ci)


def test_asking_everybody_twice_narrows_nothing(study):
    """The same people saying the same again is no evidence; the intervals by participant must not shrink."""
    again = study + [
        Judgment(
            one.participant, one.query, one.system_a, one.system_b, one.outcome, one.created_at + timedelta(days=1)
        )
        for one in study
    ]
    once, twice = analyze(study, replicates=100), analyze(again, replicates=100)
    for ours, theirs in zip(once.systems, twice.systems, strict=True):
        assert ours.bt_ci == pytest.approx(theirs.bt_ci, abs=1e-6)
        assert ours.win_rate_ci == pytest.approx(theirs.win_rate_ci)
    for ours, theirs in zip(once.pairs, twice.pairs, strict=True):
        assert ours.by_participant == theirs.by_participant
        assert ours.mann_whitney.p > theirs.mann_whitney.p  # which is why it carries its warning


def test_no_judgments_are_an_analysis_too():
    empty = analyze([]).as_json()
    assert (empty["judgments"], empty["systems"], empty["pairs"]) == (0, [], [])
    assert empty["warnings"] == ["There are no judgments yet, so there is nothing to compute."]
    assert json.dumps(empty, allow_nan=False)
    (system,) = analyze([], systems=["x"]).systems
    assert (system.name, system.judgments, system.elo, system.bt, system.win_rate) == ("x", 0, None, None, None)


def test_registered_systems_without_judgments_have_no_numbers(study):
    result = analyze(study, replicates=100, systems=["new", "z", "y", "x"])
    assert [system.name for system in result.systems] == ["new", "z", "y", "x"]
    assert (result.systems[0].elo, result.systems[0].bt, result.systems[0].rank_ci) == (None, None, None)
    alone = {system.name: system for system in analyze(study, replicates=100).systems}
    for system in result.systems[1:]:
        assert system.bt == pytest.approx(alone[system.name].bt)
        assert system.rank_ci == alone[system.name].rank_ci
    with pytest.raises(JudgmentError, match="not among the systems"):
        analyze(study, systems=["x", "y"])


def test_parts_that_never_met_have_no_joint_rating(judge):
    rows = [(f"p{i % 8}", *(("w", "x") if i % 2 else ("y", "z")), "aab"[i % 3]) for i in range(96)]
    result = analyze(judge(rows), replicates=100)
    assert all((s.bt, s.bt_ci, s.rank_ci) == (None, None, None) for s in result.systems)
    assert [[part.name for part in group] for group in result.model.components] == [["w", "x"], ["y", "z"]]
    assert all(sum(part.bt for part in group) == pytest.approx(3_000) for group in result.model.components)
    assert any("2 parts that no judgment connects (w, x | y, z)" in sentence for sentence in result.warnings)


@pytest.mark.parametrize("model", ["davidson", "rao-kupper", "ties-half"])
def test_the_model_of_ties_is_chosen_and_named(study, model):
    result = analyze(study, replicates=100, model=model)
    likelihood = likelihood_named(model)
    fit = fit_ratings(JudgmentTable.of(study).cells(by_side=False), 3, likelihood=likelihood)
    assert [system.bt for system in result.systems] == pytest.approx(fit.ratings.tolist())
    told = result.model
    assert (told.slug, told.name) == (model, likelihood.name)
    assert told.tie_parameter_name == {"davidson": "nu", "rao-kupper": "kappa", "ties-half": None}[model]
    assert told.tie_parameter == (None if model == "ties-half" else pytest.approx(fit.tie_parameter))
    assert result.goodness_of_fit.p > 0.01
    assert (result.influence.top, result.flips.top) == ("x", "x")
    assert result.flips.exact is (model == "ties-half")
    assert result.separation.finite


@pytest.mark.parametrize("interval", ["auto", "jackknife", "sandwich", "bootstrap"])
def test_the_interval_is_chosen_and_named(study, interval):
    result, usual = analyze(study, replicates=400, interval=interval), analyze(study, replicates=400)
    named = {"auto": "jackknife over participants", "bootstrap": "bootstrap of participants"}.get(interval, interval)
    assert result.model.interval.startswith(named)
    assert result.model.interval_asked == interval
    assert [system.bt for system in result.systems] == [system.bt for system in usual.systems]
    for ours, theirs in zip(result.systems, usual.systems, strict=True):
        assert np.diff(ours.bt_ci) == pytest.approx(np.diff(theirs.bt_ci), rel=0.3)
    width, usual_width = np.diff(result.position_bias.delta_ci), np.diff(usual.position_bias.delta_ci)
    assert width == pytest.approx(usual_width, rel=0.3)
    assert (result.model.interval == usual.model.interval) is (interval in ("auto", "jackknife"))


def test_no_participant_is_named(study):
    told = json.dumps(analyze(study, replicates=50).as_json(), ensure_ascii=False)
    assert not any(f'"{one.participant}"' in told for one in study)


@pytest.mark.parametrize("options", [{"model": "elo"}, {"interval": "wald"}], ids=["model", "interval"])
def test_refuses_unknown_methods_by_name(study, options):
    (value,) = options.values()
    with pytest.raises(StatisticsError, match=f"must be one of .*, got '{value}'"):
        analyze(study, **options)


@pytest.mark.parametrize(
    "options", [{"seed": -1}, {"replicates": 1}, {"replicates": 10**9}, {"elo_k": 0}, {"elo_k": float("nan")}]
)
def test_refuses_options_out_of_bounds(study, options):
    with pytest.raises(StatisticsError):
        analyze(study, **options)


anything = st.lists(
    st.tuples(
        st.sampled_from("pqrstu"), st.permutations(list("wxyz")), st.sampled_from(["a", "b", "tie"]), st.integers(0, 3)
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(
    anything,
    st.sampled_from(["davidson", "rao-kupper", "ties-half"]),
    st.sampled_from(["jackknife", "sandwich", "bootstrap"]),
)
def test_any_small_study_is_analysed_in_finite_numbers(judge_once, rows, model, interval):
    judgments = judge_once([(participant, order[0], order[1], outcome) for participant, order, outcome, _ in rows])
    result = analyze(judgments, replicates=20, model=model, interval=interval)
    text = json.dumps(result.as_json(), allow_nan=False)
    assert json.loads(text)["judgments"] == len(rows)
    for system in result.systems:
        for bounds in (system.win_rate_ci, system.elo_ci, system.bt_ci):
            assert bounds is None or bounds[0] < bounds[1]
    assert all(pair.bt_gap_ci is None or pair.bt_gap_ci[0] < pair.bt_gap_ci[1] for pair in result.pairs)
    if result.flips and result.flips.judgments:
        assert sum(turn.judgments for turn in result.flips.turned) == result.flips.judgments <= len(rows)
    assert all(sentence.endswith(".") for sentence in result.warnings)


@pytest.fixture(scope="module")
def judge_once():
    from datetime import UTC, datetime

    def build(rows):
        start = datetime(2026, 1, 1, tzinfo=UTC)
        return [
            Judgment(participant, "q", a, b, outcome, start + timedelta(minutes=at))
            for at, (participant, a, b, outcome) in enumerate(rows)
        ]

    return build
