"""Fine-tuning token vectors in numpy."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.training.fine_tuning.tuning import fine_tune
from recsys.training.static_encoder import StaticEncoder
from recsys.training.tokenizer import train_tokenizer


@pytest.fixture(scope="module")
def base(toy):
    tokenizer = train_tokenizer([playlist.title for playlist in toy.playlists], size=800)
    vectors = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 12)).astype(np.float32)
    return StaticEncoder(tokenizer, vectors)


@pytest.fixture(scope="module")
def params(short):
    return replace(short, epochs=4, rate=0.02, pairs=0, mine_every=2)


class StopError(Exception):
    pass


def test_the_best_epoch_is_kept_and_what_came_stays(base, toy, params):
    """Held out are the training titles in other words, so that something can be learned of them from so little."""
    learned = [playlist for playlist in toy.playlists if playlist.split == "train"]
    asked = [replace(one, id=f"{one.id}v", title=f"{one.title} !", split="val") for one in learned]
    before = base.embeddings.copy()
    tuned = fine_tune(base, replace(toy, playlists=(*learned, *asked)), replace(params, validation_pool=0), seed=1)
    assert np.array_equal(base.embeddings, before)
    assert tuned.figures["best_epoch"] >= 1
    assert tuned.figures["val_ndcg@10"] > tuned.figures["val_ndcg@10_before"]
    assert not np.array_equal(tuned.encoder.embeddings, before)


@pytest.mark.parametrize("stop_after", [1, 2, 3, 4])
def test_goes_on_after_an_interruption_to_the_same_bits(base, toy, params, stop_after, tmp_path):
    """The second and the fourth epoch learn from the hard negatives of the one before."""
    expected = fine_tune(base, toy, params, seed=1)
    seen = []

    def stop(step, done, total):
        seen.append(done)
        if done == stop_after:
            raise StopError

    with pytest.raises(StopError):
        fine_tune(base, toy, params, seed=1, workspace=tmp_path, progress=stop)
    resumed = fine_tune(base, toy, params, seed=1, workspace=tmp_path, progress=lambda *each: seen.append(each[1]))
    assert np.array_equal(resumed.encoder.embeddings, expected.encoder.embeddings)
    assert resumed.figures == expected.figures
    assert seen == [1, 2, 3, 4]


def test_seeds_differ(base, toy, params):
    one, other = (fine_tune(base, toy, replace(params, epochs=1, patience=0), seed=seed) for seed in (1, 2))
    assert one.figures["loss"] != other.figures["loss"]


def test_a_damaged_checkpoint_is_refused(base, toy, params, tmp_path):
    (tmp_path / "fine-tuning.safetensors").write_bytes(b"half")
    with pytest.raises(ArtifactError, match="damaged; remove"):
        fine_tune(base, toy, params, seed=1, workspace=tmp_path)
