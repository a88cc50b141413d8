import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.index import exact
from recsys.index.exact import Top, all_products, best_of, exact_top, longest_row, rounding_error, row_products


def top(vectors, queries, count) -> list[Top]:
    return list(exact_top(vectors, queries, count, longest=longest_row(vectors)))


def by_hand(vectors, query, count) -> list[int]:
    """Rank by sums without any rounding error before the last, rounded once to float32."""
    wide = query.astype(np.float64)
    scores = [np.float32(math.fsum((row.astype(np.float64) * wide).tolist())) for row in vectors]
    return sorted(range(len(vectors)), key=lambda row: (-scores[row], row))[:count]


def same(one: Top, other: Top) -> bool:
    return one.rows.tolist() == other.rows.tolist() and one.scores.tobytes() == other.scores.tobytes()


@pytest.fixture
def small_blocks(monkeypatch):
    for name, size in (("_ROWS", 64), ("_QUERIES", 4), ("_SCORED", 32)):
        monkeypatch.setattr(exact, name, size)


def near_ties(rows: int, dimensions: int, *, seed: int) -> np.ndarray:
    """Rows that differ in the last bits of some numbers, with duplicates, in any order."""
    rng = np.random.default_rng(seed)
    base = rng.normal(size=dimensions)
    vectors = np.tile((base / np.linalg.norm(base)).astype(np.float32), (rows, 1))
    for row in vectors[: rows // 2]:
        for place in rng.integers(dimensions, size=3):
            row[place] = np.nextafter(row[place], np.float32(rng.choice([-9, 9])))
    return vectors[rng.permutation(rows)]


@pytest.mark.parametrize("count", [1, 20, 499, 500])
def test_finds_what_a_sum_without_error_finds(clustered, count, small_blocks):
    vectors, queries = clustered(500), clustered(9, seed=1)
    for query, found in zip(queries, top(vectors, queries, count), strict=True):
        assert found.rows.tolist() == by_hand(vectors, query, count)


@pytest.mark.parametrize("dimensions", [3, 24, 384])
@pytest.mark.parametrize("seed", range(4))
def test_tells_near_ties_apart(dimensions, seed, small_blocks):
    vectors = near_ties(300, dimensions, seed=seed)
    query = np.random.default_rng(seed).normal(size=(1, dimensions)).astype(np.float32)
    assert top(vectors, query, 40)[0].rows.tolist() == by_hand(vectors, query[0], 40)


def test_ranks_a_query_the_same_alone_and_in_any_company(clustered, small_blocks, monkeypatch):
    vectors = np.concatenate([near_ties(150, 48, seed=1), clustered(150, 48), near_ties(150, 48, seed=2)])
    monkeypatch.setattr(exact, "_FEW", 2)  # so that few and many queries take both ways
    queries = np.concatenate([clustered(11, 48, seed=3), vectors[:5]])
    together = top(vectors, queries, 30)
    for place, query in enumerate(queries):
        assert same(top(vectors, query[None], 30)[0], together[place])
        assert same(top(vectors, queries[place::-1], 30)[0], together[place])


def test_equal_vectors_stand_in_the_order_of_their_rows(clustered, small_blocks):
    vectors = np.repeat(clustered(4), 100, axis=0)[np.random.default_rng(0).permutation(400)]
    [found] = top(vectors, vectors[:1], 120)
    first = [row for row in range(400) if (vectors[row] == vectors[0]).all()]
    assert found.rows.tolist()[:100] == first
    assert len(set(found.scores[:100].tolist())) == 1


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_finds_what_a_sum_without_error_finds_in_rows_of_any_length(seed, rows, dimensions, data):
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(rows, dimensions)) * 10.0 ** rng.integers(-4, 4, size=(rows, 1))).astype(np.float32)
    vectors[rng.integers(rows, size=rows // 3)] = vectors[0]
    query = rng.normal(size=(1, dimensions)).astype(np.float32)
    count = data.draw(st.integers(1, rows))
    assert top(vectors, query, count)[0].rows.tolist() == by_hand(vectors, query[0], count)


def test_a_query_of_zeros_finds_the_first_rows(clustered):
    queries = clustered(3)
    queries[1] = 0
    found = top(clustered(50), queries, 5)
    assert found[1].rows.tolist() == [0, 1, 2, 3, 4]
    assert not found[1].scores.any()
    assert found[0].scores.any() and found[2].scores.any()


def test_no_queries_find_nothing(clustered):
    assert top(clustered(5), clustered(1)[:0], 2) == []


def test_a_product_does_not_depend_on_its_neighbours(clustered):
    vectors, query = clustered(300, 97), clustered(1, 97, seed=1)[0]
    together = row_products(vectors, np.arange(300), query)
    for rows in ([7], [299, 7, 0], range(5, 200)):
        assert row_products(vectors, np.array(rows), query).tobytes() == together[list(rows)].tobytes()


@pytest.mark.parametrize("dimensions", [1, 97, 384])
def test_products_with_all_rows_are_those_with_each_row(clustered, dimensions):
    vectors, queries = clustered(1100, dimensions), clustered(70, dimensions, seed=1)
    queries[3] = 0
    exactly = queries.astype(np.float64) @ vectors.T.astype(np.float64)
    found = list(all_products(vectors, queries))
    for query, products, exact_ones in zip(queries, found, exactly, strict=True):
        assert products.tobytes() == row_products(vectors, np.arange(1100), query).tobytes()
        np.testing.assert_allclose(products, exact_ones, rtol=2**-23, atol=1e-12)
    assert next(all_products(vectors, queries[69:])).tobytes() == found[69].tobytes()
    assert not list(all_products(vectors, queries[:0]))
    assert [products.size for products in all_products(vectors[:0], queries)] == [0] * 70


def test_float32_products_stay_within_the_bound(clustered):
    for dimensions in (8, 128, 384):
        vectors, queries = clustered(400, dimensions), clustered(20, dimensions, seed=1)
        vectors = vectors * np.float32(3)
        for query, products in zip(queries, queries @ vectors.T, strict=True):
            errors = np.abs(products.astype(np.float64) - row_products(vectors, np.arange(400), query))
            assert errors.max() <= rounding_error(query, longest_row(vectors))
            assert rounding_error(query, 3.0) < 1e-4  # a bound that lets nearly nothing through


def test_the_longest_row_is_not_underestimated(monkeypatch):
    monkeypatch.setattr(exact, "_ROWS", 2)
    vectors = np.array([[3, 4], [0, 1], [6, 8], [0, 0], [1, 1]], np.float32)
    assert 10 <= longest_row(vectors) < 10.0001


def test_best_of_ranks_some_rows_only(clustered):
    vectors, query = clustered(60), clustered(1, seed=1)[0]
    rows = np.array([50, 3, 17, 20])
    found = best_of(vectors, rows, query, 3)
    assert found.rows.tolist() == [row for row in by_hand(vectors, query, 60) if row in rows][:3]
    assert best_of(vectors, rows, np.zeros_like(query), 2).rows.tolist() == [3, 17]


def test_two_processes_with_other_numbers_of_threads_find_the_same_bits(tmp_path):
    code = """
import numpy as np
from recsys.index.exact import exact_top, longest_row
rng = np.random.default_rng(0)
vectors = rng.normal(size=(20_000, 96)).astype(np.float32)
vectors[5000:9000] = vectors[:4000]
for top in exact_top(vectors, vectors[:9], 50, longest=longest_row(vectors)):
    print(top.rows.tolist(), top.scores.tobytes().hex())
"""
    answers = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert answers[0] == answers[1] != ""
