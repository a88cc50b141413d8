import dataclasses
import shutil

import numpy as np
import pytest

from recsys.core.errors import ArtifactError, RequestError
from recsys.core.ranking import ListenerQuery
from recsys.data.catalogue import track_text
from recsys.index import tuning
from recsys.index.exact import row_products
from recsys.recommenders.retriever.index import SemanticIndex
from recsys.recommenders.retriever.plain import Retriever, RetrieverParams

TEXTS = ["jazz for dinner", "для бега", "", "rock", "sad songs about rain", "rock"]
SMALL = 50  # tracks; the toy has more, and so gets an index


def train(toy, encoder, **options) -> SemanticIndex:
    return SemanticIndex.train(toy, seed=3, encoder=encoder, **({"workspace": None, "progress": None} | options))


@pytest.fixture(scope="module")
def exact(toy, toy_encoder):
    return train(toy, toy_encoder)


@pytest.fixture(scope="module")
def indexed(toy, toy_encoder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "DEPTH", 20)  # the best 500 would be the whole toy
        index = train(toy, toy_encoder, exact_up_to=SMALL)
    assert index.search.ivf is not None
    return index


def facts(index, texts, count):
    return [(one.rows.tolist(), one.cosines.tobytes(), one.query.tobytes()) for one in index.candidates(texts, count)]


def test_cosines_are_those_of_the_vectors(exact):
    for found in exact.candidates(TEXTS, 15):
        assert found.cosines.tobytes() == row_products(exact.vectors, found.rows, found.query).tobytes()
        assert np.abs(found.cosines - exact.vectors[found.rows] @ found.query).max() < 1e-6


@pytest.mark.parametrize("kind", ["exact", "indexed"])
def test_a_query_finds_the_same_alone_and_in_company(kind, request):
    index = request.getfixturevalue(kind)
    assert facts(index, TEXTS, 20) == [facts(index, [text], 20)[0] for text in TEXTS]


def test_no_texts_find_nothing(exact):
    assert list(exact.candidates([], 3)) == []


def test_a_large_catalogue_is_measured_on_what_it_will_be_asked(indexed, toy):
    asked = {playlist.title for playlist in toy.playlists} | {query.text for query in toy.queries}
    assert indexed.search.measured.queries <= min(200, len(asked))
    assert indexed.search.measured.recall >= 0.99
    assert "titles of training playlists and labelled queries" in indexed.notes[0]
    assert indexed.notes[0] in Retriever(indexed, RetrieverParams()).notes


def test_a_small_catalogue_says_nothing_of_its_search(exact):
    assert exact.notes == () and exact.search.ivf is None


@pytest.mark.parametrize("kind", ["exact", "indexed"])
def test_survives_saving(kind, request, tmp_path):
    index = request.getfixturevalue(kind)
    index.save(tmp_path)
    loaded = SemanticIndex.load(tmp_path, device="cpu")
    assert facts(loaded, TEXTS, 20) == facts(index, TEXTS, 20)
    assert loaded.notes == index.notes
    assert isinstance(loaded.vectors, np.memmap)


def test_a_workspace_changes_nothing_and_is_gone_on_with(exact, toy, toy_encoder, tmp_path):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    first = train(toy, toy_encoder, workspace=workspace)
    assert isinstance(first.vectors, np.memmap)
    assert np.array_equal(first.vectors, exact.vectors)
    again = train(toy, toy_encoder, workspace=workspace)
    assert np.array_equal(again.vectors, exact.vectors)
    for name, index in (("a", first), ("b", exact)):
        (tmp_path / name).mkdir()
        index.save(tmp_path / name)
    assert (tmp_path / "a" / "vectors.npy").read_bytes() == (tmp_path / "b" / "vectors.npy").read_bytes()


def test_encodes_what_it_is_told_to(toy, toy_encoder):
    texts = {track.id: f"number {row}" for row, track in enumerate(toy.tracks)}
    index = train(toy, toy_encoder, texts=texts)
    row = index.tracks.rows[toy.tracks[7].id]
    assert np.array_equal(index.vectors[row], toy_encoder.encode(["number 7"], kind="track")[0])


