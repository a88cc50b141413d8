import dataclasses

import pytest

from recsys.data.dataset import LabelledQuery, Playlist
from recsys.recommenders.retriever.asked import tuning_queries


def texts_of(ids):
    return [f"text of {track_id}" for track_id in ids]


def test_draws_titles_of_training_playlists_and_labelled_queries(toy):
    asked, words = tuning_queries(toy, texts_of, seed=1)
    assert len(asked) == len(set(asked)) == 200
    known = {playlist.title for playlist in toy.playlists if playlist.split in ("", "train")}
    assert set(asked) <= known | {query.text for query in toy.queries}
    assert set(asked) & known
    assert words == "titles of training playlists and labelled queries"
    assert tuning_queries(toy, texts_of, seed=1)[0] == asked
    assert tuning_queries(toy, texts_of, seed=2)[0] != asked


@pytest.mark.parametrize("titles", [0, 3])
def test_takes_texts_of_tracks_where_little_is_known(toy, titles):
    playlists = tuple(Playlist(str(n), f"title {n}", ()) for n in range(titles))
    bare = dataclasses.replace(toy, playlists=(*playlists, Playlist("x", " ", ())), queries=())
    asked, words = tuning_queries(bare, texts_of, seed=1)
    assert len(asked) == min(200, titles + len(toy.tracks))
    assert sum(text.startswith("text of") for text in asked) == len(asked) - titles
    assert "of tracks" in words or "tracks" in words


def test_never_asks_what_is_kept_for_evaluation(toy):
    playlists = tuple(Playlist(str(n), f"title {n}", (), split="test" if n % 2 else "train") for n in range(60))
    asked, _ = tuning_queries(dataclasses.replace(toy, playlists=playlists, queries=()), texts_of, seed=1)
    assert asked == sorted(f"title {n}" for n in range(0, 60, 2))


def test_an_empty_query_asks_nothing(toy):
    queries = tuple(LabelledQuery(str(n), "" if n % 2 else f"q{n}", "en", ()) for n in range(60))
    asked, _ = tuning_queries(dataclasses.replace(toy, playlists=(), queries=queries), texts_of, seed=1)
    assert "" not in asked and len(asked) == 30
