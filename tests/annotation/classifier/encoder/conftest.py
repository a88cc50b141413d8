"""Random encoders of the four architectures, as small as they come, with tokenizers trained here; queries to learn."""

import random
from pathlib import Path

import pytest

from annotation.classifier.dataset import Example
from annotation.taxonomy import BY_SLUG, CATEGORIES

ARCHITECTURES = ("bert", "roberta", "modernbert", "sentence-bert")
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
VOCABULARY = 400
WORDS = {
    "travel": "дорога road поезд trip самолёт",
    "romantic": "любовь kiss свидание tender нежность",
    "children": "сказка kids детский cartoon малыш",
    "public-places": "кофейня cafe ресторан lobby магазин",
}
FILLERS = ("please", "музыка", "for", "и", "now", "нужна", "something", "2024")


def toy_examples(per_category: int, *, seed: int = 0) -> list[Example]:
    """Queries of four categories, two of them personalised; one word tells the category."""
    chance = random.Random(seed)
    examples = []
    for number in range(per_category):
        for slug, words in WORDS.items():
            text = " ".join(chance.sample([chance.choice(words.split()), *chance.sample(FILLERS, 2)], 3))
            examples.append(Example(f"{seed}-{slug}-{number}", text, "ru", (("a", slug),)))
    return examples


@pytest.fixture(scope="module", autouse=True)
def _same_sums(one_torch_thread):
    pass


@pytest.fixture(scope="session")
def toy() -> tuple[list[Example], list[Example]]:
    """(train, validation)."""
    return toy_examples(24), toy_examples(10, seed=1)


@pytest.fixture(scope="session")
def encoders(tmp_path_factory) -> dict[str, Path]:
    """Folder of each architecture's encoder."""
    assert set(WORDS) <= set(BY_SLUG)
    root = tmp_path_factory.mktemp("encoders")
    for name in ARCHITECTURES:
        make_encoder(name, root / name)
    return {name: root / name for name in ARCHITECTURES}


def corpus() -> list[str]:
    texts = [example for category in CATEGORIES for lang in ("en", "ru") for example in category.examples(lang)]
    return [*texts, *WORDS.values(), " ".join(FILLERS)] * 3


def make_encoder(name: str, folder: Path) -> None:
    import torch
    from transformers import (
        BertConfig,
        BertModel,
        ModernBertConfig,
        ModernBertModel,
        RobertaConfig,
        RobertaModel,
    )

    torch.manual_seed(0)
    if name == "roberta":
        tokenizer = byte_pairs(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
        config = RobertaConfig(vocab_size=VOCABULARY, max_position_embeddings=40 + 2, pad_token_id=1, **SIZES)
        model = RobertaModel(config)
    elif name == "modernbert":
        tokenizer = byte_pairs(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
        ids = {"bos_token_id": 0, "cls_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "sep_token_id": 2}
        layers = ["full_attention", "sliding_attention"]
        config = ModernBertConfig(
            vocab_size=VOCABULARY, max_position_embeddings=256, local_attention=8, layer_types=layers,
            classifier_pooling="mean", **ids, **SIZES,
        )  # fmt: skip
        model = ModernBertModel(config)
    else:
        tokenizer = word_pieces()
        model = BertModel(BertConfig(vocab_size=VOCABULARY, max_position_embeddings=64, **SIZES))
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    if name == "sentence-bert":
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')
        (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 48}')


def word_pieces():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    # the library's trainer gives another vocabulary each time, and with some of them a head learns late
    letters = sorted({letter for text in corpus() for letter in text if not letter.isspace()})
    words = [word for line in WORDS.values() for word in line.split()] + list(FILLERS)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    assert len(vocabulary) <= VOCABULARY
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=64,
    )  # fmt: skip


def byte_pairs(special: list[str]):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", cls_token="<s>", pad_token="<pad>", eos_token="</s>",
        sep_token="</s>", unk_token="<unk>", mask_token="<mask>",
    )  # fmt: skip


LEARNS = {"learning_rate": 3e-3, "head_learning_rate": 1e-2, "epochs": 8, "batch_size": 16, "patience": 3}
"""Overrides with which the random encoders learn the toy queries in a second or two."""


def silent(step: str, done: int, total: int) -> None:
    """A report that nobody reads."""


@pytest.fixture(scope="session")
def fitted(encoders, toy):
    """A fine-tuned scorer of every architecture: name -> (trainer, scorer)."""
    from annotation.classifier.encoder.trainers import EncoderTrainer
    from annotation.classifier.spec import Spec

    made = {}
    for name, folder in encoders.items():
        trainer = EncoderTrainer.of(Spec(str(folder), overrides=LEARNS))
        made[name] = (trainer, trainer.fit(*toy, seed=0, report=silent))
    return made
