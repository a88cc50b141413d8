from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.core.ranking import ListenerQuery
from recsys.recommenders.retriever.reranked import Reranker, RerankingParams, RetrieverCR, RetrieverCRParams

WORDS = ["night drive", "грустные песни о любви", "jazz", "для бега", "", "🔥"]


@pytest.fixture(scope="module")
def listener(toy) -> str:
    counts: dict[str, int] = {}
    for event in toy.interactions:
        if event.event == "like":
            counts[event.listener] = counts.get(event.listener, 0) + 1
    return max(sorted(counts), key=counts.__getitem__)


@pytest.fixture(scope="module")
def reranked(trained) -> RetrieverCR:
    return trained["retriever-cr"]


def with_params(model: RetrieverCR, **changes) -> RetrieverCR:
    params = replace(model.params, **changes)
    return RetrieverCR(Reranker(model.reranker.index, model.reranker.collaborative, params), params)


def orders(model, queries, k=100):
    return [ranking.tracks for ranking in model.recommend(queries, k=k)]


def test_a_stranger_gets_the_retrievers_order(trained, reranked):
    for who in (None, "stranger"):
        queries = [ListenerQuery(text, who) for text in WORDS]
        assert orders(reranked, queries) == orders(trained["retriever"], queries)


def test_exponent_zero_is_the_retrievers_order_for_everybody(trained, reranked, listener):
    queries = [ListenerQuery(text, listener) for text in WORDS]
    assert orders(with_params(reranked, alpha=0.0), queries) == orders(trained["retriever"], queries)


def test_exponents_near_zero_come_to_the_retrievers_order(trained, reranked, listener):
    queries = [ListenerQuery(text, listener) for text in WORDS[:4]]
    assert orders(with_params(reranked, alpha=1e-12), queries) == orders(trained["retriever"], queries)


def test_a_listener_with_taste_gets_another_order_of_the_same_candidates(trained, reranked, listener):
    small = with_params(reranked, candidates=30)
    queries = [ListenerQuery(text, listener) for text in WORDS[:4]]
    for mine, plain in zip(orders(small, queries, 30), orders(trained["retriever"], queries, 30), strict=True):
        assert mine != plain
        assert set(mine) == set(plain)


def test_more_tracks_than_candidates_may_be_asked_for(reranked, listener, toy):
    [ranking] = with_params(reranked, candidates=5).recommend([ListenerQuery("rock", listener)], k=len(toy.tracks))
    assert len(set(ranking.tracks)) == len(toy.tracks)


def test_scores_are_those_of_the_equations(reranked, listener):
    model, text, alpha = with_params(reranked, candidates=20, alpha=0.7), "night drive", 0.7
    index, params = model.reranker.index, model.params
    vectors, query = index.vectors.astype(float), index.encoder.encode([text])[0].astype(float)
    taste = model.reranker.collaborative.taste(listener)
    habits = model.reranker.collaborative.scores(taste, floor=params.floor)
    moved = params.query * query + alpha * params.liked * vectors[taste.liked].mean(axis=0)
    if len(taste.disliked):
        moved -= alpha * params.disliked * vectors[taste.disliked].mean(axis=0)
    moved /= np.linalg.norm(moved)
    candidates = np.argsort(-(vectors @ query), kind="stable")[:20]
    wanted = {
        index.tracks.ids[row]: np.exp((vectors[row] @ moved - 1) / params.sharpness) * habits[row] ** alpha
        for row in candidates
    }
    [ranking] = model.recommend([ListenerQuery(text, listener)], k=20)
    assert dict(zip(ranking.tracks, ranking.scores, strict=True)) == pytest.approx(wanted, rel=1e-4)


def test_a_disliked_track_stays_but_falls(toy, toy_encoder, reranked, listener):
    from recsys.data.dataset import Interaction

    query = ListenerQuery("rock", listener)
    [before] = reranked.recommend([query], k=len(toy.tracks))
    victim = before.tracks[0]
    dislike = Interaction(listener, victim, "dislike", 1, "2099-01-01T00:00:00Z")
    data = replace(toy, interactions=(*toy.interactions, dislike))
    [after] = RetrieverCR.train(data, seed=5, encoder=toy_encoder).recommend([query], k=len(toy.tracks))
    assert after.tracks.index(victim) > 10


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"query": 0.2, "liked": 0.1, "disliked": 0.3}, "above 0"),
        ({"liked": 1.5}, "between 0 and 1"),
        ({"candidates": 0}, "at least 1"),
        ({"floor": 0.0}, "above 0"),
        ({"sharpness": 0.0}, "between 0.01 and 100"),
    ],
)
def test_refuses_parameters_that_break_the_equations(changes, words):
    with pytest.raises(RequestError, match=words):
        RerankingParams(**changes)


@pytest.mark.parametrize("alpha", [-0.1, float("nan"), 1e9])
def test_refuses_an_exponent_out_of_bounds(alpha):
    with pytest.raises(RequestError, match="`alpha` must be between 0 and 100"):
        RetrieverCRParams(alpha=alpha)