def test_refuses_the_search_of_another_catalogue(indexed, toy, toy_encoder, tmp_path):
    (tmp_path / "a").mkdir()
    indexed.save(tmp_path / "a")
    other = dataclasses.replace(toy, tracks=(dataclasses.replace(toy.tracks[0], id="another"), *toy.tracks[1:]))
    other = dataclasses.replace(other, playlists=(), interactions=())
    (tmp_path / "b").mkdir()
    train(other, toy_encoder).save(tmp_path / "b")
    shutil.copy(tmp_path / "a" / "search.json", tmp_path / "b")
    with pytest.raises(ArtifactError, match="another catalogue"):
        SemanticIndex.load(tmp_path / "b", device="cpu")


@pytest.mark.parametrize("limit", [10**6, SMALL])
def test_grows_to_what_training_on_all_would_have_made(toy, toy_encoder, limit, monkeypatch):
    monkeypatch.setattr("recsys.index.tuning.DEPTH", 10)
    monkeypatch.setattr("recsys.index.search.DEPTH", 10)
    kept = tuple(track for row, track in enumerate(toy.tracks) if row % 8)
    part = dataclasses.replace(toy, tracks=kept, playlists=(), interactions=())
    whole = dataclasses.replace(toy, playlists=(), interactions=())
    small = train(part, toy_encoder, exact_up_to=limit)
    grown = small.extended(whole, seed=3, workspace=None, exact_up_to=limit)
    assert grown.tracks == train(whole, toy_encoder).tracks
    assert np.array_equal(grown.vectors, train(whole, toy_encoder).vectors)
    assert (grown.search.ivf is None) == (limit != SMALL)
    if grown.search.ivf is not None:
        assert grown.search.ivf.nlist == small.search.ivf.nlist
        assert sorted(grown.search.ivf.rows.tolist()) == list(range(len(whole.tracks)))
    assert len(list(grown.candidates(TEXTS, 30))) == len(TEXTS)


def test_a_catalogue_that_outgrows_exact_search_gets_an_index(toy, toy_encoder):
    part = dataclasses.replace(toy, tracks=toy.tracks[:40], playlists=(), interactions=())
    small = train(part, toy_encoder, exact_up_to=SMALL)
    assert small.search.measured is None
    assert small.extended(toy, seed=3, workspace=None, exact_up_to=SMALL).search.measured is not None


def test_old_tracks_keep_their_vectors_whatever_is_now_said_of_them(toy, toy_encoder):
    part = dataclasses.replace(toy, tracks=toy.tracks[1:], playlists=(), interactions=())
    said = {track.id: "something else" for track in toy.tracks}
    grown = train(part, toy_encoder).extended(toy, seed=3, workspace=None, texts=said)
    old = toy.tracks[5]
    expected = toy_encoder.encode([track_text(old, toy.tag_names)], kind="track")[0]
    assert np.array_equal(grown.vectors[grown.tracks.rows[old.id]], expected)


def test_refuses_to_grow_into_less_or_the_same(toy, exact):
    part = dataclasses.replace(toy, tracks=toy.tracks[1:], playlists=(), interactions=())
    with pytest.raises(RequestError, match="1 of the artifact's"):
        exact.extended(part, seed=3, workspace=None)
    with pytest.raises(RequestError, match="nothing to extend"):
        exact.extended(toy, seed=3, workspace=None)


def test_an_indexed_retriever_keeps_to_the_contract(indexed, toy, tmp_path):
    retriever = Retriever(indexed, RetrieverParams())
    queries = [ListenerQuery(text) for text in TEXTS]
    for k in (1, 7, len(toy.tracks)):
        for ranking in retriever.recommend(queries, k=k):
            assert len(set(ranking.tracks)) == k
            pairs = list(zip((-score for score in ranking.scores), ranking.tracks, strict=True))
            assert pairs == sorted(pairs)
    retriever.save(tmp_path)
    assert Retriever.load(tmp_path).recommend(queries, k=9) == retriever.recommend(queries, k=9)
