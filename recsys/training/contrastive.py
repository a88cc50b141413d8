"""InfoNCE for bags of tokens, with its gradient by hand: the whole training runs in numpy, without torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]


def normalise(vectors: Floats) -> tuple[Floats, Floats]:
    """Return the rows at length 1 and their lengths, shape (n, 1); a row of zeros stays one."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    return vectors / lengths, lengths


def bags(token_ids: list[list[int]], vocabulary: int) -> sparse.csr_matrix:
    """Return token counts, shape (texts, vocabulary)."""
    lengths = np.fromiter(map(len, token_ids), dtype=np.int64, count=len(token_ids))
    indices = np.fromiter((token for ids in token_ids for token in ids), dtype=np.int32, count=int(lengths.sum()))
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    data = np.ones(len(indices), dtype=np.float32)
    return sparse.csr_matrix((data, indices, indptr), shape=(len(token_ids), vocabulary))


def info_nce(
    embeddings: Floats,
    queries: sparse.csr_matrix,
    tracks: sparse.csr_matrix,
    also_right: NDArray[np.bool_],
    temperature: float,
    *,
    both_directions: bool = True,
) -> tuple[float, Floats]:
    """Return the loss of a batch and its gradient with respect to the token embeddings.

    Row i of `tracks` is right for row i of `queries`, the other rows are the wrong ones, and the loss is the mean over
    both directions of -log softmax(cosine / temperature).

    Args:
        embeddings: shape (vocabulary, dimensions).
        queries: token counts, shape (batch, vocabulary).
        tracks: token counts, shape (batch + extra, vocabulary); the extra ones are wrong, and no query is told by them.
        also_right: shape (batch, batch + extra); [i, j] is true where track j is right for query i too, and so is
            neither right nor wrong in the sum. The diagonal does not matter.
        temperature: divides the cosines.
        both_directions: whether a track is told from other queries as well; else the loss is that of the queries.

    References:
        A. van den Oord, Y. Li, O. Vinyals, "Representation learning with contrastive predictive coding", 2018, eq. 4.
    """
    q, q_lengths = normalise(queries @ embeddings)
    t, t_lengths = normalise(tracks @ embeddings)
    size = len(q)
    logits = (q @ t.T) / np.float32(temperature)
    left_out = also_right.copy()
    np.fill_diagonal(left_out, False)
    logits[left_out] = -np.inf
    right = np.diagonal(logits)
    own = np.arange(size)
    grad, log_sums = _softmax(logits, axis=1)
    loss = float(log_sums.mean() - right.mean())
    if both_directions:
        to_queries, log_to_queries = _softmax(logits[:, :size], axis=0)
        grad[:, :size] += to_queries
        grad[own, own] -= 2
        grad *= np.float32(1 / (2 * size * temperature))
        loss = float((log_sums.mean() + log_to_queries.mean()) / 2 - right.mean())
    else:
        grad[own, own] -= 1
        grad *= np.float32(1 / (size * temperature))
    grad_q, grad_t = grad @ t, grad.T @ q
    # through the normalisation: only what stands at right angles to the vector turns it
    grad_q = (grad_q - q * (grad_q * q).sum(axis=1, keepdims=True)) / q_lengths
    grad_t = (grad_t - t * (grad_t * t).sum(axis=1, keepdims=True)) / t_lengths
    return loss, np.asarray(queries.T @ grad_q + tracks.T @ grad_t, dtype=np.float32)


@dataclass(slots=True)
class Adam:
    """Adam (Kingma and Ba 2015, algorithm 1) over one matrix; its state can be saved and taken up again."""

    first: Floats
    second: Floats
    steps: int = 0

    @classmethod
    def like(cls, weights: Floats) -> "Adam":
        return cls(np.zeros_like(weights), np.zeros_like(weights))

    def step(self, weights: Floats, gradient: Floats, rate: float) -> None:
        """Move `weights` in place."""
        self.steps += 1
        self.first *= np.float32(0.9)
        self.first += np.float32(0.1) * gradient
        self.second *= np.float32(0.999)
        self.second += np.float32(0.001) * gradient * gradient
        scale = np.float32(rate * np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps))
        weights -= scale * self.first / (np.sqrt(self.second) + np.float32(1e-8))


def _softmax(logits: Floats, *, axis: int) -> tuple[Floats, Floats]:
    """Return the softmax along an axis, and the logarithm of each sum."""
    top = logits.max(axis=axis, keepdims=True)
    exponentials = np.exp(logits - top)
    sums = exponentials.sum(axis=axis, keepdims=True)
    return exponentials / sums, (top + np.log(sums)).ravel()
