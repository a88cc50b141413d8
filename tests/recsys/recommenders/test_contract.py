"""What every recommender of the registry keeps to."""

import subprocess
import sys

import pytest

from recsys.core.errors import ArtifactError, RequestError
from recsys.core.ranking import ListenerQuery
from recsys.core.registry import RECOMMENDERS, recommender_class

HOSTILE = [
    "",
    " ",
    "night " * 400,
    "🔥🎄❤️",
    "грустные песни о любви",
    "\ud800 lone \udfff surrogates",
    "\x00\x07\u202e",
    "' OR 1=1; --",
    "日本語の歌",
    "\n\n\t",
]
LISTENERS = [None, "nobody knows me", "", "\ud800"]
QUERIES = [ListenerQuery(text, listener) for text in HOSTILE for listener in LISTENERS]


@pytest.fixture(params=sorted(RECOMMENDERS))
def slug(request) -> str:
    return request.param


@pytest.fixture
def listener(toy) -> str:
    return toy.interactions[0].listener


def ids(ranked):
    return [ranking.tracks for ranking in ranked]


def test_gives_exactly_k_different_tracks_of_the_catalogue(slug, trained, toy, listener):
    for k in (1, 7, len(toy.tracks)):
        answers = trained[slug].recommend([*QUERIES, ListenerQuery("night drive", listener)], k=k)
        assert len(answers) == len(QUERIES) + 1
        for ranking in answers:
            assert len(ranking.tracks) == len(set(ranking.tracks)) == k
            assert set(ranking.tracks) <= toy.track_index.keys()
            assert list(ranking.scores) == sorted(ranking.scores, reverse=True)


def test_orders_equal_scores_by_track_id(slug, trained, toy, listener):
    for ranking in trained[slug].recommend([*QUERIES, ListenerQuery("rock", listener)], k=len(toy.tracks)):
        pairs = list(zip((-score for score in ranking.scores), ranking.tracks, strict=True))
        assert pairs == sorted(pairs)


def test_refuses_k_out_of_range(slug, trained, toy):
    for k in (0, -1, len(toy.tracks) + 1):
        with pytest.raises(RequestError, match=f"between 1 and {len(toy.tracks)}.*got {k}"):
            trained[slug].recommend([ListenerQuery("rock")], k=k)


def test_answers_no_queries_with_nothing(slug, trained):
    assert trained[slug].recommend([], k=3) == []


def test_ranks_a_query_the_same_alone_and_in_company(slug, trained, listener):
    queries = [*QUERIES, ListenerQuery("jazz for dinner", listener), ListenerQuery("для бега", listener)]
    together = trained[slug].recommend(queries, k=20)
    assert together == [answer for query in queries for answer in trained[slug].recommend([query], k=20)]


def test_saved_recommender_ranks_the_same(slug, trained, listener, tmp_path):
    trained[slug].save(tmp_path)
    loaded = recommender_class(slug).load(tmp_path)
    queries = [*QUERIES, ListenerQuery("jazz for dinner", listener), ListenerQuery("для бега", listener)]
    assert loaded.recommend(queries, k=30) == trained[slug].recommend(queries, k=30)
    assert loaded.params == trained[slug].params
    assert not list(tmp_path.rglob("*.pkl"))


def test_same_seed_trains_the_same(slug, trained, toy, toy_encoder, toy_classifier, listener):
    again = recommender_class(slug).train(toy, seed=5, encoder=toy_encoder, classifier=toy_classifier)
    queries = [ListenerQuery("jazz for dinner", listener), ListenerQuery("зима")]
    assert again.recommend(queries, k=30) == trained[slug].recommend(queries, k=30)


def test_refuses_the_artifact_of_another(slug, trained, tmp_path):
    other = "bm25" if slug == "popularity" else "popularity"
    trained[other].save(tmp_path)
    with pytest.raises(ArtifactError, match=f"made by {other}, not by {slug}"):
        recommender_class(slug).load(tmp_path)


def test_loads_and_ranks_without_torch_and_training_libraries(slug, trained, tmp_path):
    trained[slug].save(tmp_path)
    code = f"""
import sys
from pathlib import Path
from recsys.core.ranking import ListenerQuery
from recsys.core.registry import recommender_class
recommender_class({slug!r}).load(Path({str(tmp_path)!r})).recommend([ListenerQuery("rock")], k=3)
print(sorted({{"torch", "transformers", "sklearn", "implicit", "faiss", "django"}} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
