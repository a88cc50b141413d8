from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.core.ranking import Heard, ListenerQuery
from recsys.core.recommender import Personal
from recsys.data.interactions import listener_ids
from recsys.recommenders.retriever.fusion import semantic_score
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


def everybody(toy) -> list[ListenerQuery]:
    """Every listener, with a word or a hostile text."""
    return [ListenerQuery(WORDS[n % len(WORDS)], who) for n, who in enumerate(listener_ids(toy))]


def test_exponent_zero_is_the_retrievers_order_and_score_for_everybody(trained, reranked, toy):
    queries = everybody(toy)
    model = with_params(reranked, alpha=0.0)
    for mine, plain in zip(
        model.recommend(queries, k=100), trained["retriever"].recommend(queries, k=100), strict=True
    ):
        assert mine.tracks == plain.tracks
        cosines = np.array(plain.scores, np.float32)
        assert mine.scores == mine.parts["semantic"] == tuple(semantic_score(cosines, model.params.sharpness))
        assert mine.alpha == 0.0


@pytest.mark.parametrize("alpha", [1e-12, 1e-10, 5e-324])
def test_exponents_near_zero_are_zero(reranked, listener, alpha):
    queries = [ListenerQuery(text, listener) for text in WORDS]
    tiny, none = (with_params(reranked, alpha=value).recommend(queries, k=100) for value in (alpha, 0.0))
    assert tiny == none


def test_the_score_tends_to_the_semantic_one_with_the_exponent(reranked, toy):
    """Eq. 5, expansion included: the greatest difference of any track's score falls with alpha."""
    queries = everybody(toy)[::10]

    def scores(alpha):
        answers = with_params(reranked, alpha=alpha).recommend(queries, k=len(toy.tracks))
        return [dict(zip(answer.tracks, answer.scores, strict=True)) for answer in answers]

    wanted = scores(0.0)
    gaps = [
        max(abs(mine[t] - his[t]) for mine, his in zip(scores(alpha), wanted, strict=True) for t in his)
        for alpha in (1.0, 0.1, 1e-2, 1e-4, 1e-6)
    ]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-5


@pytest.mark.parametrize("alpha", [0.0, 0.37, 1.0, 3.0])
def test_a_score_is_exactly_the_product_of_its_parts(trained, reranked, toy, alpha):
    queries = everybody(toy)[::7] + [ListenerQuery(text, None) for text in WORDS]
    answers = with_params(reranked, alpha=alpha).recommend(queries, k=100)
    answers += trained["retriever-cr-dp"].recommend(queries, k=100)
    for answer in answers:
        semantic, habits = (np.array(answer.parts[name]) for name in ("semantic", "collaborative"))
        assert np.array_equal(semantic * habits**answer.alpha, answer.scores)
        assert np.all((semantic > 0) & (semantic <= 1) & (habits > 0) & (habits <= 1))
    for answer in trained["retriever"].recommend(queries, k=100):
        assert answer.parts == {"semantic": answer.scores}
        assert answer.alpha is None


def test_exactly_so_many_candidates_are_ranked_anew(trained, reranked, listener, toy):
    """The last of N candidates is reached, the one after it is not."""
    text, n = "night drive", 50
    [plain] = trained["retriever"].recommend([ListenerQuery(text)], k=n + 1)
    for k in (1, 20, n):
        [mine] = with_params(reranked, candidates=n).recommend([ListenerQuery(text, listener)], k=k)
        assert set(mine.tracks) <= set(plain.tracks[:n])
    assert set(mine.tracks) == set(plain.tracks[:n])
    assert RerankingParams().candidates == 500


def test_a_listener_unknown_to_the_artifact_is_known_by_a_history(toy, reranked, listener):
    history = tuple(Heard(i.track, i.event, i.count) for i in toy.interactions if i.listener == listener)
    known = reranked.recommend([ListenerQuery(text, listener) for text in WORDS], k=30)
    for who in (None, "a newcomer"):
        told = reranked.recommend([ListenerQuery(text, who, history) for text in WORDS], k=30)
        assert [answer.tracks for answer in told] == [answer.tracks for answer in known]
        for mine, theirs in zip(told, known, strict=True):
            assert mine.scores == pytest.approx(theirs.scores, rel=1e-4)


def test_a_history_is_not_read_where_the_listener_is_known(reranked, listener, toy):
    odd = (Heard(toy.tracks[0].id, "like"), Heard(toy.tracks[1].id, "dislike"))
    with_it, without = (ListenerQuery("rock", listener, history) for history in (odd, ()))
    assert reranked.recommend([with_it], k=30) == reranked.recommend([without], k=30)


def test_a_history_of_unknown_tracks_is_nothing(reranked):
    gone = ListenerQuery("rock", "newcomer", (Heard("no such track", "like"), Heard("nor this", "skip", 3)))
    assert reranked.recommend([gone], k=30) == reranked.recommend([ListenerQuery("rock")], k=30)


def test_knows_whom_it_was_trained_on(trained, listener):
    for slug in ("retriever-cr", "retriever-cr-dp"):
        assert isinstance(trained[slug], Personal)
        assert trained[slug].knows(listener)
        assert not trained[slug].knows("stranger")
    assert not isinstance(trained["retriever"], Personal)


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
    habits = model.reranker.collaborative.scores(taste, np.arange(len(index.tracks)), floor=params.floor)
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
        ({"regularization": 0.0}, "above 0"),
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
