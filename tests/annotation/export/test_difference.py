from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.export.difference import CHANGES, Change, ChangeCounts, count_changes, difference
from annotation.export.errors import ExportError
from annotation.export.reading import read
from annotation.export.writing import FORMATS, write


@pytest.fixture
def versions(gold):
    """Two versions whose changes were worked out by hand."""
    old = [
        gold(query_id="a"),
        gold(query_id="b", category="travel"),
        gold(query_id="c", category="travel"),
        gold(query_id="d"),
        gold(query_id="f"),
    ]
    new = [
        gold(query_id="a"),
        gold(query_id="b", category="romantic", source="adjudicated", probability=1.0, votes=4),
        gold(query_id="d", probability=0.8, split="test"),
        gold(query_id="e", category="noise"),
        gold(query_id="f"),
        gold(query_id="g", category="noise"),
    ]
    return old, new


def test_the_changes_worked_by_hand(versions):
    old, new = versions
    seen = [
        (c.query_id, c.kind, c.old_category, c.new_category, c.old_source, c.new_source, c.details)
        for c in difference(old, new)
    ]
    sport = "sports-activity"
    assert seen == [
        ("b", "category", "travel", "romantic", "aggregated", "adjudicated", "probability source votes"),
        ("c", "removed", "travel", "", "aggregated", "", ""),
        ("d", "details", sport, sport, "aggregated", "aggregated", "split probability"),
        ("e", "added", "", "noise", "", "aggregated", ""),
        ("g", "added", "", "noise", "", "aggregated", ""),
    ]
    assert [(c.old_probability, c.new_probability) for c in difference(old, new)][:3] == [
        (0.75, 1.0),
        (0.75, None),
        (0.75, 0.8),
    ]


def test_the_counts_worked_by_hand(versions):
    counts = count_changes(difference(*versions))
    assert counts.kinds == {"category": 1, "removed": 1, "details": 1, "added": 2}
    assert counts.moves == {("travel", "romantic"): 1, ("travel", ""): 1, ("", "noise"): 2}
    assert counts.as_json() == {
        "kinds": {"added": 2, "category": 1, "details": 1, "removed": 1},
        "moves": [
            {"from": "", "to": "noise", "queries": 2},
            {"from": "travel", "to": "", "queries": 1},
            {"from": "travel", "to": "romantic", "queries": 1},
        ],
    }


def test_there_and_back(versions):
    old, new = versions
    forth, back = list(difference(old, new)), list(difference(new, old))
    turned = {"added": "removed", "removed": "added"}
    assert [(c.query_id, turned.get(c.kind, c.kind)) for c in forth] == [(c.query_id, c.kind) for c in back]
    assert list(difference(old, old)) == []


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_added_and_removed_are_the_set_differences(gold, before, after):
    old, new = ([gold(query_id=f"q{n:02}") for n in sorted(numbers)] for numbers in (before, after))
    changes = list(difference(old, new))
    assert {c.query_id for c in changes if c.kind == "added"} == {f"q{n:02}" for n in after - before}
    assert {c.query_id for c in changes if c.kind == "removed"} == {f"q{n:02}" for n in before - after}
    assert len(changes) == len(before ^ after)
    assert [c.query_id for c in changes] == sorted(c.query_id for c in changes)


@pytest.mark.parametrize("format_", FORMATS)
def test_changes_are_written_like_records(versions, format_, tmp_path):
    changes = list(difference(*versions))
    path = tmp_path / "changes"
    path.write_bytes(b"".join(write(changes, format_, schema=CHANGES)))
    with path.open("rb") as stream:
        again = list(read(stream, format_, schema=CHANGES))
    assert again == changes
    assert all(isinstance(change, Change) for change in again)


def test_both_versions_are_streamed(gold):
    taken = Counter()

    def endless(name, category):
        number = 0
        while True:
            taken[name] += 1
            yield gold(query_id=f"{number:09}", category=category)
            number += 1

    counts = ChangeCounts()
    changes = counts.through(difference(endless("old", "travel"), endless("new", "noise")))
    assert [next(changes).query_id for _ in range(1_000)][-1] == "000000999"
    assert counts.moves == {("travel", "noise"): 1_000}
    assert max(taken.values()) <= 1_001


@pytest.mark.parametrize("ids", [("b", "a"), ("a", "a"), ("q2", "q10")])
def test_disorder_and_repetition_are_refused(gold, ids):
    labels = [gold(query_id=query_id) for query_id in ids]
    for pair in ((labels, []), ([], labels)):
        with pytest.raises(ExportError, match=rf"Query '{ids[1]}' comes after '{ids[0]}'"):
            list(difference(*pair))
