import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.index.exact import exact_top, row_products
from recsys.index.ivf import INDEX, ROWS
from recsys.index.search import ABOUT, VectorSearch

ROW_COUNT = 3000


@pytest.fixture(scope="module")
def vectors(request):
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(30, 24))
    made = middles[rng.integers(30, size=ROW_COUNT)] + 0.4 * rng.normal(size=(ROW_COUNT, 24))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def queries(vectors):
    return vectors[::100] + np.float32(0.01)


@pytest.fixture(scope="module")
def indexed(vectors, queries):
    search = VectorSearch.indexed(vectors, queries, asked="thirty rows", seed=0)
    assert search.ivf is not None
    return search


@pytest.fixture
def folder(indexed, tmp_path):
    indexed.save(tmp_path, catalogue="c")
    return tmp_path


def facts(tops):
    return [(top.rows.tolist(), top.scores.tobytes()) for top in tops]


def test_an_index_gives_the_exact_cosines_of_what_it_finds(indexed, vectors, queries):
    for query, top in zip(queries, indexed.top(queries, 50), strict=True):
        assert top.scores.tobytes() == row_products(vectors, top.rows, query).tobytes()
        assert sorted(zip(-top.scores, top.rows, strict=True)) == list(zip(-top.scores, top.rows, strict=True))


def test_an_index_finds_nearly_all(indexed, vectors, queries):
    exact = exact_top(vectors, queries, 500, longest=1.001)
    shares = [
        len(set(one.rows.tolist()) & set(other.rows.tolist())) / 500
        for one, other in zip(exact, indexed.top(queries, 500), strict=True)
    ]
    assert np.mean(shares) == pytest.approx(indexed.measured.recall)


def test_an_index_finds_the_same_alone_and_in_company(indexed, queries):
    together = facts(indexed.top(queries, 100))
    assert together == [facts(indexed.top(query[None], 100))[0] for query in queries]


def test_what_was_not_measured_is_searched_exactly(indexed, vectors, queries):
    asked = np.concatenate([queries[:2], np.zeros((1, 24), np.float32)])
    wanted = facts(exact_top(vectors, asked, 501, longest=indexed.longest))
    assert facts(indexed.top(asked, 501)) == wanted
    assert facts(indexed.top(asked, 20))[2] == facts(exact_top(vectors, asked[2:], 20, longest=1.001))[0]


def test_lists_that_hold_too_little_are_no_excuse(indexed, vectors, queries):
    lazy = VectorSearch(vectors, indexed.longest, indexed.ivf.probing(1), indexed.measured)
    held = len(lazy.ivf.find(queries[0], 500))
    assert held < 500
    assert facts(lazy.top(queries[:1], 500)) == facts(exact_top(vectors, queries[:1], 500, longest=1.001))


def test_says_what_was_measured(indexed, vectors, queries):
    [note] = indexed.notes
    measured = indexed.measured
    assert f"{measured.nprobe} of {measured.nlist} lists" in note
    assert f"{measured.recall:.4f}" in note and "30 queries: thirty rows" in note
    assert VectorSearch.exact(vectors).notes == ()


def test_stays_exact_and_says_so_where_no_index_finds_enough():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(600, 48)).astype(np.float32)
    search = VectorSearch.indexed(vectors, vectors[:20] + 1, asked="noise", seed=0)
    assert search.ivf is None
    assert "Search is exact: no index" in search.notes[0]
    assert facts(search.top(vectors[:3], 9)) == facts(exact_top(vectors, vectors[:3], 9, longest=search.longest))


def test_without_a_query_to_measure_with_search_is_exact(vectors, queries):
    assert VectorSearch.indexed(vectors, queries * 0, asked="silence", seed=0).ivf is None


def test_survives_saving(folder, indexed, vectors, queries):
    loaded = VectorSearch.load(folder, vectors, catalogue="c")
    assert facts(loaded.top(queries, 80)) == facts(indexed.top(queries, 80))
    assert (loaded.measured, loaded.notes, loaded.longest) == (indexed.measured, indexed.notes, indexed.longest)


