import json
from importlib import import_module

import pytest

from annotation.classifier.artifacts import MANIFEST
from annotation.classifier.errors import ClassifierError
from annotation.classifier.registry import KINDS, kind_of, load_classifier, planned_recipe, train_classifier
from annotation.classifier.spec import Spec


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        (Spec("tfidf"), "tfidf"),
        (Spec("rumodernbert"), "encoder"),
        (Spec("./encoder", frozen=True), "embeddings"),
    ],
)
def test_the_kind_that_a_spec_asks_for(spec, kind):
    assert kind_of(spec) == kind


def test_the_plan_is_what_training_follows(little, trained):
    assert planned_recipe(Spec("tfidf", seed=7), little) == trained[1].recipe
    for other in (Spec("tfidf", seed=8), Spec("tfidf", seed=7, target="binary"), Spec("tfidf", seed=7, curve=True)):
        assert planned_recipe(other, little).fingerprint != trained[1].fingerprint
    assert planned_recipe(Spec("tfidf", seed=7), little[1:]).fingerprint != trained[1].fingerprint
    parts = {example.id: "train" for example in little}
    assert planned_recipe(Spec("tfidf", seed=7), little, parts=parts).fingerprint != trained[1].fingerprint


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": " "}, "`model` is empty; name tfidf, a preset"),
        ({"seed": -1}, "`seed` must be at least 0, got -1"),
        ({"target": "all"}, "`target` must be one of both, binary, categories, got 'all'"),
        ({"recipe": "mine"}, "`recipe` must be one of default, paper, got 'mine'"),
        ({"device": "tpu"}, "`device` must be one of cpu, cuda, got 'tpu'"),
    ],
)
def test_what_cannot_be_is_refused(options, words):
    with pytest.raises(ClassifierError, match=words):
        Spec(**{"model": "tfidf", **options})


def test_loads_by_the_kind_in_the_manifest(artifact, trained):
    loaded = load_classifier(artifact)
    assert loaded.kind == "tfidf"
    assert loaded.classify(["for running", ""]) == trained[0].classify(["for running", ""])


def test_a_kind_of_another_version_is_named(artifact):
    value = json.loads((artifact / MANIFEST).read_text())
    value["recipe"]["kind"] = "oracle"
    (artifact / MANIFEST).write_text(json.dumps(value))
    with pytest.raises(ClassifierError, match="no classifiers of the kind 'oracle', only `embeddings`"):
        load_classifier(artifact)


def test_a_folder_without_a_classifier_is_named(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ClassifierError, match="there is no whole classifier here"):
            load_classifier(folder)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_where_the_table_says(kind):
    for place in (KINDS[kind].trainer, KINDS[kind].scorer):
        module, _, name = place.partition(":")
        assert getattr(import_module(module), name).__name__ == name


def test_progress_can_end_a_training(little):
    class EnoughError(Exception):
        pass

    def stop(*_step):
        raise EnoughError

    with pytest.raises(EnoughError):
        train_classifier(Spec("tfidf"), little, progress=stop)
