import io
import json
import shutil
from dataclasses import asdict

import pytest
from django.core.management import CommandError, call_command

from recsys.core.artifacts import read_manifest
from recsys.recommenders.bm25 import BM25Params


def train(*args, **options) -> str:
    out = io.StringIO()
    call_command("train", *args, stdout=out, **options)
    return out.getvalue()


def refusal(*args, **options) -> str:
    with pytest.raises(CommandError) as error:
        train(*args, **options)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_five_systems_are_whole_artifacts(toy_models):
    for system in ("popularity", "bm25", "retriever", "retriever-cr", "retriever-cr-dp"):
        manifest = read_manifest(toy_models / system)
        assert manifest.slug == system
        card = (toy_models / system / "CARD.md").read_text()
        assert system in card and "Trained with seed 0" in card
        assert {"params.json", "CARD.md", "tracks.json"} <= manifest.files.keys()
        assert not list((toy_models / system).rglob("*.pkl"))


def test_the_same_command_again_does_nothing(toy_folder, tmp_path):
    first = train("bm25", dataset=toy_folder, out=tmp_path / "m")
    before = (tmp_path / "m" / "manifest.json").stat().st_mtime_ns
    assert "trained in" in first
    assert "already trained" in train("bm25", dataset=toy_folder, out=tmp_path / "m")
    assert (tmp_path / "m" / "manifest.json").stat().st_mtime_ns == before


def test_equal_commands_make_equal_artifacts(toy_folder, toy_models, tmp_path):
    train("retriever-cr", dataset=toy_folder, out=tmp_path / "m", encoder=str(toy_models / "encoder"))
    assert read_manifest(tmp_path / "m").files == read_manifest(toy_models / "retriever-cr").files


def test_an_encoder_trained_with_the_system_goes_on_after_an_interruption(
    toy_folder, toy_models, tmp_path, monkeypatch
):
    from recsys.training import encoder_training

    class StopError(Exception):
        pass

    original = encoder_training._save

    def save_then_stop(workspace, embeddings, optimiser, epoch):
        original(workspace, embeddings, optimiser, epoch)
        if epoch == 3:
            raise StopError

    monkeypatch.setattr(encoder_training, "_save", save_then_stop)
    with pytest.raises(StopError):
        train("retriever", dataset=toy_folder, out=tmp_path / "m")
    assert not (tmp_path / "m").exists()
    monkeypatch.setattr(encoder_training, "_save", original)
    train("retriever", dataset=toy_folder, out=tmp_path / "m")
    vectors = "vectors.npy"  # the toy encoder was trained by train_encoder with the same seed
    assert read_manifest(tmp_path / "m").files[vectors] == read_manifest(toy_models / "retriever").files[vectors]


def test_refuses_to_overwrite_another_artifact(toy_folder, toy_models):
    assert "it differs in seed" in refusal("popularity", dataset=toy_folder, out=toy_models / "popularity", seed=1)
    assert "differs in slug" in refusal("popularity", dataset=toy_folder, out=toy_models / "bm25")


def test_refuses_a_folder_with_other_things(toy_folder, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    assert "no artifact" in refusal("popularity", dataset=toy_folder, out=tmp_path)


def test_refuses_an_altered_artifact_instead_of_calling_it_trained(toy_folder, toy_models, tmp_path):
    shutil.copytree(toy_models / "bm25", tmp_path / "m")
    (tmp_path / "m" / "tracks.json").write_text("[]")
    assert "altered after training" in refusal("bm25", dataset=toy_folder, out=tmp_path / "m")


def test_names_the_systems_that_there_are(toy_folder, tmp_path):
    assert "no system 'jam-avg'; available are popularity" in refusal("jam-avg", dataset=toy_folder, out=tmp_path / "m")


def test_refuses_options_a_system_does_not_take(toy_folder, tmp_path):
    place = {"dataset": toy_folder, "out": tmp_path / "m"}
    assert "takes no encoder" in refusal("bm25", encoder="x", **place)
    assert "takes no classifier" in refusal("retriever", classifier=tmp_path, **place)


def test_refuses_an_encoder_that_is_not_there(toy_folder, tmp_path):
    words = refusal("retriever", dataset=toy_folder, out=tmp_path / "m", encoder=str(tmp_path / "nothing"))
    assert "cannot be loaded" in words
    assert not (tmp_path / "m").exists()


def test_refuses_a_classifier_that_is_not_there(toy_folder, toy_models, tmp_path):
    place = {"dataset": toy_folder, "out": tmp_path / "m", "encoder": str(toy_models / "encoder")}
    assert str(tmp_path / "nothing") in refusal("retriever-cr-dp", classifier=tmp_path / "nothing", **place)


def test_takes_a_classifier_made_before(toy_folder, toy_models, tmp_path):
    classifier = toy_models / "retriever-cr-dp" / "classifier"
    train(
        "retriever-cr-dp",
        dataset=toy_folder,
        out=tmp_path / "m",
        encoder=str(toy_models / "encoder"),
        classifier=classifier,
    )
    assert read_manifest(tmp_path / "m").recipe.classifier


def test_refuses_a_data_set_that_is_not_there(tmp_path):
    assert "does not exist" in refusal("popularity", dataset=tmp_path / "nothing", out=tmp_path / "m")


def test_refuses_cuda_where_there_is_none(toy_folder, tmp_path):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    assert "no CUDA device" in refusal("retriever", dataset=toy_folder, out=tmp_path / "m", device="cuda")


def test_sets_a_systems_own_parameters(toy_folder, tmp_path):
    train("bm25", dataset=toy_folder, out=tmp_path / "m", set=["k1=2", "b=0.5"])
    assert read_manifest(tmp_path / "m").parameters == asdict(BM25Params(k1=2.0, b=0.5))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("k1", "has no value"),
        ("k2=1", "no parameter 'k2'; available are k1, b"),
        ("k1=much", "of the type float, got 'much'"),
        ("k1=true", "of the type float, got True"),
    ],
)
def test_refuses_parameters_that_do_not_fit(toy_folder, tmp_path, given, words):
    assert words in refusal("bm25", dataset=toy_folder, out=tmp_path / "m", set=[given])


def test_refuses_parameters_out_of_bounds(toy_folder, toy_models, tmp_path):
    place = {"dataset": toy_folder, "out": tmp_path / "m", "encoder": str(toy_models / "encoder")}
    assert "above 0" in refusal("retriever-cr", set=["query=0.1", "liked=0.1", "disliked=0.9"], **place)


def test_trains_on_two_bare_tracks(tmp_path):
    folder = tmp_path / "bare"
    folder.mkdir()
    about = {"name": "bare", "version": "1", "licence": "CC0-1.0", "source": "a test", "languages": ["en"]}
    (folder / "dataset.json").write_text(json.dumps(about))
    tracks = [
        {"id": name, "title": title, "artists": ["U2"], "genres": [], "moods": [], "themes": []}
        for name, title in (("a", "One"), ("b", "Two"))
    ]
    (folder / "tracks.jsonl").write_text("\n".join(map(json.dumps, tracks)))
    for system in ("popularity", "bm25", "retriever", "retriever-cr"):
        train(system, dataset=folder, out=tmp_path / system)
    assert "queries.jsonl" in refusal("retriever-cr-dp", dataset=folder, out=tmp_path / "dp")
    assert not (tmp_path / "dp").exists()
