from collections import Counter

import pytest

from annotation.classifier.dataset import Example, near_duplicate_key
from annotation.classifier.errors import ClassifierError
from annotation.classifier.splits import SHARES, split_examples
from annotation.taxonomy import BY_SLUG


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


def test_the_taxonomy_is_learned_but_for_what_is_held_out(little):
    examples = [*little, *labelled("FOR RUNNING!", category="sports-activity")]
    homes = set()
    for seed in range(12):
        split = split_examples(examples, seed=seed)
        held_out = {near_duplicate_key(e.text) for e in (*split.validation, *split.test)}
        taught = {near_duplicate_key(e.text) for e in split.taxonomy}
        assert not held_out & taught
        assert near_duplicate_key("для бега") in taught
        homes.add(near_duplicate_key("for running") in taught)
    assert homes == {True, False}


def test_refuses_too_few_queries_of_either_kind():
    travel = labelled(*(f"trip {n}" for n in range(30)), category="travel")
    with pytest.raises(ClassifierError, match=r"30 labelled queries are too few: the train part .* no non-"):
        split_examples(travel, seed=0)
    with pytest.raises(ClassifierError, match=r"the validation part .* no non-personalised query; label more"):
        split_examples([*travel, *labelled("xzx", category="noise")], seed=0)
    with pytest.raises(ClassifierError, match="0 labelled queries are too few"):
        split_examples([], seed=0)