def test_exact_search_survives_saving(tmp_path, vectors, queries):
    VectorSearch.exact(vectors).save(tmp_path, catalogue="c")
    assert [path.name for path in tmp_path.iterdir()] == [ABOUT]
    loaded = VectorSearch.load(tmp_path, vectors, catalogue="c")
    assert loaded.ivf is None and loaded.notes == ()
    assert facts(loaded.top(queries, 80)) == facts(VectorSearch.exact(vectors).top(queries, 80))


def test_reads_what_was_made_before_there_were_indexes(tmp_path, vectors):
    assert VectorSearch.load(tmp_path, vectors, catalogue="c").ivf is None


def test_refuses_another_catalogue(folder, vectors):
    with pytest.raises(ArtifactError, match="another catalogue; train"):
        VectorSearch.load(folder, vectors, catalogue="d")


def test_refuses_other_vectors(folder, vectors):
    for other in (vectors[::-1], vectors + np.float32(0.001)):
        with pytest.raises(ArtifactError, match="other vectors; train"):
            VectorSearch.load(folder, other, catalogue="c")


@pytest.mark.parametrize("name", [INDEX, ROWS])
def test_refuses_a_cut_file(folder, vectors, name):
    path = folder / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ArtifactError, match="missing or cut"):
        VectorSearch.load(folder, vectors, catalogue="c")


@pytest.mark.parametrize("name", [INDEX, ROWS, ABOUT])
def test_refuses_to_do_without_a_file(folder, vectors, name):
    (folder / name).unlink()
    with pytest.raises(ArtifactError, match=name):
        VectorSearch.load(folder, vectors, catalogue="c")


@pytest.mark.parametrize("content", ["", "5", "{}", '{"format": 9}', '{"format": 1, "catalogue": "c"}'])
def test_refuses_a_description_that_is_none(folder, vectors, content):
    (folder / ABOUT).write_text(content)
    with pytest.raises(ArtifactError, match=r"search\.json"):
        VectorSearch.load(folder, vectors, catalogue="c")


def test_grows_and_is_measured_anew(folder, indexed, vectors, queries):
    places = np.arange(len(vectors)) * 2
    merged = np.repeat(vectors, 2, axis=0)
    loaded = VectorSearch.load(folder, vectors, catalogue="c")
    grown = loaded.grown(merged, places, places + 1, queries, asked="again")
    assert grown.measured.nlist == indexed.measured.nlist
    assert grown.measured.enough and "again" in grown.notes[0]
    [top] = grown.top(vectors[:1], 2)
    assert top.rows.tolist() == [0, 1] and top.scores[0] == top.scores[1]


def test_an_index_answers_the_same_in_another_process(folder, indexed, vectors, queries, tmp_path):
    np.save(tmp_path / "v.npy", vectors)
    np.save(tmp_path / "q.npy", queries)
    code = f"""
from pathlib import Path
import numpy as np
from recsys.index.search import VectorSearch
folder = Path({str(tmp_path)!r})
search = VectorSearch.load(folder, np.load(folder / "v.npy", mmap_mode="r"), catalogue="c")
print([(top.rows.tolist(), top.scores.tobytes()) for top in search.top(np.load(folder / "q.npy"), 40)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{facts(indexed.top(queries, 40))}\n"


def test_only_a_large_catalogue_imports_faiss(folder, vectors, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    VectorSearch.exact(vectors).save(small, catalogue="c")
    np.save(tmp_path / "v.npy", vectors)
    code = """
import sys
from pathlib import Path
import numpy as np
from recsys.index.search import VectorSearch
VectorSearch.load(Path(sys.argv[1]), np.load(sys.argv[2]), catalogue="c")
print("faiss" in sys.modules)
"""
    for place, expected in ((small, "False\n"), (folder, "True\n")):
        done = subprocess.run(
            [sys.executable, "-c", code, str(place), str(tmp_path / "v.npy")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == expected
    assert json.loads((small / ABOUT).read_text())["sizes"] == {}
    shutil.rmtree(small)
