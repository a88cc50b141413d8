"""The metric of validation, by hand and beside an independent implementation."""

from dataclasses import replace
from zlib import crc32

import ir_measures
import numpy as np
import pytest

from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.validation import Validation

PARAMS = FineTuningParams(queries="titles,requests", validation_pool=0)


def random_encode(texts, kind):
    # a stream in which something is found
    found = np.stack([np.random.default_rng([2, crc32(f"{kind} {text}".encode())]).normal(size=8) for text in texts])
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def of(dataset, params=PARAMS, seed=0):
    return Validation.of(dataset, ExampleSource(dataset, params).documents, params, np.random.default_rng(seed))


def test_asks_what_is_held_out_among_all_tracks(few):
    found = of(few)
    assert found.queries == ["rain", "play loud"]
    assert len(found.document_of) == 6 and [rows.tolist() for rows in found.relevant] == [[4], [5]]


@pytest.mark.parametrize("metric", ["ndcg@10", "recall@100"])
def test_is_what_an_independent_implementation_computes(toy, metric):
    validation = of(toy, replace(PARAMS, queries="titles"))
    values = validation.values(random_encode, metric)
    queries, documents = random_encode(validation.queries, "query"), random_encode(validation.documents, "track")
    scores = (queries @ documents.T)[:, validation.document_of]
    run = [
        ir_measures.ScoredDoc(str(query), str(place), float(score))
        for query, row in enumerate(scores)
        for place, score in enumerate(row)
    ]
    wanted = [
        ir_measures.Qrel(str(query), str(place), 1)
        for query, places in enumerate(validation.relevant)
        for place in places
    ]
    measure = ir_measures.nDCG @ 10 if metric == "ndcg@10" else ir_measures.R @ 100
    theirs = {each.query_id: each.value for each in ir_measures.iter_calc([measure], wanted, run)}
    assert values == pytest.approx([theirs[str(query)] for query in range(len(values))])
    assert 0 < values.mean() < 1


def test_a_bounded_pool_holds_what_is_wanted(toy):
    params = replace(PARAMS, queries="titles", validation_pool=60)
    small = of(toy, params)
    assert len(small.document_of) == max(60, len(np.unique(np.concatenate(small.relevant))))
    assert len(small.queries) == len(of(toy, replace(params, validation_pool=0)).queries)
    assert small.documents == of(toy, params).documents != of(toy, params, seed=1).documents


def test_tracks_without_a_document_are_not_asked_for(few):
    """`rain` and `play loud` want tracks that are on no training playlist."""
    assert of(few, replace(PARAMS, queries="titles", documents="playlists")) is None


def test_no_validation_split_is_none(few):
    assert of(replace(few, playlists=few.playlists[:3], requests=())) is None
