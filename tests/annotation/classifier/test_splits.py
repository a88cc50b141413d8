from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from annotation.classifier.dataset import Example, near_duplicate_key
from annotation.classifier.errors import ClassifierError
from annotation.classifier.reading import read_queries
from annotation.classifier.splits import SHARES, split_examples
from annotation.taxonomy import BY_SLUG

SAMPLE = Path(__file__).resolve().parents[3] / "sample" / "queries.jsonl"


def parts(split) -> dict[str, tuple[Example, ...]]:
    return {name: getattr(split, name) for name in SHARES}


def labelled(*texts: str, category: str) -> list[Example]:
    return [Example(f"{category}-{text}", text, "en", (("a", category),)) for text in texts]


def test_cuts_every_category_70_20_10(little):
    split = split_examples(little, seed=1)
    assert sum(split.sizes.values()) == len(little)
    assert sorted(example.id for part in parts(split).values() for example in part) == sorted(e.id for e in little)
    for slug in BY_SLUG:
        counts = {name: sum(e.category == slug for e in part) for name, part in parts(split).items()}
        for name, share in SHARES.items():
            assert abs(counts[name] - share * 12) < 1, (slug, counts)


def test_the_seed_decides(little):
    assert split_examples(little, seed=1) == split_examples(little, seed=1)
    assert split_examples(little, seed=1) != split_examples(little, seed=2)


@pytest.mark.parametrize("seed", range(5))
def test_near_duplicates_stay_together(little, seed):
    doubled = [
        *little,
        *(Example(f"{e.id}-again", f"{e.text.upper()}!!", e.language, e.annotations) for e in little[::3]),
    ]
    split = split_examples(doubled, seed=seed)
    homes = Counter(key for part in parts(split).values() for key in {near_duplicate_key(e.text) for e in part})
    assert set(homes.values()) == {1}


@pytest.mark.parametrize("seed", range(5))
def test_translations_stay_together(little, seed):
    """Two languages of one wish share no letter, so that only the group can hold them together."""
    grouped = [replace(e, group=f"{e.category} {number % 12 // 2}") for number, e in enumerate(little)]
    split = split_examples(grouped, seed=seed)
    homes = Counter(group for part in parts(split).values() for group in {e.group for e in part})
    assert set(homes.values()) == {1}
    assert len(homes) == len(little) / 2


def test_a_family_counts_in_its_most_frequent_category(little):
    """Two of three labels say travel: the thirteenth family of travel, not of noise, is dealt out."""
    mixed = [
        *labelled("zzz 1", category="noise"),
        *labelled("up the hills by train", "в горы на поезде", category="travel"),
    ]
    split = split_examples([*little, *(replace(e, group="g") for e in mixed)], seed=2)
    without = split_examples(little, seed=2)
    noise = [[e.id for e in part if e.category == "noise" and not e.group] for part in parts(split).values()]
    assert noise == [[e.id for e in part if e.category == "noise"] for part in parts(without).values()]


def test_the_taxonomy_is_learned_but_for_what_is_held_out(little):
    examples = [*little, *labelled("FOR RUNNING!", category="sports-activity")]
    homes = set()
    for seed in range(12):
        split = split_examples(examples, seed=seed)
        held_out = {near_duplicate_key(e.text) for e in (*split.validation, *split.test)}
        taught = {near_duplicate_key(e.text) for e in split.taxonomy}
        assert not held_out & taught
        homes.add(("for running" in {e.text for e in split.taxonomy}, "для бега" in {e.text for e in split.taxonomy}))
    assert homes == {(True, True), (False, False)}  # never the one without its translation


def test_the_taxonomy_leaves_out_what_is_alike_or_translated_and_nothing_else(little):
    """One wrong letter in the Russian example takes the English one at its place out as well."""
    ours = {language: BY_SLUG["romantic"].examples(language)[0] for language in ("ru", "en")}
    wrong = Example("alike", ours["ru"].replace("м", "н", 1), "ru", (("a", "romantic"),))
    everything = {
        text
        for category in BY_SLUG.values()
        for language in ("en", "ru")
        for text in (category.title(language), *category.examples(language))
    }
    gone = set()
    for seed in range(12):
        split = split_examples([*little, wrong], seed=seed)
        left_out = frozenset(everything - {e.text for e in split.taxonomy})
        assert left_out == (frozenset(ours.values()) if wrong not in split.train else frozenset())
        gone.add(left_out)
    assert len(gone) == 2


@pytest.fixture(scope="module")
def sample_with_errors() -> list[Example]:
    """The sample, and 300 of its longer queries once more with a typing error, in no group."""
    sample = read_queries(SAMPLE)
    long_ones = [e for e in sample if len(near_duplicate_key(e.text)) >= 40][:300]
    wrong = [Example(f"{e.id}-again", e.text[:20] + e.text[21:], e.language, e.annotations) for e in long_ones]
    return [*sample, *wrong]


@pytest.mark.parametrize("seed", range(3))
def test_nothing_alike_lies_across_the_split_of_the_sample(sample_with_errors, seed):
    """Looks at every two queries of two parts, by a product of matrices, and asks nothing of `families`."""
    split = split_examples(sample_with_errors, seed=seed)
    assert sum(split.sizes.values()) == len(sample_with_errors)
    shares = [size / len(sample_with_errors) for size in split.sizes.values()]
    assert shares == pytest.approx(list(SHARES.values()), abs=0.005)
    learned = (*split.train, *split.taxonomy)
    for first, second in ((learned, split.validation), (learned, split.test), (split.validation, split.test)):
        assert not {e.group for e in first if e.group} & {e.group for e in second}
        assert not {near_duplicate_key(e.text) for e in first} & {near_duplicate_key(e.text) for e in second}
        assert most_alike(first, second) < 0.8
    assert most_alike(sample_with_errors[: len(sample_with_errors) - 300], sample_with_errors[-300:]) > 0.9


def most_alike(first: Sequence[Example], second: Sequence[Example]) -> float:
    """The highest Jaccard similarity of trigrams between the texts of two parts, of eight letters or more."""
    keys = [[near_duplicate_key(example.text) for example in part] for part in (first, second)]
    sides = [[key for key in part if sum(map(str.isalpha, key)) >= 8] for part in keys]
    words = CountVectorizer(analyzer="char", ngram_range=(3, 3), binary=True, lowercase=False, dtype=np.int64)
    words.fit([*sides[0], *sides[1]])
    one, other = (words.transform(side) for side in sides)
    both = (one @ other.T).toarray()
    return float((both / (one.sum(axis=1) + other.sum(axis=1).T - both)).max())


def test_the_seed_decides_the_split_of_the_sample(sample_with_errors):
    assert split_examples(sample_with_errors, seed=4) == split_examples(sample_with_errors, seed=4)
    assert split_examples(sample_with_errors, seed=4) != split_examples(sample_with_errors, seed=5)


def test_refuses_too_few_queries_of_either_kind():
    travel = labelled(*(f"trip {n}" for n in range(30)), category="travel")
    with pytest.raises(ClassifierError, match=r"30 labelled queries are too few: the train part .* no non-"):
        split_examples(travel, seed=0)
    with pytest.raises(ClassifierError, match=r"the validation part .* no non-personalised query; label more"):
        split_examples([*travel, *labelled("xzx", category="noise")], seed=0)
    with pytest.raises(ClassifierError, match="0 labelled queries are too few"):
        split_examples([], seed=0)
