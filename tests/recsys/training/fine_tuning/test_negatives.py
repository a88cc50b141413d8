"""Hard negatives on a line: the cosine falls with the number of the track."""

from dataclasses import replace

import numpy as np
import pytest

from recsys.data.dataset import Playlist
from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.negatives import mine, with_negatives
from recsys.training.fine_tuning.params import FineTuningParams

PARAMS = FineTuningParams(
    queries="titles", negatives=2, negatives_from=1, negatives_to=4, mining_pool=0, documents="metadata"
)


@pytest.fixture(scope="module")
def line(toy):
    """Twelve tracks; the first and the third are right for the one title."""
    tracks = tuple(replace(track, id=f"{number:02}", title=str(number)) for number, track in enumerate(toy.tracks[:12]))
    playlists = (Playlist("p", "query", ("00", "02"), "train"),)
    return replace(toy, tracks=tracks, playlists=playlists, requests=(), interactions=(), queries=())


def encode(texts, kind):
    """A query looks along the first axis, and a track turns away from it by its number."""
    if kind == "query":
        return np.tile(np.array([[1, 0]], dtype=np.float32), (len(texts), 1))
    angles = np.array([int(text.split(".")[0].split(" ")[0]) for text in texts]) * 0.1
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def mined(dataset, params, seed=0):
    source = ExampleSource(dataset, params)
    examples = source.draw(np.random.default_rng(0))
    return mine(source, examples, encode, params, np.random.default_rng(seed))


def test_negatives_come_from_the_ranks_between_the_bounds_and_are_never_right(line):
    """Without the right ones, 0 and 2, the ranking is 1, 3, 4, 5, …; ranks 1 to 3 are 3, 4 and 5."""
    found = np.concatenate([mined(line, PARAMS, seed) for seed in range(20)])
    assert set(found.flatten()) == {3, 4, 5}
    assert all(len(set(row)) == 2 for row in found.tolist())


def test_they_change_with_chance_and_not_without(line):
    assert np.array_equal(mined(line, PARAMS, 3), mined(line, PARAMS, 3))
    assert any(not np.array_equal(mined(line, PARAMS, 3), mined(line, PARAMS, seed)) for seed in range(4, 9))


def test_a_small_catalogue_gives_its_last_ranks(line):
    small = replace(line, tracks=line.tracks[:5])
    params = replace(PARAMS, negatives_from=10, negatives_to=100)
    assert set(mined(small, params).flatten()) == {3, 4}


def test_where_nothing_is_wrong_there_is_no_negative(line):
    small = replace(line, tracks=line.tracks[:3:2])
    found = mined(small, PARAMS)
    assert (found == -1).all()
    source = ExampleSource(small, PARAMS)
    examples = source.draw(np.random.default_rng(0))
    tracks, documents = with_negatives(source, examples, found)
    assert (tracks.tolist(), documents) == (examples.tracks.tolist(), examples.documents)


def test_the_pool_is_bounded(line):
    params = replace(PARAMS, mining_pool=3, negatives=1, negatives_from=0, negatives_to=9)
    seen = {int(row) for seed in range(9) for row in mined(line, params, seed).flatten()}
    assert len(seen) > 1 and not seen & {0, 2}


def test_a_batch_holds_everybodys_negatives_once(line):
    source = ExampleSource(line, PARAMS)
    examples = source.draw(np.random.default_rng(0))
    tracks, documents = with_negatives(source, examples, np.array([[5, 3], [3, 4]]))
    assert tracks[2:].tolist() == [3, 4, 5]
    assert documents[2:] == [source.documents[row] for row in (3, 4, 5)]
