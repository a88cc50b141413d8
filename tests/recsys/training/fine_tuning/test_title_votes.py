"""Votes of titles, by hand, at their limits, in training pairs and in validation."""

import numpy as np
import pytest
from scipy import sparse

from recsys.core.errors import RequestError
from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.title_votes import title_counts, voted
from recsys.training.fine_tuning.validation import Validation

PARAMS = FineTuningParams(documents="titles", queries="titles", negatives=0, validation_pool=0, softness=0.2)


def test_each_training_playlist_counts_once_for_each_of_its_tracks(few):
    titles, counts = title_counts(few)
    assert titles == ["Night drive", "jazz"]
    assert counts.toarray().tolist() == [[1, 1], [2, 0], [1, 0], [0, 1], [0, 0], [0, 0]]


def test_by_hand():
    counts = sparse.csr_matrix(np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 0.0]]))
    found = voted(counts, np.array([0.5, 0.9]), 0.1)
    assert found[0] == pytest.approx(0.1 * np.log(np.exp(5) + np.exp(9)))
    assert found[1] == pytest.approx(0.5 + 0.1 * np.log(2))
    assert found[2] == -np.inf


def test_the_nearest_title_alone_counts_with_little_softness_and_the_number_of_lists_with_much():
    rng = np.random.default_rng(3)
    counts = sparse.csr_matrix(rng.integers(0, 4, size=(30, 12)).astype(float))
    cosines = rng.uniform(-1, 1, size=12)
    nearest = np.array([cosines[row > 0].max() for row in counts.toarray()])
    assert voted(counts, cosines, 0.01) == pytest.approx(nearest, abs=0.01 * np.log(48))
    much = voted(counts, cosines, 1e4)
    lists = np.asarray(counts.sum(axis=1)).ravel()
    assert (np.sign(np.subtract.outer(much, much)) == np.sign(np.subtract.outer(lists, lists)))[
        np.subtract.outer(lists, lists) != 0
    ].all()


def test_another_list_of_a_track_never_lowers_its_score():
    rng = np.random.default_rng(4)
    for _ in range(50):
        counts, cosines = rng.integers(0, 3, size=(1, 8)).astype(float), rng.uniform(-1, 1, size=8)
        more = counts.copy()
        more[0, rng.integers(8)] += 1
        before, after = (voted(sparse.csr_matrix(each), cosines, 0.1)[0] for each in (counts, more))
        assert after > before


def test_a_pair_is_learned_from_another_title_of_the_track(few, toy):
    drawn = ExampleSource(few, PARAMS).draw(np.random.default_rng(0))
    assert sorted(zip(drawn.texts, drawn.documents, strict=True)) == [("Night drive", "jazz"), ("jazz", "Night drive")]
    source = ExampleSource(toy, PARAMS)
    titles, counts = title_counts(toy)
    epochs = [source.draw(np.random.default_rng(seed)) for seed in (1, 2)]
    for epoch in epochs:
        for text, document, row in zip(epoch.texts, epoch.documents, epoch.tracks, strict=True):
            assert document != text and counts[row, titles.index(document)] > 0
    one, other = (set(zip(e.texts, e.documents, e.tracks, strict=True)) for e in epochs)
    assert one != other, "which of several titles is drawn anew each time"


def test_validation_ranks_by_the_votes(toy):
    source = ExampleSource(toy, PARAMS)
    validation = Validation.of(toy, source.documents, PARAMS, np.random.default_rng(0))
    titles, _ = title_counts(toy)
    assert validation.documents == titles and validation.votes.shape[0] <= len(toy.tracks)
    vectors = dict(zip(titles, np.eye(len(titles), dtype=np.float32), strict=True))

    def encode(texts, kind):
        """A query is the title that most of its right tracks bear, so that all of these come first."""
        if kind == "track":
            return np.stack([vectors[text] for text in texts])
        votes = validation.votes.toarray()
        return np.stack([np.eye(len(titles))[votes[rows].sum(axis=0).argmax()] for rows in validation.relevant])

    values = validation.values(encode, "ndcg@10")
    assert values.mean() > validation.values(lambda texts, kind: encode(texts, kind)[::-1], "ndcg@10").mean()


def test_hard_negatives_are_refused():
    with pytest.raises(RequestError, match="set `negatives` to 0"):
        FineTuningParams(documents="titles", negatives=1)
