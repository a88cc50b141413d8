"""Fine-tuning of tiny networks: a decoder with adapters as the paper's, and encoders."""

import copy
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from recsys.core.errors import ArtifactError, RequestError
from recsys.training.encoder import load_encoder, save_encoder
from recsys.training.fine_tuning.loop import Training
from recsys.training.fine_tuning.neural import INSTRUCTION
from recsys.training.fine_tuning.tuning import fine_tune

TEXTS = ["night drive", "Грустные песни о любви", "a", "jazz for dinner " * 20]


@pytest.fixture(scope="module")
def qwen(plain_qwen):
    return load_encoder(str(plain_qwen))


@pytest.fixture(scope="module")
def bert(plain_bert):
    return load_encoder(str(plain_bert))


@pytest.fixture(scope="module")
def unheld(toy):
    """The toy without validation queries: the last epoch is kept, and so every step shows in the result."""
    return replace(toy, playlists=tuple(playlist for playlist in toy.playlists if playlist.split != "val"))


@pytest.fixture(scope="module")
def adapted(qwen, unheld, short):
    """The decoder with adapters, an instruction, the last token and a gradient in parts."""
    return fine_tune(qwen, unheld, replace(short, lora="on", lora_rank=4), seed=3)


def vectors(encoder, kind="query"):
    return encoder.encode(TEXTS, kind=kind)


def theirs(folder, kind="query"):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    return (model.encode_query if kind == "query" else model.encode_document)(TEXTS, show_progress_bar=False)


def test_a_decoder_is_trained_and_what_came_stays_as_it_was(adapted, qwen, plain_qwen):
    assert not np.allclose(vectors(adapted.encoder, "track"), vectors(qwen, "track"), atol=1e-3)
    assert np.array_equal(vectors(qwen), vectors(load_encoder(str(plain_qwen))))
    assert adapted.encoder.network.description.pooling == "last"
    assert adapted.encoder.network.description.query == INSTRUCTION
    assert "adapters of rank 4" in " ".join(adapted.notes) and "merged" in " ".join(adapted.notes)


@pytest.mark.parametrize("kind", ["query", "track"])
def test_saved_it_loads_to_the_same_vectors_here_and_there(adapted, kind, tmp_path):
    save_encoder(adapted.encoder, tmp_path / "m")
    again = load_encoder(str(tmp_path / "m"))
    assert np.array_equal(vectors(again, kind), vectors(adapted.encoder, kind))
    assert again.fingerprint == adapted.encoder.fingerprint and again.fine_tuned
    assert theirs(tmp_path / "m", kind) == pytest.approx(vectors(again, kind), abs=1e-6)
    assert not (tmp_path / "m" / "adapter_config.json").exists()


def test_an_instruction_stands_before_queries_only(adapted, qwen):
    ours = vectors(adapted.encoder, "track")
    spelled = adapted.encoder.encode([INSTRUCTION + text for text in TEXTS], kind="track")
    assert vectors(adapted.encoder, "query") == pytest.approx(spelled, abs=1e-6)
    assert np.abs(vectors(adapted.encoder, "query") - ours).max() > 1e-3


def test_kept_adapters_go_with_the_name_of_their_base(qwen, unheld, short, plain_qwen, tmp_path):
    base = tmp_path / "base"
    shutil.copytree(plain_qwen, base)
    params = replace(short, lora="on", lora_rank=2, adapter="keep", epochs=1)
    tuned = fine_tune(load_encoder(str(base)), unheld, params, seed=3).encoder
    save_encoder(tuned, tmp_path / "m")
    weights = list((tmp_path / "m").rglob("*.safetensors"))
    assert [path.name for path in weights] == ["adapter_model.safetensors"]
    again = load_encoder(str(tmp_path / "m"))
    assert vectors(again) == pytest.approx(vectors(tuned), abs=1e-6)
    assert theirs(tmp_path / "m") == pytest.approx(vectors(tuned), abs=1e-6)
    further = fine_tune(again, unheld, replace(params, lora="off", rate=1e-5), seed=4).encoder
    save_encoder(further, tmp_path / "further")
    assert (tmp_path / "further" / "model.safetensors").is_file()
    assert vectors(load_encoder(str(tmp_path / "further"))) == pytest.approx(vectors(further), abs=1e-6)
    assert 0 < np.abs(vectors(further) - vectors(tuned)).max() < 0.05
    save_encoder(again, tmp_path / "copy")
    assert vectors(load_encoder(str(tmp_path / "copy"))) == pytest.approx(vectors(tuned), abs=1e-6)
    from safetensors.torch import load_file, save_file

    changed = {name: tensor + 0.01 for name, tensor in load_file(base / "model.safetensors").items()}
    save_file(changed, base / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ArtifactError, match="has changed since"):
        load_encoder(str(tmp_path / "m"))


@pytest.mark.parametrize("kind", ["plain_bert", "plain_modernbert"])
def test_encoders_learn_with_all_weights(kind, request, unheld, short, tmp_path):
    base = load_encoder(str(request.getfixturevalue(kind)))
    tuned = fine_tune(base, unheld, replace(short, epochs=6), seed=1)
    assert tuned.figures["epochs"] == 6 and tuned.figures["pairs"] == 6 * 48
    assert tuned.encoder.network.description.query == ""
    save_encoder(tuned.encoder, tmp_path / "m")
    assert np.array_equal(vectors(load_encoder(str(tmp_path / "m"))), vectors(tuned.encoder))
    assert theirs(tmp_path / "m") == pytest.approx(vectors(tuned.encoder), abs=1e-6)


