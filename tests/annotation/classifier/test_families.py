import json
import random
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from annotation.classifier.dataset import near_duplicate_key
from annotation.classifier.families import families, joined, similar
from annotation.classifier.reading import read_queries

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "sample" / "queries.jsonl"


@pytest.fixture(scope="module")
def sample():
    return read_queries(SAMPLE)


def trigrams(key: str) -> set[str]:
    return {key[start : start + 3] for start in range(len(key) - 2)}


def likeness(first: str, second: str) -> Fraction:
    """The Jaccard similarity, as a fraction, so that no rounding can hide a fault."""
    return Fraction(len(trigrams(first) & trigrams(second)), len(trigrams(first) | trigrams(second)))


def partition(names: list[str]) -> list[list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        places[name].append(place)
    return sorted(places.values())


def test_joins_equal_keys_equal_groups_and_typing_errors():
    texts = [
        "for running",
        "FOR RUNNING!",
        "для бега",
        "music for a long train ride",
        "music for a long train rides",
        "для бега по лесу",
    ]
    names = families(texts, ["g1", "", "g1", "", "", ""])
    assert partition(names) == [[0, 1, 2], [3, 4], [5]]
    assert names[0] == near_duplicate_key("for running")
    assert names[3] == "musicforalongtrainride"


def test_an_empty_group_joins_nothing():
    assert partition(families(["one", "two", "three"], ["", "", ""])) == [[0], [1], [2]]
    assert families([], []) == []


def test_the_rules_hold_along_a_chain():
    """en = ru by group, ru ~ ru2 by key, ru2 = ru3 by another group: one wish."""
    names = families(["for running", "для бега", "ДЛЯ БЕГА!!", "под бег"], ["a", "a", "b", "b"])
    assert set(names) == {near_duplicate_key("for running")}


def test_four_fifths_are_enough_and_less_is_not():
    # nine trigrams each, eight of them shared: 8 of 10; then eight each, seven shared: 7 of 9
    assert likeness("abcdefghijk", "bcdefghijkl") == Fraction(4, 5)
    assert list(similar(["abcdefghijk", "bcdefghijkl"])) == [("abcdefghijk", "bcdefghijkl")]
    assert list(similar(["abcdefghij", "bcdefghijk"])) == []


def test_texts_of_few_letters_are_not_compared():
    assert likeness("абвгдеж1234", "абвгдеж12345") > Fraction(4, 5)
    assert list(similar(["абвгдеж1234", "абвгдеж12345"])) == []
    assert list(similar(["абвгдежз1234", "абвгдежз12345"])) == [("абвгдежз1234", "абвгдежз12345")]


def test_finds_every_pair_that_a_comparison_of_all_with_all_finds(sample):
    chance = random.Random(3)
    keys = [near_duplicate_key(query.text) for query in sample[:90]]
    for key in keys[:]:
        for _ in range(3):  # so many errors that some pairs lie on either side of the bound
            letters = list(key)
            for _ in range(chance.randint(1, 3)):
                letters[chance.randrange(len(letters))] = chance.choice("абвxyz")
            keys.append("".join(letters))
    keys = sorted({key for key in keys if sum(map(str.isalpha, key)) >= 8})
    wanted = {frozenset(pair) for pair in combinations(keys, 2) if likeness(*pair) >= Fraction(4, 5)}
    found = [frozenset(pair) for pair in similar(keys)]
    assert len(found) == len(set(found))
    assert set(found) == wanted
    assert len(wanted) > 50


@pytest.mark.parametrize("seed", range(3))
def test_the_order_changes_nothing(sample, seed):
    chosen = sample[:600] + [query for query in sample[600:] if query.group][:300]
    shuffled = random.Random(seed).sample(chosen, k=len(chosen))
    names = dict(zip([query.id for query in chosen], families(*columns(chosen)), strict=True))
    assert dict(zip([query.id for query in shuffled], families(*columns(shuffled)), strict=True)) == names


def columns(queries) -> tuple[list[str], list[str]]:
    return [query.text for query in queries], [query.group for query in queries]


def test_a_family_is_named_after_its_smallest_key():
    assert families(["zebra", "peach", "mango"], ["g", "", "g"]) == ["mango", "peach", "mango"]
    assert joined(["b2", "a1", "c3"], ["g", "", "g"]) == ["b2", "a1", "b2"]


def test_what_each_rule_joins_in_the_sample(sample):
    """The numbers that `families.py` and `sample/README.md` state."""
    keys = Counter(near_duplicate_key(query.text) for query in sample)
    assert [sum(1 for n in keys.values() if n > 1), sum(n for n in keys.values() if n > 1)] == [4, 8]
    groups = Counter(query.group for query in sample if query.group)
    assert [len(groups), groups.total()] == [628, 1442]
    assert list(similar(set(keys))) == []


def test_no_chain_joins_much_of_the_sample(sample):
    sizes = Counter(families(*columns(sample)))
    assert max(sizes.values()) == 7
    assert sum(size for size in sizes.values() if size > 1) == 1448


def test_typing_errors_join_their_own_query_only(sample):
    long_ones = [query for query in sample if len(near_duplicate_key(query.text)) >= 40][:200]
    wrong = [query.text[:20] + query.text[21:] for query in long_ones]
    names = families([query.text for query in long_ones] + wrong, [""] * 400)
    assert partition(names) == [[place, place + 200] for place in range(200)]


def test_texts_of_one_pattern_do_not_chain():
    """Logs hold thousands of texts such as "songs by X"; they are one topic, not one wish."""
    words = json.loads((ROOT / "sample" / "tag_names.json").read_text(encoding="utf-8"))
    tags = sorted({name for names in words.values() for name in names})
    texts = [f"{start} {tag}" for tag in tags for start in ("songs for", "музыка", "something like")]
    sizes = Counter(families(texts, [""] * len(texts)))
    assert max(sizes.values()) < 0.02 * len(texts)


def test_groups_of_the_sample_have_two_members_or_more_and_readable_names(sample):
    groups = Counter(query.group for query in sample if query.group)
    assert min(groups.values()) == 2
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert json.dumps(row, ensure_ascii=False) == line
        assert list(row) in (["id", "text", "lang", "annotations"], ["id", "text", "lang", "annotations", "group"])
