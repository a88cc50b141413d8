"""What must not change whatever the judgments: names, sides, the order of lines, how files were put together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.analysis import analyze
from evaluation.stats.judgments import Judgment, read_judgments, write_judgments

START = datetime(2026, 1, 1, tzinfo=UTC)
TURNED = {"a": "b", "b": "a", "tie": "tie"}
RENAMED = {"w": "d", "x": "b", "y": "c", "z": "a"}  # another order too
SWAPPED = {"win_rate_a", "win_rate_decisive_a", "cles"}  # 1 - value for the other system

studies = st.lists(
    st.tuples(st.sampled_from("pqrstuv"), st.permutations(list("wxyz")), st.sampled_from(["a", "b", "tie"])),
    min_size=1,
    max_size=30,
).map(
    lambda rows: [
        Judgment(who, "q", order[0], order[1], outcome, START + timedelta(minutes=at))
        for at, (who, order, outcome) in enumerate(rows)
    ]
)
checked = settings(max_examples=25, deadline=None)


def analysed(judgments, **options):
    return analyze(judgments, replicates=20, looks=2, trials=40, **options)


@checked
@given(studies, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing_when_times_differ(judgments, random):
    shuffled = random.sample(judgments, len(judgments))
    assert analysed(shuffled) == analysed(judgments)


@checked
@given(studies, st.integers(0, 30), st.randoms(use_true_random=False))
def test_two_files_are_one_file(tmp_path_factory, judgments, at, random):
    mixed = random.sample(judgments, len(judgments))
    parts = [part for part in (mixed[:at], mixed[at:]) if part]
    folder = tmp_path_factory.mktemp("parts")
    read = []
    for number, part in enumerate(parts):
        path = folder / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_judgments(part, stream)
        read += read_judgments(path)
    assert analysed(read) == analysed(judgments)


@checked
@given(studies)
def test_swapping_the_sides_turns_only_the_position(judgments):
    turned = [
        Judgment(one.participant, one.query, one.system_b, one.system_a, TURNED[one.outcome], one.created_at)
        for one in judgments
    ]
    ours, theirs = analysed(judgments), analysed(turned)
    assert ours.pairs == theirs.pairs
    assert [caution.code for caution in ours.cautions] == [caution.code for caution in theirs.cautions]
    assert (ours.position_bias.first, ours.position_bias.p) == (theirs.position_bias.second, theirs.position_bias.p)


@checked
@given(studies)
def test_renaming_the_systems_renames_the_results(judgments):
    renamed = [
        Judgment(one.participant, one.query, RENAMED[one.system_a], RENAMED[one.system_b], one.outcome, one.created_at)
        for one in judgments
    ]
    ours = {frozenset((RENAMED[pair.a], RENAMED[pair.b])): pair for pair in analysed(judgments).pairs}
    other = analysed(renamed)
    assert [c.code for c in analysed(judgments).cautions] == [c.code for c in other.cautions]
    for theirs in other.pairs:
        same = ours[frozenset((theirs.a, theirs.b))]
        turned = RENAMED[same.a] != theirs.a
        for name in ("win_rate_a", "win_rate_decisive_a", "cles", "cliffs_delta", "tie_share"):
            one, two = getattr(same, name), getattr(theirs, name)
            if one is None:
                assert two is None
                continue
            mirrored = 1 - one if name in SWAPPED else -one if name == "cliffs_delta" else one
            assert two == pytest.approx(mirrored if turned else one, abs=1e-12)
        for name in ("mann_whitney", "by_participant", "cluster_mann_whitney", "wilcoxon", "sign_test"):
            tests = getattr(same, name), getattr(theirs, name)
            for field in ("p", "p_holm", "p_bonferroni", "p_bh"):
                assert getattr(tests[0], field) == pytest.approx(getattr(tests[1], field), abs=1e-9), (name, field)
