import io
import json
import subprocess
import sys

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recsys.core.artifacts import read_manifest
from recsys.training.encoder import load_encoder

QUICK = ["epochs=1", "queries=titles", "negatives=1", "validation_pool=40", "batch=16", "pairs=32"]


def run(**options) -> str:
    out = io.StringIO()
    call_command("train_encoder", stdout=out, **options)
    return out.getvalue()


def refusal(**options) -> str:
    with pytest.raises(CommandError) as error:
        run(**options)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture(scope="module")
def tiny(toy_folder, tmp_path_factory):
    """A decoder of 16 dimensions, with random weights."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2Model

    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    end = "<|endoftext|>"
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(special_tokens=[end], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(["night drive"], trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=end, pad_token=end).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    vocabulary = tokenizer.get_vocab_size()
    Qwen2Model(Qwen2Config(vocab_size=vocabulary, num_key_value_heads=1, **sizes)).save_pretrained(folder)
    return folder


def test_makes_a_folder_that_loads_as_an_encoder(toy_models):
    assert load_encoder(str(toy_models / "encoder")).encode(["rock"]).shape == (1, 128)
    assert read_manifest(toy_models / "encoder").slug == "static-encoder"


def test_the_same_command_again_does_nothing(toy_folder, toy_models):
    assert "already trained" in run(dataset=toy_folder, out=toy_models / "encoder")


def test_refuses_to_overwrite_another(toy_folder, toy_models):
    assert "differs in seed" in refusal(dataset=toy_folder, out=toy_models / "encoder", seed=3)


def test_sets_the_parameters_of_the_static_encoder(toy_folder, tmp_path):
    run(dataset=toy_folder, out=tmp_path / "e", set=["epochs=1", "dimensions=8", "pieces=900"])
    assert load_encoder(str(tmp_path / "e")).encode(["rock"]).shape == (1, 8)


def test_fine_tunes_a_static_encoder(toy_folder, toy_models, tmp_path):
    words = run(dataset=toy_folder, out=tmp_path / "e", base=str(toy_models / "encoder"), set=QUICK)
    assert "ndcg@10 on the validation queries" in words
    manifest = read_manifest(tmp_path / "e")
    assert manifest.slug == "fine-tuned-encoder"
    assert {"val_ndcg@10", "val_ndcg@10_before", "best_epoch", "pairs", "loss"} <= manifest.metrics.keys()
    assert load_encoder(str(tmp_path / "e")).encode(["rock"]).shape == (1, 128)


def test_fine_tunes_a_decoder_with_adapters(toy_folder, tiny, tmp_path):
    place = {"dataset": toy_folder, "out": tmp_path / "e", "base": str(tiny)}
    assert "trained in" in run(**place, set=[*QUICK, "lora=on", "query_prefix=wish: "])
    card = (tmp_path / "e" / "CARD.md").read_text()
    assert "adapters of rank 16" in card and str(tiny) in card
    assert load_encoder(str(tmp_path / "e")).network.description.query == "wish: "
    assert "already trained" in run(**place, set=[*QUICK, "lora=on", "query_prefix=wish: "])
    assert "differs in parameters" in refusal(**place, set=QUICK)
    run(**{**place, "out": tmp_path / "again"}, set=[*QUICK, "lora=on", "query_prefix=wish: "])
    first, second = (read_manifest(tmp_path / name).files for name in ("e", "again"))
    assert first == second


def test_a_system_takes_what_was_fine_tuned_whole(toy_folder, tiny, tmp_path):
    run(dataset=toy_folder, out=tmp_path / "e", base=str(tiny), set=QUICK)
    call_command("train", "retriever", dataset=toy_folder, out=tmp_path / "m", encoder=str(tmp_path / "e"))
    inside = load_encoder(str(tmp_path / "m" / "encoder"))
    expected = load_encoder(str(tmp_path / "e"))
    assert np.array_equal(inside.encode(["rock"]), expected.encode(["rock"]))
    assert f"{tiny}, fine-tuned with InfoNCE" in (tmp_path / "m" / "CARD.md").read_text()
    assert "encoder/model.safetensors" in read_manifest(tmp_path / "m").files


def test_a_bi_encoder_fine_tunes_what_it_is_given(toy_folder, tiny, toy_models, tmp_path):
    options = {"dataset": toy_folder, "set": ["epochs=1", "pairs=32", "batch=16"]}
    for name, encoder in (("whole", tiny), ("static", toy_models / "encoder")):
        call_command("train", "biencoder", out=tmp_path / name, encoder=str(encoder), **options)
        assert "val_ndcg@10" in read_manifest(tmp_path / name).metrics
        out = io.StringIO()
        call_command("recommend", "biencoder", model=tmp_path / name, query="rock", k=3, json="-", stdout=out)
        assert len(json.loads(out.getvalue())["tracks"]) == 3


def test_loading_needs_no_network_and_ranks_the_same_in_another_process(toy_folder, tiny, tmp_path):
    run(dataset=toy_folder, out=tmp_path / "e", base=str(tiny), set=QUICK)
    code = f"""
import socket, sys
def refuse(*_): raise OSError("no network here")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from recsys.training.encoder import load_encoder
print(load_encoder({str(tmp_path / "e")!r}).encode(["night drive", "рок"]).tobytes().hex())
print("sentence_transformers" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    expected = load_encoder(str(tmp_path / "e")).encode(["night drive", "рок"]).tobytes().hex()
    assert done.stdout.split() == [expected, "False"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("epochs", "has no value"),
        ("layers=1", "Fine-tuning has no parameter 'layers'; available are documents, queries"),
        ("epochs=0", "`epochs` must be above 0, got 0"),
        ("pooling=max", "`pooling` must be one of auto, mean, cls, last, got 'max'"),
        ("queries=titles,all", "`queries` names one or more of titles, requests, wishes"),
        ("negatives_to=3", "hard negatives do not fit between the ranks"),
        ("queries=requests", "nothing to learn from"),
    ],
)
def test_refuses_parameters_that_do_not_fit(toy_folder, toy_models, tmp_path, given, words):
    place = {"dataset": toy_folder, "out": tmp_path / "e", "base": str(toy_models / "encoder")}
    assert words in refusal(**place, set=[given])
    assert not (tmp_path / "e").exists()


def test_refuses_a_base_that_is_not_there(toy_folder, tmp_path):
    assert "no such folder" in refusal(dataset=toy_folder, out=tmp_path / "e", base=str(tmp_path / "nothing"))
