import json
from dataclasses import dataclass, replace

import pytest

from annotation.code_version import code_version
from recsys.core import artifacts
from recsys.core.artifacts import (
    Recipe,
    folder_hash,
    new_artifact,
    read_manifest,
    read_params,
    verify,
    write_params,
)
from recsys.core.errors import ArtifactError

RECIPE = Recipe(slug="toy", parameters={"depth": 3}, data="d" * 64, seed=7)


def make(target, recipe=RECIPE):
    with new_artifact(target, recipe) as draft:
        (draft.directory / "weights.bin").write_bytes(b"\x00\x01")
        (draft.directory / "parts").mkdir()
        (draft.directory / "parts" / "a.json").write_text("{}")
        draft.catalogue = "c" * 64
        draft.metrics["loss"] = 0.5
    return target


@pytest.fixture
def artifact(tmp_path):
    artifacts._verified.clear()
    return make(tmp_path / "model")


def test_the_manifest_says_what_was_made(artifact):
    manifest = read_manifest(artifact)
    assert manifest.recipe == RECIPE
    assert (manifest.slug, manifest.parameters, manifest.data_fingerprint) == ("toy", {"depth": 3}, "d" * 64)
    assert manifest.fingerprint == RECIPE.fingerprint
    assert manifest.catalogue == "c" * 64
    assert manifest.metrics == {"loss": 0.5}
    assert set(manifest.files) == {"weights.bin", "parts/a.json"}
    assert manifest.libraries["numpy"]
    assert manifest.code_version == code_version()


def test_nothing_is_left_beside_it(artifact):
    assert [path.name for path in artifact.parent.iterdir()] == ["model"]


@pytest.mark.parametrize(
    "change", [{"slug": "x"}, {"parameters": {"depth": 4}}, {"data": "e"}, {"seed": 8}, {"encoder": "f"}, {"format": 2}]
)
def test_whatever_decides_a_ranking_changes_the_fingerprint(change):
    assert replace(RECIPE, **change).fingerprint != RECIPE.fingerprint


def test_a_failure_leaves_no_artifact_and_keeps_checkpoints_for_the_same_recipe(tmp_path):
    target = tmp_path / "model"
    with pytest.raises(KeyboardInterrupt), new_artifact(target, RECIPE) as draft:
        (draft.directory / "half").write_text("x")
        (draft.checkpoints / "epoch").write_text("3")
        raise KeyboardInterrupt
    assert not target.exists()
    with new_artifact(target, RECIPE) as draft:
        assert (draft.checkpoints / "epoch").read_text() == "3"
        assert not list(draft.directory.iterdir())
    assert target.is_dir()


def test_checkpoints_of_another_recipe_are_thrown_away(tmp_path):
    with pytest.raises(ZeroDivisionError), new_artifact(tmp_path / "model", RECIPE) as draft:
        (draft.checkpoints / "epoch").write_text("3")
        raise ZeroDivisionError
    with new_artifact(tmp_path / "model", replace(RECIPE, seed=8)) as draft:
        assert not list(draft.checkpoints.iterdir())


def test_what_stands_there_is_never_overwritten(artifact):
    before = folder_hash(artifact)
    with pytest.raises(ArtifactError, match="something here already"):
        make(artifact, replace(RECIPE, seed=8))
    assert folder_hash(artifact) == before


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "model").mkdir()
    assert read_manifest(make(tmp_path / "model")).slug == "toy"


def test_two_processes_do_not_make_the_same_artifact(tmp_path):
    with (
        new_artifact(tmp_path / "model", RECIPE),
        pytest.raises(ArtifactError, match="another process"),
        new_artifact(tmp_path / "model", RECIPE),
    ):
        pass


def test_a_whole_artifact_is_verified_once_per_process(artifact):
    verify(artifact)
    (artifact / "weights.bin").write_bytes(b"changed")
    verify(artifact)  # known good: not read again
    artifacts._verified.clear()
    with pytest.raises(ArtifactError, match=r"weights\.bin: this file was altered after training"):
        verify(artifact)


def test_refuses_a_missing_file(artifact):
    (artifact / "parts" / "a.json").unlink()
    with pytest.raises(ArtifactError, match=r"a\.json: this file of the artifact is missing"):
        verify(artifact)


def test_refuses_another_system(artifact):
    with pytest.raises(ArtifactError, match=r"made by toy, not by bm25\.$"):
        verify(artifact, slug="bm25")


def test_refuses_where_there_is_no_artifact(tmp_path):
    with pytest.raises(ArtifactError, match="no whole artifact here"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b"null", b'{"recipe": {}}', b'{"recipe": {"format": 1}}']
)
def test_refuses_what_is_no_manifest(artifact, content):
    (artifact / "manifest.json").write_bytes(content)
    with pytest.raises(ArtifactError, match="not a manifest"):
        read_manifest(artifact)


def edited(artifact, **changes):
    value = json.loads((artifact / "manifest.json").read_text())
    (artifact / "manifest.json").write_text(json.dumps(value | changes))


def test_refuses_an_altered_recipe(artifact):
    edited(artifact, recipe={**json.loads((artifact / "manifest.json").read_text())["recipe"], "seed": 99})
    with pytest.raises(ArtifactError, match="altered after training"):
        read_manifest(artifact)


def test_refuses_a_newer_format(artifact):
    edited(artifact, recipe={**json.loads((artifact / "manifest.json").read_text())["recipe"], "format": 2})
    with pytest.raises(ArtifactError, match="has format 2, this program reads 1"):
        read_manifest(artifact)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname"])
def test_refuses_files_outside_the_artifact(artifact, name):
    edited(artifact, files={name: "0" * 64})
    with pytest.raises(ArtifactError):
        verify(artifact)


@dataclass(frozen=True)
class Params:
    depth: int = 1


def test_parameters_go_there_and_back(tmp_path):
    write_params(tmp_path, "toy", Params(5))
    assert read_params(tmp_path, "toy", Params) == Params(5)


@pytest.mark.parametrize("content", ['{"slug": "toy", "parameters": {"breadth": 1}}', "{}", "[]", "nonsense"])
def test_refuses_parameters_that_do_not_fit(tmp_path, content):
    (tmp_path / "params.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"params\.json"):
        read_params(tmp_path, "toy", Params)
