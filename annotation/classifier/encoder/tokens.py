"""From texts to token ids, the same in training and in service, and how ids become batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Integers = NDArray[np.int64]

FILE = "tokenizer.json"


@dataclass(frozen=True)
class Tokens:
    """A tokenizer that cuts texts off at `max_length` tokens.

    Attributes:
        pad_id: fills the rows of a batch.
        empty_id: stands for a text that has no tokens at all, which no attention could look at.
    """

    tokenizer: "Tokenizer"
    max_length: int
    pad_id: int
    empty_id: int

    @classmethod
    def of(cls, tokenizer: "Tokenizer", *, max_length: int, pad_id: int, empty_id: int) -> Self:
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_length)
        return cls(tokenizer, max_length, pad_id, empty_id)

    @classmethod
    def read(cls, directory: Path, *, max_length: int, pad_id: int, empty_id: int) -> Self:
        """Read `tokenizer.json`.

        Raises:
            ValueError: It is missing or broken.
        """
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(directory / FILE))
        except Exception as error:  # the library raises bare exceptions
            raise ValueError(f"{FILE}: {error}") from error
        return cls.of(tokenizer, max_length=max_length, pad_id=pad_id, empty_id=empty_id)

    def write(self, directory: Path) -> None:
        self.tokenizer.save(str(directory / FILE))

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        # one by one: the library's batches start a thread per core
        return [self.tokenizer.encode(sound(text)).ids or [self.empty_id] for text in texts]


def sound(text: str) -> str:
    """Replace lone surrogates, which come in through JSON escapes and which no UTF-8 library takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def padded(token_ids: Sequence[Sequence[int]], pad_id: int) -> tuple[Integers, Integers]:
    """Return ids and mask, both of shape (texts, length of the longest)."""
    lengths = np.array([len(ids) for ids in token_ids])
    ids = np.full((len(token_ids), int(lengths.max())), pad_id, dtype=np.int64)
    mask = (np.arange(ids.shape[1]) < lengths[:, None]).astype(np.int64)
    ids[mask.astype(bool)] = np.concatenate([np.asarray(row, dtype=np.int64) for row in token_ids])
    return ids, mask


def by_length(lengths: Sequence[int], *, max_tokens: int, max_texts: int) -> Iterator[Integers]:
    """Yield the indices of batches of about equal length, each of at most `max_tokens` tokens with its padding.

    A text longer than that is a batch of its own.
    """
    batch: list[int] = []
    # shortest first, so that the newest is the longest of its batch
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == max_texts or (len(batch) + 1) * lengths[index] > max_tokens):
            yield np.array(batch)
            batch = []
        batch.append(index)
    if batch:
        yield np.array(batch)


def epoch_batches(lengths: Sequence[int], size: int, *, seed: int, epoch: int) -> list[Integers]:
    """Return the batches of one epoch: shuffled, then alike in length within stretches of eight batches.

    They depend on seed and epoch alone, so that a fit can go on in the middle of an epoch.
    """
    generator = np.random.default_rng([seed, epoch])
    order = generator.permutation(len(lengths))
    by_token_count = np.asarray(lengths)
    batches: list[Integers] = []
    for start in range(0, len(order), 8 * size):
        stretch = order[start : start + 8 * size]
        stretch = stretch[np.argsort(by_token_count[stretch], kind="stable")]
        batches += [stretch[first : first + size] for first in range(0, len(stretch), size)]
    return [batches[index] for index in generator.permutation(len(batches))]
