import numpy as np
import pytest

from recsys.index.exact import exact_top
from recsys.index.ivf import build, centroids
from recsys.index.tuning import build_tuned, list_counts, lists_needed, recall, tuned


@pytest.fixture
def vectors(clustered):
    return clustered(4000)


def wanted(vectors, queries, depth):
    return [top.rows for top in exact_top(vectors, queries, depth, longest=1.001)]


@pytest.mark.parametrize(
    ("rows", "counts"),
    [(1, (1, 4)), (300_000, (512, 2048)), (1_000_000, (1024,)), (10_000_000, (4096,))],
)
def test_lists_go_with_the_square_root_of_the_rows(rows, counts):
    assert list_counts(rows) == counts


def test_lists_needed_are_the_places_of_the_rows_own_lists():
    found = np.eye(4, dtype=np.float32)
    vectors = np.repeat(found, 5, axis=0) * np.float32(0.9)
    queries = np.array([[4, 3, 2, 1], [1, 2, 3, 4]], np.float32)
    rows = [np.array([0, 1, 5, 6]), np.array([15, 16, 17, 18])]  # lists 0, 0, 1, 1 and 3: places 1, 1, 2, 2 and 1
    assert lists_needed(vectors, found, queries, rows) == 2
    assert lists_needed(vectors, found, queries[:1], [np.array([15])]) == 4


def test_reaches_the_recall_it_is_asked_for(vectors, clustered):
    queries = clustered(40, seed=5)
    ivf, measured = build_tuned(vectors, queries, longest=1.001, seed=0)
    assert measured.enough and measured.recall >= 0.99
    assert measured.queries == 40 and measured.depth == 500
    assert (ivf.nlist, ivf.nprobe) == (measured.nlist, measured.nprobe)
    counted = [
        len(set(rows.tolist()) & set(ivf.find(query, 500).tolist())) / 500
        for query, rows in zip(queries, wanted(vectors, queries, 500), strict=True)
    ]
    assert measured.recall == pytest.approx(np.mean(counted))
    assert measured.lowest <= measured.recall


def test_looks_into_more_lists_until_it_is_enough(vectors, clustered):
    queries = clustered(40, seed=5)
    rows = wanted(vectors, queries, 200)
    lazy = build(vectors, centroids(vectors, 64, seed=0), seed=0)
    assert recall(lazy, queries, rows).mean() < 0.9
    ivf, measured = tuned(lazy, queries, rows)
    assert measured.recall >= 0.99 and 1 < ivf.nprobe < 64


def test_says_so_where_no_number_of_lists_is_enough():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(600, 48)).astype(np.float32)  # nothing lies near anything
    queries = rng.normal(size=(20, 48)).astype(np.float32)
    ivf, measured = build_tuned(vectors, queries, longest=12.0, seed=0)
    assert not measured.enough
    assert ivf.nprobe == ivf.nlist


def test_the_same_seed_measures_the_same(vectors, clustered):
    queries = clustered(20, seed=5)
    first, second = (build_tuned(vectors, queries, longest=1.001, seed=2)[1] for _ in range(2))
    assert first == second


def test_tells_how_far_it_is(vectors, clustered):
    steps = []
    build_tuned(
        vectors, clustered(20), longest=1.001, seed=0, progress=lambda step, done, total: steps.append((done, total))
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
