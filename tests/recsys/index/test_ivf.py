import os
import subprocess
import sys

import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.index.exact import exact_top
from recsys.index.ivf import INDEX, ROWS, Ivf, build, centroids


@pytest.fixture
def vectors(clustered):
    return clustered(3000)


@pytest.fixture
def ivf(vectors) -> Ivf:
    return build(vectors, centroids(vectors, 16, seed=3), seed=3)


def best(vectors, query, count) -> set[int]:
    [top] = exact_top(vectors, query[None], count, longest=1.001)
    return set(top.rows.tolist())


def test_every_row_is_in_one_list(ivf):
    everything = ivf.probing(16).find(np.ones(24, np.float32), 3000)
    assert sorted(everything.tolist()) == list(range(3000))


def test_finds_the_best_among_the_lists_it_looks_into(vectors, clustered, ivf):
    shares = []
    for nprobe in (1, 4, 16):
        some = [
            len(best(vectors, query, 100) & set(ivf.probing(nprobe).find(query, 100).tolist())) / 100
            for query in clustered(20, seed=9)
        ]
        shares.append(np.mean(some))
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] >= 0.999  # all lists: only the byte per dimension stands between


def test_gives_fewer_where_the_lists_hold_no_more(ivf, clustered):
    found = ivf.find(clustered(1)[0], 3000)
    assert 0 < len(found) < 3000
    assert len(set(found.tolist())) == len(found)


def test_the_same_seed_builds_the_same_file_in_two_processes(tmp_path):
    code = """
import sys
from pathlib import Path
import numpy as np
from recsys.index.ivf import build, centroids
vectors = np.random.default_rng(0).normal(size=(2000, 24)).astype(np.float32)
build(vectors, centroids(vectors, 8, seed=1), seed=1).save(Path(sys.argv[1]))
"""
    contents = []
    for threads in ("1", "2"):
        folder = tmp_path / threads
        folder.mkdir()
        environment = {**os.environ, "OMP_NUM_THREADS": threads}
        subprocess.run([sys.executable, "-c", code, str(folder)], env=environment, check=True)
        contents.append((folder / INDEX).read_bytes())
    assert contents[0] == contents[1]


def test_another_seed_builds_another(vectors):
    assert not np.array_equal(centroids(vectors, 16, seed=1), centroids(vectors, 16, seed=2))


def test_a_mapped_index_finds_the_same(ivf, clustered, tmp_path):
    ivf = ivf.probing(5)
    ivf.save(tmp_path)
    loaded = Ivf.load(tmp_path, shape=(3000, 24), nlist=16, nprobe=5)
    for query in clustered(10, seed=4):
        assert loaded.find(query, 60).tolist() == ivf.find(query, 60).tolist()


@pytest.mark.parametrize("mapped", [False, True])
def test_grows_without_moving_its_lists(vectors, ivf, clustered, tmp_path, mapped):
    if mapped:
        ivf.save(tmp_path)
        ivf = Ivf.load(tmp_path, shape=(3000, 24), nlist=16, nprobe=1)
        before = (tmp_path / INDEX).read_bytes()
    places = np.sort(np.random.default_rng(0).choice(3500, 3000, replace=False))
    added = np.setdiff1d(np.arange(3500), places)
    merged = np.empty((3500, 24), np.float32)
    merged[places], merged[added] = vectors, clustered(500)
    grown = ivf.grown(merged, places, added).probing(16)
    assert np.array_equal(grown.index.quantizer.reconstruct_n(0, 16), ivf.index.quantizer.reconstruct_n(0, 16))
    assert grown.index.ntotal == 3500 and ivf.index.ntotal == 3000
    shares = [
        len(best(merged, query, 100) & set(grown.find(query, 100).tolist())) / 100 for query in clustered(20, seed=9)
    ]
    assert np.mean(shares) >= 0.999
    if mapped:
        assert (tmp_path / INDEX).read_bytes() == before


@pytest.mark.parametrize("name", [INDEX, ROWS])
@pytest.mark.parametrize("content", [b"", b"something else", None], ids=["empty", "other", "absent"])
def test_refuses_a_file_that_is_none(ivf, tmp_path, name, content):
    ivf.save(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArtifactError, match="cannot be read"):
        Ivf.load(tmp_path, shape=(3000, 24), nlist=16, nprobe=1)


@pytest.mark.parametrize("expected", [{"shape": (3001, 24)}, {"shape": (3000, 25)}, {"nlist": 17}])
def test_refuses_the_index_of_other_vectors(ivf, tmp_path, expected):
    ivf.save(tmp_path)
    with pytest.raises(ArtifactError, match="of other vectors"):
        Ivf.load(tmp_path, **({"shape": (3000, 24), "nlist": 16, "nprobe": 1} | expected))
