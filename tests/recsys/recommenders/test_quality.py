"""Whether the systems do on the sample what they are for. Bounds are far below what was measured (docs/decisions)."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.core.ranking import ListenerQuery
from recsys.core.seeding import stream
from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset
from recsys.recommenders.bm25 import BM25
from recsys.recommenders.popularity import Popularity
from recsys.recommenders.retriever.plain import Retriever
from recsys.recommenders.retriever.reranked import Reranker, RetrieverCR, RetrieverCRParams
from recsys.training.encoder_training import StaticEncoderParams, train_static_encoder


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return read_dataset(Path(__file__).resolve().parents[3] / "sample")


@pytest.fixture(scope="module")
def retriever(sample) -> Retriever:
    """Trained for a fifth of the usual time; the playlists of the splits val and test are unknown to it."""
    encoder = train_static_encoder(sample, seed=1, params=StaticEncoderParams(epochs=4))
    return Retriever.train(sample, seed=1, encoder=encoder)


def recall(model, playlists, k=100) -> float:
    answers = model.recommend([ListenerQuery(playlist.title) for playlist in playlists], k=k)
    found = [
        len(set(answer.tracks) & set(playlist.tracks)) / len(set(playlist.tracks))
        for answer, playlist in zip(answers, playlists, strict=True)
    ]
    return float(np.mean(found))


def test_finds_the_tracks_of_unseen_playlists_by_their_titles(sample, retriever):
    held_out = [playlist for playlist in sample.playlists if playlist.split in ("val", "test")]
    chance = 100 / len(sample.tracks)
    found = recall(retriever, held_out)
    assert found > 0.3
    assert found > 3 * recall(Popularity.train(sample, seed=1), held_out)
    assert found > 3 * recall(BM25.train(sample, seed=1), held_out)
    assert found > 8 * chance


@pytest.mark.parametrize("name", ["Queen", "Кино", "ABBA", "Metallica", "Металлика", "Земфира", "Zemfira"])
def test_an_artists_name_gives_the_artist(sample, retriever, name):
    spelling = {"Металлика": "Metallica", "Zemfira": "Земфира"}.get(name, name)
    top = retriever.recommend([ListenerQuery(name)], k=3)[0].tracks
    assert sum(spelling in sample.tracks[sample.track_index[track]].artists for track in top) >= 2


@pytest.mark.parametrize(
    ("query", "tag"),
    [
        ("для бега", "running"),
        ("музыка для сна", "sleep"),
        ("Christmas", "christmas"),
        ("грустные песни о любви", "sad"),
        ("jazz for dinner", "jazz"),
        ("русский рок 80-х", "rock"),
        ("детские песни", "children"),
        ("workout", "workout"),
    ],
)
def test_words_for_a_tag_give_tracks_with_the_tag(sample, retriever, query, tag):
    top = [
        sample.tracks[sample.track_index[track]]
        for track in retriever.recommend([ListenerQuery(query)], k=10)[0].tracks
    ]
    assert sum(tag in (*track.genres, *track.moods, *track.themes) for track in top) >= 7


def test_habits_help_to_find_hidden_likes(sample, retriever):
    """A quarter of the likes is hidden; the query names two tags of one of them."""
    rng = stream(3, "hidden likes")
    likes = sorted({(event.listener, event.track) for event in sample.interactions if event.event == "like"})
    hidden = {likes[number] for number in rng.permutation(len(likes))[: len(likes) // 4]}
    kept = tuple(event for event in sample.interactions if (event.listener, event.track) not in hidden)
    trained = RetrieverCR.train(replace(sample, interactions=kept), seed=1, encoder=retriever.index.encoder)
    queries, wanted = [], []
    for listener, track_id in sorted(hidden)[:300]:
        track = sample.tracks[sample.track_index[track_id]]
        queries.append(ListenerQuery(" ".join((*track.genres[:1], *track.themes[:1])), listener))
        wanted.append(track_id)

    def found(alpha: float) -> float:
        params = RetrieverCRParams(alpha=alpha)
        model = RetrieverCR(Reranker(trained.reranker.index, trained.reranker.collaborative, params), params)
        answers = model.recommend(queries, k=20)
        return float(np.mean([track in answer.tracks for track, answer in zip(wanted, answers, strict=True)]))

    assert found(1.0) > found(0.0) + 0.05
