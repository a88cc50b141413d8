"""Texts as rows of one sparse matrix: the tf-idf vectors of the query-type classifier, which know no category."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from annotation.classifier.ngrams import NgramRange, Vectoriser


def fit_vectoriser(texts: Sequence[str]) -> Vectoriser:
    """Learn the n-grams of a pool, labelled or not: how rare one is can be read off texts nobody has labelled."""
    return Vectoriser.fit(texts, NgramRange())


def text_vectors(vectoriser: Vectoriser, texts: Sequence[str]) -> csr_array:
    """Return shape (texts, n-grams), float32; a row has length 1, or is empty where no n-gram is known."""
    rows = [vectoriser.vector(text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *(columns for columns, _ in rows)])
    weights = np.concatenate([np.empty(0, dtype=np.float32), *(weights.astype(np.float32) for _, weights in rows)])
    return csr_array((weights, columns, starts), shape=(len(texts), len(vectoriser.vocabulary)))
