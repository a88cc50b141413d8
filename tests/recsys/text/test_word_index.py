"""The index against the formula of the paper written out, and against another engine on the same terms."""

import math
from collections import Counter

import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.text.word_index import WordIndex
from tests.recsys.word_engines import tantivy_search

DOCUMENTS = [["night", "rock", "rock"], [], ["night"], ["slow", "night", "jazz", "jazz", "jazz"], ["rock"]]


def bm25(query, document, documents, k1, b):
    """Robertson and Zaragoza 2009, eq. (3.15), with Lucene's idf and without its constant factor k1 + 1."""
    counts, mean = Counter(document), sum(map(len, documents)) / len(documents)
    score = 0.0
    for term in query:
        held_by = sum(term in other for other in documents)
        idf = math.log(1 + (len(documents) - held_by + 0.5) / (held_by + 0.5))
        norm = k1 * (1 - b + b * len(document) / mean)
        score += idf * counts[term] / (counts[term] + norm) if counts[term] else 0.0
    return score


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.75), (1.2, 0.0), (0.5, 1.0), (4.0, 0.25)])
@pytest.mark.parametrize("query", [["rock"], ["night", "jazz"], ["rock", "rock", "slow"], ["unknown", "night"]])
def test_scores_are_those_of_the_formula(k1, b, query):
    scores = WordIndex.of(DOCUMENTS, k1=k1, b=b).scores(query)
    assert scores == pytest.approx([bm25(query, document, DOCUMENTS, k1, b) for document in DOCUMENTS], rel=1e-5)


def test_scores_are_those_of_the_formula_on_random_documents():
    rng = np.random.default_rng(5)
    documents = [[f"w{n}" for n in rng.zipf(1.5, size=rng.integers(0, 40)) % 50] for _ in range(200)]
    index = WordIndex.of(documents, k1=1.2, b=0.75)
    for query in (["w1", "w7"], ["w2", "w2", "w30"], ["w49"]):
        expected = [bm25(query, document, documents, 1.2, 0.75) for document in documents]
        assert index.scores(query) == pytest.approx(expected, rel=1e-5)


def test_nothing_known_scores_nothing():
    for index in (WordIndex.of(DOCUMENTS, k1=1.2, b=0.75), WordIndex.of([[]] * 5, k1=1.2, b=0.75)):
        for query in ([], ["unknown"]):
            assert index.scores(query).tolist() == [0.0] * 5


def test_saved_index_scores_the_same(tmp_path):
    index = WordIndex.of(DOCUMENTS, k1=1.2, b=0.75)
    index.save(tmp_path / "i")
    assert WordIndex.load(tmp_path / "i", 5).scores(["rock"]).tolist() == index.scores(["rock"]).tolist()
    with pytest.raises(ArtifactError, match="of 5 tracks, not of 6; train it again"):
        WordIndex.load(tmp_path / "i", 6)
    next((tmp_path / "i").glob("params*")).write_text("{")
    with pytest.raises(ArtifactError, match="cannot be read; train it again"):
        WordIndex.load(tmp_path / "i", 5)


def test_an_index_without_a_term_is_no_folder(tmp_path):
    WordIndex.of([[], []], k1=1.2, b=0.75).save(tmp_path / "i")
    assert not (tmp_path / "i").exists()
    assert WordIndex.load(tmp_path / "i", 2).scores(["rock"]).tolist() == [0.0, 0.0]


def test_ranks_as_another_engine_does():
    rng = np.random.default_rng(7)
    documents = [[f"w{n}" for n in rng.zipf(1.4, size=rng.integers(1, 30)) % 300] for _ in range(2000)]
    index, search = WordIndex.of(documents, k1=1.2, b=0.75), tantivy_search(documents)
    shared = []
    for _ in range(100):
        query = [f"w{n}" for n in rng.integers(1, 300, size=3)]
        mine = np.argsort(-index.scores(query), kind="stable")[:10].tolist()
        other = search(query, 10)
        shared.append(len({*mine[: len(other)]} & {*other}) / max(len(other), 1))
    # lengths kept in one byte move a few documents over the edge of the first ten
    assert np.mean(shared) > 0.9
