"""Loading encoders: our own without torch, and any sentence-transformers model."""

from pathlib import Path

import numpy as np
import pytest

from recsys.core.errors import ArtifactError, RequestError
from recsys.training.encoder import load_encoder, save_encoder
from recsys.training.encoder_training import StaticEncoderParams, train_static_encoder
from recsys.training.static_encoder import StaticEncoder, is_static

TEXTS = ["night drive", "Грустные песни о ЛЮБВИ", "Beyoncé!", "unheardofword ыыы", "🎄", "", "ёж"]


@pytest.fixture(scope="module")
def encoder(toy):
    return train_static_encoder(toy, seed=1, params=StaticEncoderParams(epochs=1, dimensions=16, pieces=1500))


@pytest.fixture(scope="module")
def folder(encoder, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("encoders") / "static"
    save_encoder(encoder, path)
    return path


@pytest.fixture(scope="module")
def bert(toy, tmp_path_factory) -> Path:
    """A sentence-transformers model with random weights, as small as they come."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator([track.title for track in toy.tracks], trainer)
    parts = tmp_path_factory.mktemp("bert")
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(parts / "transformer")
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=500, max_position_embeddings=64, **sizes)).save_pretrained(parts / "transformer")
    transformer = Transformer(str(parts / "transformer"))
    model = SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu")
    model.save(str(parts / "model"))
    return parts / "model"


def test_vectors_have_length_one_or_none(encoder):
    lengths = np.linalg.norm(encoder.encode(TEXTS), axis=1)
    assert lengths == pytest.approx([1, 1, 1, 1, 0, 0, 1], abs=1e-6)


def test_survives_saving(encoder, folder):
    loaded = load_encoder(str(folder))
    assert isinstance(loaded, StaticEncoder)
    assert np.array_equal(loaded.encode(TEXTS), encoder.encode(TEXTS))
    assert loaded.fingerprint == encoder.fingerprint


def test_sentence_transformers_gives_the_same_vectors(encoder, folder):
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu").encode(TEXTS, show_progress_bar=False)
    assert np.abs(theirs - encoder.encode(TEXTS)).max() < 1e-5


def test_a_damaged_folder_is_refused(folder, tmp_path):
    import shutil

    for name in ("model.safetensors", "tokenizer.json"):
        copy = tmp_path / name
        shutil.copytree(folder, copy)
        (copy / "0_StaticEmbedding" / name).write_bytes(b"half")
        with pytest.raises(ArtifactError, match="0_StaticEmbedding"):
            load_encoder(str(copy))


def test_any_sentence_transformers_folder_is_an_encoder(bert, tmp_path):
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(bert))
    assert not is_static(bert)
    texts = ["night drive", "love", "\ud800"]
    vectors = encoder.encode(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    theirs = SentenceTransformer(str(bert), device="cpu").encode(texts[:2], normalize_embeddings=True)
    assert np.abs(theirs - vectors[:2]).max() < 1e-5
    save_encoder(encoder, tmp_path / "pinned")
    assert np.array_equal(load_encoder(str(tmp_path / "pinned")).encode(texts), vectors)


def test_a_model_that_changed_since_is_refused(bert, tmp_path):
    import shutil

    from safetensors.numpy import load_file, save_file

    copy = tmp_path / "model"
    shutil.copytree(bert, copy)
    save_encoder(load_encoder(str(copy)), tmp_path / "pinned")
    [weights] = copy.rglob("model.safetensors")
    tensors = load_file(weights)
    name = sorted(tensors)[0]
    save_file({**tensors, name: tensors[name] + 1}, weights, metadata={"format": "pt"})
    with pytest.raises(ArtifactError, match="not the one this artifact was trained with"):
        load_encoder(str(tmp_path / "pinned"))


@pytest.mark.parametrize("name", ["nobody/no-such-model", "/no/such/folder"])
def test_what_cannot_be_loaded_is_refused_in_one_sentence(name, bert, capfd):
    with pytest.raises(RequestError, match=f"The encoder {name} cannot be loaded") as refusal:
        load_encoder(name)
    assert "\n" not in str(refusal.value)
    assert capfd.readouterr() == ("", "")  # the libraries would write a page


def test_a_retriever_works_with_any_encoder(toy, bert, tmp_path):
    from recsys.core.ranking import ListenerQuery
    from recsys.recommenders.retriever.plain import Retriever

    retriever = Retriever.train(toy, seed=0, encoder=load_encoder(str(bert)))
    retriever.save(tmp_path)
    query = [ListenerQuery("night drive")]
    assert Retriever.load(tmp_path).recommend(query, k=5) == retriever.recommend(query, k=5)
    assert "frozen" in " ".join(retriever.notes)