def test_the_loss_falls(bert, unheld, short):
    losses = [fine_tune(bert, unheld, replace(short, epochs=n), seed=1).figures for n in (1, 8)]
    assert losses[1]["loss"] < losses[0]["loss"] - 0.1


def test_parts_and_the_whole_batch_train_the_same(bert, unheld, short):
    """Drop-out is drawn for each part; without it the size of the parts changes nothing but the rounding."""
    still = copy.deepcopy(bert)
    for module in still.network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    params = replace(short, rate=1e-4)
    whole = fine_tune(still, unheld, replace(params, micro_batch=999), seed=2).encoder
    parts = fine_tune(still, unheld, replace(params, micro_batch=5), seed=2).encoder
    assert vectors(parts) == pytest.approx(vectors(whole), abs=1e-4)
    assert np.abs(vectors(whole) - vectors(bert)).max() > 1e-3


class StopError(Exception):
    pass


@pytest.mark.parametrize("stop_after", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("data", ["toy", "unheld"])
def test_goes_on_after_an_interruption_to_the_same_bits(bert, data, request, short, stop_after, tmp_path):
    """Three steps an epoch and a checkpoint after the second: within epochs, at their ends, before the first."""
    toy = request.getfixturevalue(data)
    expected = fine_tune(bert, toy, short, seed=5)
    if data == "unheld":
        assert not np.allclose(vectors(expected.encoder), vectors(bert), atol=1e-3)

    def stop(step, done, total):
        if step == "fine-tuning" and done == stop_after:
            raise StopError

    with pytest.raises(StopError):
        fine_tune(bert, toy, short, seed=5, workspace=tmp_path, progress=stop)
    seen = []
    tuned = fine_tune(
        bert, toy, short, seed=5, workspace=tmp_path, progress=lambda step, done, total: seen.append((step, done))
    )
    assert np.array_equal(vectors(tuned.encoder), vectors(expected.encoder))
    assert tuned.encoder.fingerprint == expected.encoder.fingerprint
    timed = "pairs_per_second"
    assert {**tuned.figures, timed: 0} == {**expected.figures, timed: 0}
    first = min(done for step, done in seen if step == "fine-tuning")
    assert first == {1: 1, 2: 1, 3: 3, 4: 4, 5: 4, 6: 6}[stop_after]


def test_adapters_go_on_after_an_interruption_too(qwen, adapted, unheld, short, tmp_path):
    def stop(step, done, total):
        if step == "fine-tuning" and done == 5:
            raise StopError

    params = replace(short, lora="on", lora_rank=4)
    with pytest.raises(StopError):
        fine_tune(qwen, unheld, params, seed=3, workspace=tmp_path, progress=stop)
    resumed = fine_tune(qwen, unheld, params, seed=3, workspace=tmp_path).encoder
    assert np.array_equal(vectors(resumed), vectors(adapted.encoder))


def test_a_damaged_checkpoint_is_refused(bert, toy, short, tmp_path):
    (tmp_path / "fine-tuning.safetensors").write_bytes(b"half")
    with pytest.raises(ArtifactError, match="damaged; remove"):
        fine_tune(bert, toy, short, seed=5, workspace=tmp_path)


def test_activations_computed_twice_are_the_same(bert, unheld, short):
    params = replace(short, epochs=1, pairs=16)
    kept = fine_tune(bert, unheld, params, seed=2).encoder
    again = fine_tune(bert, unheld, replace(params, gradient_checkpointing=True), seed=2).encoder
    assert vectors(again) == pytest.approx(vectors(kept), abs=1e-5)


def test_chance_is_left_as_it_was(bert, toy, short):
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    fine_tune(bert, toy, replace(short, epochs=1, pairs=16), seed=2)
    assert torch.equal(torch.rand(3), expected)


def test_pooling_and_prefix_as_asked_for(bert, unheld, short):
    params = replace(short, epochs=1, pairs=16, pooling="cls", query_prefix="wish: ")
    about = fine_tune(bert, unheld, params, seed=2).encoder.network.description
    assert (about.pooling, about.query, about.track) == ("cls", "wish: ", "")


def test_adapters_on_modules_that_they_do_not_fit_are_refused(plain_bert, unheld, short, tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.dense import Dense
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = [Transformer(str(plain_bert)), Pooling(16), Dense(16, 8)]
    SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path / "dense"))
    dense = load_encoder(str(tmp_path / "dense"))
    with pytest.raises(RequestError, match="plain transformer"):
        fine_tune(dense, unheld, replace(short, lora="on"), seed=0)
    tuned = fine_tune(dense, unheld, replace(short, epochs=1, pairs=16), seed=0).encoder
    save_encoder(tuned, tmp_path / "m")
    assert vectors(load_encoder(str(tmp_path / "m"))) == pytest.approx(vectors(tuned), abs=1e-6)
    assert theirs(tmp_path / "m") == pytest.approx(vectors(tuned), abs=1e-6)
    assert not np.allclose(vectors(tuned), vectors(dense), atol=1e-4)


def test_full_memory_is_said_with_a_remedy(bert, toy, short, monkeypatch):
    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Training, "_run", full)
    with pytest.raises(RequestError, match="lower `micro_batch`"):
        fine_tune(bert, toy, short, seed=0)
