import shutil
import sys
from dataclasses import replace

import pytest

from annotation.classifier.artifacts import read_manifest
from annotation.classifier.errors import ClassifierError
from annotation.classifier.serving import classifier_of
from annotation.classifier_version import ClassifierVersion


@pytest.fixture
def version(artifact, tmp_path) -> ClassifierVersion:
    folder = tmp_path / "copy"
    shutil.copytree(artifact, folder)
    return ClassifierVersion(run=1, name="n", fingerprint=read_manifest(folder)["fingerprint"], path=folder)


def test_is_read_once(version):
    first = classifier_of(version)
    assert first.classify(["for running"])[0].category
    shutil.rmtree(version.path)
    assert classifier_of(version) is first


def test_another_fingerprint_is_refused_and_asked_again(version):
    wrong = replace(version, fingerprint="0" * 64)
    for _ in range(2):
        with pytest.raises(ClassifierError, match="another classifier is in this folder now"):
            classifier_of(wrong)
    assert classifier_of(version)


def test_a_damaged_one_is_refused_until_it_is_mended(version):
    path = version.path / "calibration.json"
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    with pytest.raises(ClassifierError, match="altered after training"):
        classifier_of(version)
    path.write_bytes(before)
    assert classifier_of(version)


def test_a_library_that_is_not_there_is_named(version, monkeypatch):
    monkeypatch.setitem(sys.modules, "annotation.classifier.tfidf", None)
    with pytest.raises(ClassifierError, match=r"needs annotation\.classifier\.tfidf; install it"):
        classifier_of(version)
