"""Networks of every kind, beside what sentence-transformers makes of the same folder."""

import json
import shutil

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.training.encoder import load_encoder
from recsys.training.neural.files import Description
from recsys.training.neural.loading import load_network
from recsys.training.neural.modules import ModulesNetwork
from recsys.training.neural.network import TransformerNetwork
from recsys.training.neural.tokenizers import PROBES
from recsys.training.pretrained import PACKAGED, packaged_folder

TEXTS = [*PROBES, "love", "sad songs about love " * 30, "rock", "", *(f"title number {n}" for n in range(40))]
ALIKE = [f"title number {n}" for n in range(10, 50)]
"""Texts of one length, which are not packed."""


def theirs(folder, texts, kind="query"):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    encode = model.encode_query if kind == "query" else model.encode_document
    return encode(texts, batch_size=32, show_progress_bar=False)


def test_minilm_is_the_same_to_the_bit_as_in_sentence_transformers():
    encoder = load_encoder(PACKAGED)
    assert isinstance(encoder.network, TransformerNetwork)
    for kind in ("query", "track"):
        assert np.array_equal(encoder.encode(ALIKE, kind=kind), theirs(packaged_folder(), ALIKE, kind))
        assert encoder.encode(TEXTS, kind=kind) == pytest.approx(theirs(packaged_folder(), TEXTS, kind), abs=1e-6)
    assert np.linalg.norm(encoder.encode(TEXTS), axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


@pytest.mark.parametrize("kind", ["plain_bert", "plain_modernbert", "plain_qwen"])
def test_a_plain_model_is_saved_for_sentence_transformers_to_the_same_bits(kind, request, tmp_path):
    network = load_network(str(request.getfixturevalue(kind)), device="cpu")
    network.description = Description(
        pooling=network.description.pooling, max_length=32, query="wish: ", track="a track: "
    )
    network.save(tmp_path)
    again = load_network(str(tmp_path), device="cpu")
    texts = [text for text in TEXTS if text]
    for kind in ("query", "track"):
        vectors = network.encode(texts, kind)
        assert np.array_equal(again.encode(texts, kind), vectors)
        assert np.array_equal(theirs(tmp_path, texts, kind), vectors)
    assert again.description == network.description
    assert not np.array_equal(network.encode(texts, "query"), network.encode(texts, "track"))


@pytest.mark.parametrize(("kind", "pooling"), [("plain_bert", "mean"), ("plain_qwen", "last")])
def test_a_decoder_is_read_at_its_last_token_and_an_encoder_as_a_mean(kind, pooling, request):
    assert load_network(str(request.getfixturevalue(kind)), device="cpu").description.pooling == pooling


def test_an_empty_text_has_a_vector_alone_and_in_company(plain_qwen):
    network = load_network(str(plain_qwen), device="cpu")
    alone, company = network.encode([""], "track"), network.encode(["", "night drive"], "track")
    assert np.linalg.norm(alone) == pytest.approx(1, abs=1e-5)
    assert company[0] == pytest.approx(alone[0], abs=1e-5)
    assert network.encode([], "query").shape == (0, 16)


def test_the_ids_of_a_tokenizer_are_those_of_its_file(plain_qwen, byte_pairs):
    """transformers puts Qwen2's rules in the place of the file's; the file is what the model was trained on."""
    from transformers import AutoTokenizer

    expected = byte_pairs(list(PROBES))["input_ids"]
    assert AutoTokenizer.from_pretrained(plain_qwen)(list(PROBES))["input_ids"] != expected
    assert load_network(str(plain_qwen), device="cpu").tokenizer(list(PROBES))["input_ids"] == expected


def test_other_modules_are_left_to_sentence_transformers(plain_bert, tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.dense import Dense
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    dense = Dense(16, 8)
    SentenceTransformer(modules=[Transformer(str(plain_bert)), Pooling(16), dense], device="cpu").save(str(tmp_path))
    network = load_network(str(tmp_path), device="cpu")
    assert isinstance(network, ModulesNetwork)
    expected = theirs(tmp_path, TEXTS)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert network.encode(TEXTS, "query") == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("pooling", ["cls", "max"])
def test_every_pooling_gives_what_sentence_transformers_gives(pooling, plain_bert, tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    modules = [Transformer(str(plain_bert)), Pooling(16, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, device="cpu").save(str(tmp_path))
    network = load_network(str(tmp_path), device="cpu")
    assert isinstance(network, TransformerNetwork) == (pooling == "cls")
    expected = theirs(tmp_path, TEXTS)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert network.encode(TEXTS, "query") == pytest.approx(expected, abs=1e-6)


def test_a_model_whose_weights_are_missing_is_refused(plain_bert, tmp_path):
    from safetensors.torch import load_file, save_file

    shutil.copytree(plain_bert, tmp_path / "m")
    weights = load_file(tmp_path / "m" / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, tmp_path / "m" / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(RequestError, match=r"1 of its weights are missing, encoder\.layer\.1\.output\.dense\.weight"):
        load_network(str(tmp_path / "m"), device="cpu")


def test_a_model_with_a_decoder_for_writing_is_refused(tmp_path, word_pieces):
    from transformers import T5Config, T5Model

    T5Model(T5Config(vocab_size=900, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2)).save_pretrained(tmp_path)
    word_pieces.save_pretrained(tmp_path)
    with pytest.raises(RequestError, match="an encoder and a decoder"):
        load_network(str(tmp_path), device="cpu")


def test_code_that_comes_with_a_model_is_not_run(plain_bert, tmp_path):
    shutil.copytree(plain_bert, tmp_path / "m")
    config = json.loads((tmp_path / "m" / "config.json").read_text())
    config |= {"model_type": "theirs", "auto_map": {"AutoConfig": "code.C", "AutoModel": "code.M"}}
    (tmp_path / "m" / "config.json").write_text(json.dumps(config))
    (tmp_path / "m" / "code.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(RequestError, match="cannot be loaded"):
        load_network(str(tmp_path / "m"), device="cpu")
    assert not (tmp_path / "ran").exists()
