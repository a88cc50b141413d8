"""A little set of labelled queries that a linear classifier can tell apart, and the classifier trained on it."""

import random

import pytest

from annotation.classifier.dataset import Example
from annotation.classifier.registry import train_classifier
from annotation.taxonomy import CATEGORIES


def little_examples(per_category: int = 12) -> list[Example]:
    chance = random.Random(0)
    fillers = ["please", "now", "музыка", "something", "нужна", "tonight"]
    examples = []
    for category in CATEGORIES:
        for number in range(per_category):
            language = ("en", "ru")[number % 2]
            words = category.examples(language)[0]
            if language == "en":
                words += f" {category.title(language)}"
            picked = chance.sample(words.split(), k=min(2, len(words.split())))
            text = " ".join([*picked, chance.choice(fillers), f"n{number}x{len(examples)}"])
            labels = (("a1", category.slug), ("a2", category.slug))
            examples.append(Example(f"q{len(examples)}", text, language, labels))
    return examples


@pytest.fixture(scope="session")
def little() -> list[Example]:
    return little_examples()


@pytest.fixture(scope="session")
def trained(little):
    """(classifier, training result) of the little set."""
    return train_classifier("tfidf", little, seed=7)


@pytest.fixture
def artifact(trained, tmp_path):
    """The folder of the classifier of the little set."""
    trained[0].save(tmp_path / "model")
    return tmp_path / "model"
