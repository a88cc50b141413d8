import json

import pytest

from annotation.classifier.artifacts import MANIFEST
from annotation.classifier.errors import ClassifierError
from annotation.classifier.registry import KINDS, load_classifier, planned_recipe, train_classifier


@pytest.mark.parametrize("model", ["intfloat/multilingual-e5-small", "./encoder", "", "TFIDF"])
def test_what_is_not_available_is_said(model, little):
    for refuse in (train_classifier, planned_recipe):
        with pytest.raises(ClassifierError, match=r"is not available: this version trains `tfidf` only") as refusal:
            refuse(model, little, seed=0)
        assert repr(model) in str(refusal.value)


def test_the_plan_is_what_training_follows(little, trained):
    assert planned_recipe("tfidf", little, seed=7) == trained[1].recipe
    assert planned_recipe("tfidf", little, seed=8).fingerprint != trained[1].fingerprint
    assert planned_recipe("tfidf", little[1:], seed=7).fingerprint != trained[1].fingerprint


def test_a_negative_seed_is_refused(little):
    with pytest.raises(ClassifierError, match="`seed` must be at least 0, got -1"):
        train_classifier("tfidf", little, seed=-1)


def test_loads_by_the_kind_in_the_manifest(artifact, trained):
    loaded = load_classifier(artifact)
    assert loaded.kind == "tfidf"
    assert loaded.classify(["for running", ""]) == trained[0].classify(["for running", ""])


def test_a_kind_of_another_version_is_named(artifact):
    value = json.loads((artifact / MANIFEST).read_text())
    value["recipe"]["kind"] = "encoder"
    (artifact / MANIFEST).write_text(json.dumps(value))
    with pytest.raises(ClassifierError, match="no classifiers of the kind 'encoder', only `tfidf`"):
        load_classifier(artifact)


def test_a_folder_without_a_classifier_is_named(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ClassifierError, match="there is no whole classifier here"):
            load_classifier(folder)


def test_every_kind_can_be_imported(artifact):
    assert sorted(KINDS) == ["tfidf"]
    assert json.loads((artifact / MANIFEST).read_text())["recipe"]["kind"] in KINDS
