import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.classifier.encoder.tokens import Tokens, by_length, epoch_batches, padded


def test_rows_are_padded_to_the_longest():
    ids, mask = padded([[5, 6, 7], [8]], pad_id=1)
    assert ids.tolist() == [[5, 6, 7], [8, 1, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


@given(st.lists(st.integers(1, 300), max_size=60))
def test_batches_hold_every_text_once_and_keep_their_limits(lengths):
    batches = list(by_length(lengths, max_tokens=400, max_texts=7))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[index] for index in batch)
        assert len(batch) <= 7
        assert len(batch) == 1 or len(batch) * longest <= 400


def test_an_epoch_is_a_function_of_seed_and_number():
    lengths = list(np.random.default_rng(0).integers(2, 30, 100))
    first = epoch_batches(lengths, 16, seed=3, epoch=2)
    assert sorted(np.concatenate(first)) == list(range(100))
    assert sorted(map(len, first)) == [4, 16, 16, 16, 16, 16, 16]
    again = epoch_batches(lengths, 16, seed=3, epoch=2)
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    for other in (epoch_batches(lengths, 16, seed=3, epoch=3), epoch_batches(lengths, 16, seed=4, epoch=2)):
        assert not np.array_equal(np.concatenate(first), np.concatenate(other))


def test_batches_are_alike_in_length():
    lengths = list(np.random.default_rng(0).integers(2, 100, 640))
    spread = [np.ptp(np.array(lengths)[batch]) for batch in epoch_batches(lengths, 16, seed=0, epoch=0)]
    assert np.mean(spread) < 30  # shuffled alone they would be about 87 apart


def test_a_text_without_tokens_gets_one(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "[PAD]": 1, "run": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokens = Tokens.of(tokenizer, max_length=2, pad_id=1, empty_id=0)
    assert tokens.encode(["", "run", "run run run", "\ud800"]) == [[0], [2], [2, 2], [0]]
    tokens.write(tmp_path)
    read = Tokens.read(tmp_path, max_length=2, pad_id=1, empty_id=0)
    assert read.encode(["run", "run run run"]) == [[2], [2, 2]]


def test_a_broken_file_is_a_value_error(tmp_path):
    for content in (None, "{"):
        if content:
            (tmp_path / "tokenizer.json").write_text(content)
        with pytest.raises(ValueError, match="tokenizer"):
            Tokens.read(tmp_path, max_length=8, pad_id=0, empty_id=0)
