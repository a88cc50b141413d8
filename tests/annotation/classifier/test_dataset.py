from dataclasses import dataclass, replace

import pytest

from annotation.classifier.dataset import Example, as_examples, data_hash, near_duplicate_key
from annotation.classifier.errors import ClassifierError


def example(*categories: str) -> Example:
    return Example("q", "text", "en", tuple((f"a{n}", category) for n, category in enumerate(categories)))


@pytest.mark.parametrize(
    ("categories", "gold"),
    [
        (["travel"], "travel"),
        (["noise", "travel", "travel"], "travel"),
        (["noise", "travel"], "noise"),
        (["noise", "travel", "romantic", "travel", "romantic"], "travel"),
    ],
)
def test_the_majority_decides_and_among_equals_the_first(categories, gold):
    assert example(*categories).category == gold


def test_the_category_decides_whether_it_is_personalised():
    assert example("travel").personalised
    assert not example("noise").personalised


@dataclass
class Foreign:
    id: str
    text: str
    language: str
    annotations: tuple[tuple[str, str], ...]
    group: str


def test_takes_the_labelled_queries_of_others():
    foreign = Foreign("q", "text", "en", (("a0", "travel"),), "g1")
    assert as_examples([foreign]) == [replace(example("travel"), group="g1")]


def test_refuses_queries_without_or_with_unknown_labels():
    with pytest.raises(ClassifierError, match="'q' has no annotations; add one"):
        as_examples([example()])
    with pytest.raises(ClassifierError, match="unknown category 'jazz'; use one of emotional-state"):
        as_examples([example("jazz")])


def test_the_hash_follows_every_field_and_the_order():
    first, second = example("travel"), example("noise")
    hashes = {data_hash([first, second]), data_hash([second, first]), data_hash([first]), data_hash([])}
    hashes.add(data_hash([replace(first, group="g1")]))
    assert len(hashes) == 5
    assert data_hash([first]) == data_hash([example("travel")])


@pytest.mark.parametrize(
    "variant",
    [
        "For running!",
        "for  RUNNING",
        "for runnnning",
        "«for running»",
        "for running 🏃",
        "ｆｏｒ running",
        "for-running",
    ],
)
def test_near_duplicates_share_a_key(variant):
    assert near_duplicate_key(variant) == near_duplicate_key("for running")


def test_different_texts_have_different_keys():
    texts = ["for running", "for run", "rock 1984", "rock 1985", "!!!", "🥺", "для бега", ""]
    assert len({near_duplicate_key(text) for text in texts}) == len(texts)
