import json

import pytest

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.classifier.evidence import Evidence
from annotation.classifier.registry import load_classifier, train_classifier
from annotation.classifier.spec import Spec
from annotation.taxonomy import BY_SLUG


def test_what_the_figures_rest_on_is_kept(artifact, trained, little):
    evidence = Evidence.read(artifact)
    assert {name: len(ids) for name, ids in evidence.parts.items()} == dict(trained[1].split)
    assert sorted(sum(evidence.parts.values(), ())) == sorted(example.id for example in little)
    assert [one.id for one in evidence.predictions] == list(evidence.parts["test"])
    by_id = {example.id: example for example in little}
    texts = [by_id[one.id].text for one in evidence.predictions]
    for one, answer in zip(evidence.predictions, load_classifier(artifact).classify(texts), strict=True):
        assert (one.truth, one.category, one.alpha) == (by_id[one.id].category, answer.category, answer.alpha)
    right = sum((one.alpha >= 0.5) == BY_SLUG[one.truth].personalised for one in evidence.predictions)
    assert trained[1].metrics.binary.accuracy.value == pytest.approx(right / len(evidence.predictions))


def test_a_target_decides_where_alpha_comes_from(little, trained):
    assert set(trained[1].sources) == {"binary", "categories"}
    assert trained[1].sources[trained[1].alpha["source"]] == trained[1].metrics.binary
    for target in ("binary", "categories"):
        _, training = train_classifier(Spec("tfidf", target=target, seed=7), little)
        assert training.alpha["source"] == target
        assert list(training.sources) == [target]


def test_the_split_of_the_data_is_kept(little):
    parts = {example.id: ("train", "train", "validation", "test")[row % 4] for row, example in enumerate(little)}
    classifier, training = train_classifier(Spec("tfidf"), little, parts=parts)
    found = {name: part for part, ids in classifier.evidence.parts.items() for name in ids}
    assert found == parts
    assert training.recipe.parts


def test_a_query_without_a_part_is_named(little):
    parts = {example.id: "train" for example in little[1:]}
    with pytest.raises(ClassifierError, match="Query 'q0' is in the part None of its split; give it one of train"):
        train_classifier(Spec("tfidf"), little, parts=parts)


def test_queries_that_nobody_settled_measure_nothing(little):
    """Of two annotators who differ neither is gold; such a query is learned from and not measured on."""
    differing = {example.id for example in little[::3]}
    other = {"travel": "romantic"}
    mixed = [
        Example(
            example.id,
            example.text,
            example.language,
            (example.annotations[0], ("a2", other.get(example.category, "travel"))),
        )
        if example.id in differing
        else example
        for example in little
    ]
    classifier, training = train_classifier(Spec("tfidf", seed=7), mixed)
    held = set(classifier.evidence.parts["test"]) & differing
    assert held
    assert training.unsettled["test"] == len(held)
    assert training.metrics.queries == len(classifier.evidence.predictions) == training.split["test"] - len(held)
    assert not {one.id for one in classifier.evidence.predictions} & differing


def test_a_test_on_which_nobody_agrees_is_refused(little):
    mixed = [
        Example(e.id, e.text, e.language, (e.annotations[0], ("a2", "noise" if e.category != "noise" else "travel")))
        for e in little
    ]
    with pytest.raises(ClassifierError, match="no other query on which the annotators agree; label or adjudicate"):
        train_classifier(Spec("tfidf"), mixed)


def test_ids_that_occur_twice_are_refused(little):
    with pytest.raises(ClassifierError, match="1 query ids occur more than once, first 'q0'; give each its own"):
        train_classifier(Spec("tfidf"), [*little, little[0]])


def test_the_card_tells_everything(little, tmp_path):
    classifier, training = train_classifier(Spec("tfidf", seed=7, curve=True), little)
    classifier.save(tmp_path / "model")
    words = (tmp_path / "model" / "CARD.md").read_text()
    for needed in (
        training.curve.verdict,
        "![Macro-F1 by the number of labels](curve.svg)",
        "![Alpha against the share of personalised queries](reliability.svg)",
        training.code,
        "### By language",
        "| ru |",
        "Travel |",
        "| categories, platt |",
    ):
        assert needed in words
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text())
    assert {"curve.svg", "reliability.svg"} <= set(manifest["files"])
    assert load_classifier(tmp_path / "model").training == training
