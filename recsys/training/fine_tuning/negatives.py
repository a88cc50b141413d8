"""Hard negatives: tracks that the encoder takes for right and that are not."""

import numpy as np
from numpy.typing import NDArray

from recsys.core.recommender import Progress
from recsys.training.fine_tuning.documents import distinct
from recsys.training.fine_tuning.examples import Examples, ExampleSource, Rows
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.validation import Encode

_STEP = 256


def mine(
    source: ExampleSource,
    examples: Examples,
    encode: Encode,
    params: FineTuningParams,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Rows:
    """Return hard negatives for every example, rows of the data set, shape (examples, params.negatives).

    All tracks, or as many as `mining_pool` says, are ranked for each query by the encoder as it is. Those right for
    the query are taken out, and the negatives are drawn from the ranks between the bounds: the first ranks hold
    tracks that are right and that nobody listed. Where so few tracks are left that there are no such ranks, the
    last ones serve; where there is no wrong track at all, the entry is -1.

    References:
        L. Xiong et al., "Approximate nearest neighbor negative contrastive learning for dense text retrieval",
        ICLR 2021, section 4: negatives from the top of the index of the model in training, drawn anew as it learns.
    """
    pool = np.flatnonzero([bool(text) for text in source.documents])
    if params.mining_pool:
        pool = np.sort(rng.permutation(pool)[: params.mining_pool])
    texts, document_of = distinct([source.documents[row] for row in pool])
    vectors = encode(texts, "track")
    queries, query_of = distinct(examples.texts)
    query_vectors = encode(queries, "query")
    places = np.array(query_of, dtype=np.int64)
    found = np.full((len(examples), params.negatives), -1, dtype=np.int64)
    for start in range(0, len(examples), _STEP):
        part = examples.part(np.arange(start, min(start + _STEP, len(examples))))
        cosines = (query_vectors[places[start : start + _STEP]] @ vectors.T)[:, document_of]
        cosines[source.right(part, pool)] = -np.inf
        for number, row in enumerate(cosines):
            found[start + number] = _drawn(row, pool, params, rng)
        if progress is not None:
            progress("hard negatives", start + len(part), len(examples))
    return found


def with_negatives(source: ExampleSource, batch: Examples, negatives: Rows | None) -> tuple[Rows, list[str]]:
    """Return the tracks of a batch and what is read of them: each query's own, then everybody's hard negatives."""
    if negatives is None:
        return batch.tracks, batch.documents
    extra = np.unique(negatives[negatives >= 0])
    return np.concatenate([batch.tracks, extra]), batch.documents + [source.documents[row] for row in extra]


def _drawn(cosines: NDArray[np.float32], pool: Rows, params: FineTuningParams, rng: np.random.Generator) -> Rows:
    wrong = int(np.isfinite(cosines).sum())
    if not wrong:
        return np.full(params.negatives, -1, dtype=np.int64)
    last = min(params.negatives_to, wrong)
    first = min(params.negatives_from, max(0, last - params.negatives))
    top = np.argpartition(-cosines, last - 1)[:last] if last < len(cosines) else np.arange(len(cosines))
    ranked = top[np.lexsort((top, -cosines[top]))][first:last]
    drawn: Rows = pool[rng.choice(ranked, params.negatives, replace=len(ranked) < params.negatives)]
    return drawn
