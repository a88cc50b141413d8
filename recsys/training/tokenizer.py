"""A small subword tokenizer of a data set's own words, English and Russian alike."""

from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

MARK = "▁"
"""Stands before the first piece of a word."""

# Accents go (Beyoncé is typed Beyonce), but not the breve, which makes й of и; ё loses its dots like any letter.
_ACCENTS = Regex("[\u0300-\u0305\u0307-\u036f]")
_NO_WORD = Regex(r"[^\p{L}\p{N}]+")


def train_tokenizer(texts: Iterable[str], *, size: int) -> Tokenizer:
    """Learn byte-pair merges from the texts: at most `size` pieces. The same texts give the same tokenizer."""
    tokenizer = _bare(models.BPE())
    trainer = trainers.BpeTrainer(vocab_size=size, min_frequency=2, show_progress=False)
    tokenizer.train_from_iterator(sorted(texts), trainer)
    return tokenizer


def coarser(tokenizer: Tokenizer, share: float) -> Tokenizer:
    """Return the same tokenizer with only the first `share` of its merges: shorter pieces, same ids.

    Trained on both, an encoder knows the parts of words too, and so words it never saw. BPE dropout does the same,
    but the library draws it from a generator that cannot be seeded.
    """
    import json

    value = json.loads(tokenizer.to_str())
    merges = value["model"]["merges"]
    value["model"]["merges"] = merges[: int(len(merges) * share)]
    return Tokenizer.from_str(json.dumps(value))


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def _bare(model: models.Model) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKD(),
            normalizers.Replace(_ACCENTS, ""),
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(_NO_WORD, " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always")
    return tokenizer
