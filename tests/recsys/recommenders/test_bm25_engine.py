"""The titles of real playlists, searched by three engines and by the formula written out.

SQLite's full text search, which shares no line with ours, finds the same. tantivy keeps a document's length in one
byte, as Lucene does: exact to 39, then in steps that double every 8. Among thousands of tracks with nearly equal
documents that decides who is in the first ten, so the formula is compared with both: with exact lengths it is ours,
with theirs it is tantivy's.
"""

import math
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from recsys.data.reading import read_dataset
from recsys.recommenders.bm25 import BM25Params, title_documents
from recsys.recommenders.track_list import TrackList
from recsys.sources.imported import Wanted
from recsys.sources.spotify_archive import import_archive
from recsys.text.analysis import terms
from recsys.text.word_index import WordIndex
from tests.conftest import public_set
from tests.recsys.word_engines import sqlite_search, tantivy_search

K1, B = 1.2, 0.75
PAPER = BM25Params(b=B, stemming="porter", metadata=0.0)


@pytest.fixture(scope="module", params=["sample", "archive"])
def dataset(request):
    if request.param == "sample":
        return read_dataset(Path(__file__).resolve().parents[3] / "sample")
    return import_archive(public_set("spotify-playlist-archive"), Wanted(seed=1)).dataset


def one_byte(length: int) -> int:
    """The length as Lucene's SmallFloat keeps it: 24 exact values, then a float of four significant bits."""
    rest = length - 24
    if rest < 16:
        return length
    shift = rest.bit_length() - 4
    return 24 + ((rest >> shift) << shift)


def formula(documents, lengths):
    """BM25 as Robertson and Zaragoza 2009, eq. (3.15), with Lucene's idf, over an inverted file of its own."""
    held_by = defaultdict(list)
    for row, document in enumerate(documents):
        for term, count in Counter(document).items():
            held_by[term].append((row, count))
    mean = sum(map(len, documents)) / len(documents)

    def scores(query):
        found = np.zeros(len(documents))
        for term in query:
            idf = math.log(1 + (len(documents) - len(held_by[term]) + 0.5) / (len(held_by[term]) + 0.5))
            for row, count in held_by[term]:
                found[row] += idf * count / (count + K1 * (1 - B + B * lengths[row] / mean))
        return found

    return scores


def test_three_engines_and_the_formula_agree(dataset):
    tracks = TrackList.of(dataset)
    documents = title_documents(dataset, tracks, PAPER)
    index, search = WordIndex.of(documents, k1=K1, b=B), tantivy_search(documents)
    search_sqlite = sqlite_search(documents)
    exact = formula(documents, [len(document) for document in documents])
    rounded = formula(documents, [one_byte(len(document)) for document in documents])
    hits = Counter()
    overlap, of_sqlite = [], []
    asked = [(p.title, set(p.tracks)) for p in dataset.playlists if p.split in ("val", "test")][:40]
    for title, relevant in asked:
        query = [term for term in terms(title, stemming="porter") if term in index.vocabulary]
        if not query:
            continue
        scores = index.scores(query)
        assert scores == pytest.approx(exact(query), rel=1e-4, abs=1e-6)
        # float32 and float64 break ties apart differently, so both are compared to six digits, then by row
        firsts = {
            "ours": np.argsort(-np.round(scores, 4), kind="stable")[:10].tolist(),
            "formula": np.argsort(-np.round(exact(query), 4), kind="stable")[:10].tolist(),
            "rounded": np.argsort(-np.round(rounded(query), 4), kind="stable")[:10].tolist(),
            "tantivy": search(query, 10),
            "sqlite": search_sqlite(query, 10),
        }
        for name, rows in firsts.items():
            hits[name] += any(tracks.ids[row] in relevant for row in rows)
        overlap.append(len({*firsts["rounded"]} & {*firsts["tantivy"]}) / len(firsts["tantivy"]))
        of_sqlite.append(len({*firsts["ours"]} & {*firsts["sqlite"]}) / len(firsts["sqlite"]))
    assert len(overlap) > 20
    assert hits["ours"] == pytest.approx(hits["sqlite"], rel=0.02)
    assert np.mean(of_sqlite) > 0.98
    assert hits["ours"] == pytest.approx(hits["formula"], rel=0.02)
    assert hits["rounded"] == pytest.approx(hits["tantivy"], rel=0.02)
    assert np.mean(overlap) > 0.98
