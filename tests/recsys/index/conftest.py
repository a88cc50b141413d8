import numpy as np
import pytest


@pytest.fixture
def clustered():
    """Unit vectors in clusters, as tracks of one genre are: `clustered(rows, dimensions)`."""

    def make(rows: int, dimensions: int = 24, *, clusters: int = 30, seed: int = 0) -> np.ndarray:
        rng = np.random.default_rng(seed)
        middles = rng.normal(size=(clusters, dimensions))
        vectors = middles[rng.integers(clusters, size=rows)] + 0.5 * rng.normal(size=(rows, dimensions))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    return make
