import json
from dataclasses import replace
from pathlib import Path

import pytest

from annotation.classifier.artifacts import MANIFEST, existing_artifact, verify, write_artifact
from annotation.classifier.errors import ClassifierError
from annotation.code_version import code_version

FILES = {
    "CARD.md", "calibration.json", "manifest.json", "params.json", "predictions.jsonl", "reliability.json",
    "reliability.svg", "split.json", "vocabulary.json", "weights.npz",
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change_manifest(folder: Path, **changes: object) -> None:
    value = json.loads((folder / MANIFEST).read_text())
    for path, content in changes.items():
        place, *names = path.split("__")
        target = value
        for name in [place, *names][:-1]:
            target = target[name]
        target[[place, *names][-1]] = content
    (folder / MANIFEST).write_text(json.dumps(value))


def test_holds_what_a_reader_needs(artifact, trained):
    assert {path.name for path in artifact.iterdir()} == FILES
    manifest = json.loads((artifact / MANIFEST).read_text())
    assert manifest["recipe"]["kind"] == "tfidf"
    assert manifest["recipe"]["format"] == 2
    assert manifest["recipe"]["seed"] == 7
    assert len(manifest["recipe"]["data"]) == len(manifest["fingerprint"]) == 64
    assert sum(manifest["split"].values()) == 228
    assert {"numpy", "scikit-learn", "scipy"} <= set(manifest["libraries"])
    assert manifest["code"] == code_version()
    assert manifest["unsettled"] == {"validation": 0, "test": 0}
    assert set(manifest["sources"]) == {"binary", "categories"}
    assert manifest["curve"] is None
    assert set(manifest["files"]) == FILES - {MANIFEST}
    assert manifest["alpha"]["calibration"] in {"temperature", "platt", "isotonic"}
    assert manifest["metrics"]["binary"]["ece"]["ci"]
    assert verify(artifact) == trained[1]


def test_the_card_names_the_figures_in_plain_words(artifact, trained):
    words = (artifact / "CARD.md").read_text()
    assert "228 labelled queries" in words
    assert f"{trained[1].metrics.binary.accuracy.value:.3f}" in words
    assert "{" not in words


def test_an_empty_folder_is_filled_and_parents_are_made(trained, tmp_path):
    (tmp_path / "empty").mkdir()
    trained[0].save(tmp_path / "empty")
    trained[0].save(tmp_path / "deep" / "er")
    assert contents(tmp_path / "empty") == contents(tmp_path / "deep" / "er")


def test_the_same_again_changes_nothing(artifact, trained):
    before = {path: path.stat().st_mtime_ns for path in artifact.iterdir()}
    trained[0].save(artifact)
    assert {path: path.stat().st_mtime_ns for path in artifact.iterdir()} == before


def test_another_classifier_is_not_overwritten(artifact, trained):
    other = replace(trained[1].recipe, seed=8)
    before = contents(artifact)
    with pytest.raises(ClassifierError, match=r"another classifier is here .* choose another folder or remove it"):
        existing_artifact(artifact, other)
    assert contents(artifact) == before


@pytest.mark.parametrize("make", [Path.touch, lambda path: (path.mkdir(), (path / "thesis.txt").touch())])
def test_anything_else_is_not_overwritten(trained, tmp_path, make):
    make(tmp_path / "mine")
    with pytest.raises(ClassifierError, match="something here that is no classifier; choose another folder"):
        trained[0].save(tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_failure_leaves_nothing(trained, tmp_path):
    def fail(folder: Path) -> None:
        (folder / "params.json").write_text("{}")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_artifact(tmp_path / "model", trained[1], fail)
    assert list(tmp_path.iterdir()) == []


def test_of_two_writers_the_second_finds_the_first(trained, tmp_path):
    target = tmp_path / "model"

    def slower(folder: Path) -> None:
        trained[0].save(target)
        (folder / "params.json").write_text("{}")

    write_artifact(target, trained[1], slower)
    assert verify(target) == trained[1]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("name", sorted(FILES - {MANIFEST}))
def test_a_missing_or_altered_file_is_named(artifact, name):
    original = (artifact / name).read_bytes()
    (artifact / name).write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    with pytest.raises(ClassifierError, match=rf"{name}: this file was altered after training; train"):
        verify(artifact)
    (artifact / name).unlink()
    with pytest.raises(ClassifierError, match=rf"{name}: this file of the classifier is missing; train it again"):
        verify(artifact)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recipe__seed": 8}, "this was altered after training"),
        ({"recipe__surplus": 8}, "this was altered after training"),
        ({"metrics__binary": {}}, "this was altered after training"),
        ({"files": {"../escape": "0"}}, "this was altered after training"),
        ({"files": 5}, "this was altered after training"),
        ({"recipe__format": 99}, "this classifier has format 99, this program reads 2; train it again"),
        ({"recipe__kind": 5}, "this is no manifest of a classifier"),
        ({"recipe": []}, "this is no manifest of a classifier"),
    ],
)
def test_an_altered_manifest_is_refused(artifact, changes, words):
    change_manifest(artifact, **changes)
    with pytest.raises(ClassifierError, match=words):
        verify(artifact)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_damaged_manifest_is_refused(artifact, content):
    (artifact / MANIFEST).write_bytes(content)
    with pytest.raises(ClassifierError, match="this is no manifest of a classifier; train it again"):
        verify(artifact)


def test_an_older_taxonomy_and_another_kind_are_refused(artifact, monkeypatch):
    with pytest.raises(ClassifierError, match="this classifier is of the kind tfidf, not encoder"):
        verify(artifact, kind="encoder")
    monkeypatch.setattr("annotation.classifier.artifacts.TAXONOMY_VERSION", 2)
    with pytest.raises(ClassifierError, match="knows version 1 of the taxonomy, this program 2; train it again"):
        verify(artifact)
