"""How much of what is relevant stands how high. Every metric reads whole rankings at once.

`found` is a truth array, shape (…, depth): whether the track at each place is relevant, best place first. `relevant` is
how many tracks are relevant to the query at all, shape (…), each at least 1. What is not in the ranking is not found. A
ranking shorter than the cut-off k is a whole catalogue, and is read to its end. Relevance is binary.
"""

import numpy as np
from numpy.typing import NDArray

Found = NDArray[np.bool_]
Counts = NDArray[np.int64]
Values = NDArray[np.float64]


def hits(found: Found, k: int) -> Values:
    """Number of relevant tracks among the first `k`, shape (…); between 0 and k. hits@10 of Text2Tracks.

    Text2Tracks (arXiv 2503.24193, section 4) evaluates "the number of relevant items (Hits)" with a cut-off of 10, so
    this is a count. Its Tables 2 and 3 hold 0.065 to 0.270, with 2,500 relevant pairs on 513 titles, 4.9 for each:
    as a count, that is 1 to 6 % of what there is to find among 500,000 tracks. Figures that small would also fit the
    other reading, the share of queries with a hit, which is `success`. As a share of the ten, 0.270 would be more than
    half of the 0.49 that can be reached at all, which does not fit. Both readings are reported wherever one is.
    """
    return np.asarray(found[..., :k].sum(axis=-1), dtype=np.float64)


def success(found: Found, k: int) -> Values:
    """1 where at least one of the first `k` tracks is relevant, else 0, shape (…); the other reading of hits@k."""
    return np.asarray(found[..., :k].any(axis=-1), dtype=np.float64)


def precision(found: Found, k: int) -> Values:
    """Share of `k` places that hold a relevant track, shape (…); a short ranking is not excused."""
    return hits(found, k) / k


def recall(found: Found, relevant: Counts, k: int) -> Values:
    """Share of all relevant tracks that are among the first `k`, shape (…); below 1 where there are more than `k`."""
    return hits(found, k) / relevant


def ndcg(found: Found, relevant: Counts, k: int) -> Values:
    """Normalised discounted cumulative gain of the first `k`, shape (…), between 0 and 1.

    DCG@k = sum over places i = 1..k of rel_i / log2(i + 1); it is divided by the DCG@k of a perfect ranking, which has
    min(relevant, k) relevant tracks in front.

    References:
        K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002; the
        discount is that of Burges et al., ICML 2005, and of trec_eval.
    """
    depth = min(k, found.shape[-1])
    ideal = np.cumsum(_discounts(max(depth, int(np.minimum(relevant, k).max(initial=1)))))
    dcg = found[..., :depth] @ _discounts(depth)
    return np.asarray(dcg / ideal[np.minimum(relevant, k) - 1], dtype=np.float64)


def reciprocal_rank(found: Found) -> Values:
    """1 / place of the first relevant track, 0 where the ranking holds none, shape (…); their mean is the MRR."""
    first = found.argmax(axis=-1)
    return np.asarray(np.where(found.any(axis=-1), 1.0 / (first + 1), 0.0), dtype=np.float64)


def _discounts(depth: int) -> Values:
    return np.asarray(1.0 / np.log2(np.arange(2, depth + 2)), dtype=np.float64)
