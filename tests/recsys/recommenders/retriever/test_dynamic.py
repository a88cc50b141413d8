from dataclasses import replace

import pytest

from annotation.public import QueryType
from recsys.core.errors import RequestError
from recsys.core.ranking import ListenerQuery
from recsys.recommenders.retriever.dynamic import RetrieverCRDP
from recsys.recommenders.retriever.reranked import Reranker, RetrieverCR, RetrieverCRParams

WORDS = ["night drive", "грустные песни о любви", "jazz", "для бега", ""]


class Constant:
    """A classifier that is equally sure of every query."""

    kind = "constant"

    def __init__(self, alpha: float) -> None:
        self.alpha = alpha

    def classify(self, texts):
        return [QueryType("mood", {}, self.alpha) for _ in texts]


@pytest.fixture(scope="module")
def queries(toy):
    return [ListenerQuery(text, toy.interactions[0].listener) for text in WORDS]


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_is_the_fixed_system_where_the_classifier_says_one_thing(trained, queries, alpha):
    reranker = trained["retriever-cr-dp"].reranker
    dynamic = RetrieverCRDP(reranker, Constant(alpha), reranker.params)
    fixed_params = RetrieverCRParams(alpha=alpha)
    fixed = RetrieverCR(Reranker(reranker.index, reranker.collaborative, fixed_params), fixed_params)
    assert dynamic.recommend(queries, k=50) == fixed.recommend(queries, k=50)


def test_without_personal_queries_it_is_the_retriever(trained, queries):
    reranker = trained["retriever-cr-dp"].reranker
    dynamic = RetrieverCRDP(reranker, Constant(0.0), reranker.params)
    plain = [ranking.tracks for ranking in trained["retriever"].recommend(queries, k=50)]
    assert [ranking.tracks for ranking in dynamic.recommend(queries, k=50)] == plain


def test_each_query_has_its_own_exponent(trained, queries):
    model = trained["retriever-cr-dp"]
    alphas = [query_type.alpha for query_type in model.classifier.classify([query.text for query in queries])]
    assert len(set(alphas)) > 1
    wanted = model.reranker.rank(queries, alphas, k=20)
    assert model.recommend(queries, k=20) == wanted


def test_trains_a_classifier_on_the_labelled_queries(toy, toy_encoder, queries):
    model = RetrieverCRDP.train(toy, seed=5, encoder=toy_encoder)
    assert 0 <= model.classifier.classify(["для бега"])[0].alpha <= 1


def test_refuses_a_data_set_without_labelled_queries(toy, toy_encoder):
    with pytest.raises(RequestError, match=r"queries\.jsonl.*--classifier"):
        RetrieverCRDP.train(replace(toy, queries=()), seed=5, encoder=toy_encoder)
