from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.data.catalogue import track_text
from recsys.training.encoder_training import CHECKPOINT, StaticEncoderParams, train_static_encoder

SHORT = StaticEncoderParams(epochs=4, dimensions=32, pieces=2000)


@pytest.fixture(scope="module")
def encoder(toy):
    return train_static_encoder(toy, seed=1, params=SHORT)


def test_the_same_seed_gives_the_same_bits_and_another_other_ones(toy, encoder):
    assert np.array_equal(train_static_encoder(toy, seed=1, params=SHORT).embeddings, encoder.embeddings)
    other = train_static_encoder(toy, seed=2, params=SHORT)
    assert not np.array_equal(other.embeddings, encoder.embeddings)
    assert other.fingerprint != encoder.fingerprint


class InterruptedTrainingError(Exception):
    pass


def test_goes_on_after_an_interruption_to_the_same_result(toy, encoder, tmp_path):
    done = []

    def interrupt(step, epoch, total):
        done.append(epoch)
        if epoch == 2:
            raise InterruptedTrainingError

    with pytest.raises(InterruptedTrainingError):
        train_static_encoder(toy, seed=1, params=SHORT, workspace=tmp_path, progress=interrupt)
    assert (tmp_path / CHECKPOINT).is_file()
    done.clear()
    resumed = train_static_encoder(
        toy, seed=1, params=SHORT, workspace=tmp_path, progress=lambda step, epoch, total: done.append(epoch)
    )
    assert done == [3, 4]
    assert np.array_equal(resumed.embeddings, encoder.embeddings)


def test_refuses_a_damaged_checkpoint(toy, tmp_path):
    (tmp_path / CHECKPOINT).write_bytes(b"half")
    with pytest.raises(ArtifactError, match="damaged; remove"):
        train_static_encoder(toy, seed=1, params=SHORT, workspace=tmp_path)


def test_finds_artists_and_tags(toy):
    encoder = train_static_encoder(toy, seed=1)
    vectors = encoder.encode([track_text(track, toy.tag_names) for track in toy.tracks], kind="track")

    def best(text):
        return toy.tracks[int(np.argmax(vectors @ encoder.encode([text])[0]))]

    names = [track.artists[0] for track in toy.tracks[::16]]
    assert sum(name in best(name).artists for name in names) >= 0.9 * len(names)
    assert "jazz" in best("джаз").genres
    assert "christmas" in best("Christmas songs").themes


def test_trains_on_a_handful_of_bare_tracks(toy):
    bare = tuple(replace(track, genres=(), moods=(), themes=(), year=None) for track in toy.tracks[:3])
    tiny = replace(toy, tracks=bare, playlists=(), tag_names={}, interactions=(), queries=())
    assert np.isfinite(train_static_encoder(tiny, seed=0, params=SHORT).embeddings).all()
