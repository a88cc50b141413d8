import os
from pathlib import Path

import pytest

from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the hub library is imported

SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="module", autouse=True)
def _same_sums(one_torch_thread):
    pass


@pytest.fixture(scope="session")
def toy(toy_folder) -> Dataset:
    return read_dataset(toy_folder)


@pytest.fixture(scope="session")
def word_pieces(toy):
    """A tokenizer of whole words and their parts, as BERT's."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = [*SPECIAL.values(), "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=900, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator([playlist.title for playlist in toy.playlists], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **SPECIAL)


@pytest.fixture(scope="session")
def byte_pairs(toy):
    """A tokenizer of our own over bytes, which splits at spaces only, unlike Qwen2's."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([playlist.title for playlist in toy.playlists], trainer)
    end = "<|endoftext|>"
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, eos_token=end, pad_token=end)


def written(model, tokenizer, folder: Path) -> Path:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def plain_bert(word_pieces, tmp_path_factory) -> Path:
    """An encoder of transformers without a word on pooling."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(word_pieces), max_position_embeddings=64, **SMALL)
    return written(BertModel(config), word_pieces, tmp_path_factory.mktemp("models") / "bert")


@pytest.fixture(scope="session")
def plain_modernbert(word_pieces, tmp_path_factory) -> Path:
    import torch
    from transformers import ModernBertConfig, ModernBertModel

    torch.manual_seed(0)
    config = ModernBertConfig(
        vocab_size=len(word_pieces),
        max_position_embeddings=64,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        cls_token_id=2,
        sep_token_id=3,
        **SMALL,
    )
    return written(ModernBertModel(config), word_pieces, tmp_path_factory.mktemp("models") / "modernbert")


@pytest.fixture(scope="session")
def plain_qwen(byte_pairs, tmp_path_factory) -> Path:
    """The architecture of the paper's Qwen2.5-7B, 16 dimensions wide."""
    import torch
    from transformers import Qwen2Config, Qwen2Model

    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(byte_pairs),
        max_position_embeddings=128,
        num_key_value_heads=1,
        eos_token_id=0,
        bos_token_id=0,
        **SMALL,
    )
    return written(Qwen2Model(config), byte_pairs, tmp_path_factory.mktemp("models") / "qwen2")
