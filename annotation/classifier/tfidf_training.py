"""The regressions behind the kind `tfidf`; the only module here that needs scikit-learn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.classifier.ngrams import Vectoriser
from annotation.classifier.prediction import Progress
from annotation.classifier.tfidf import TfidfParams
from annotation.taxonomy import SLUGS


def fit_regressions(
    vectoriser: Vectoriser, examples: Sequence[Example], params: TfidfParams, report: Progress
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return weights, shape (n-grams, 20), and intercepts, shape (20,): 19 categories, then "personalised or not".

    A category without examples has the intercept minus infinity, which makes its probability 0.

    Raises:
        ClassifierError: A regression is still moving after the last iteration.
    """
    matrix = _matrix(vectoriser, [example.text for example in examples])
    weights = np.zeros((len(vectoriser.vocabulary), len(SLUGS) + 1), dtype=np.float32)
    intercepts = np.full(len(SLUGS) + 1, -np.inf)

    categories = _fit(matrix, np.array([SLUGS.index(example.category) for example in examples]), params)
    weights[:, categories.classes_] = categories.coef_.T
    intercepts[categories.classes_] = categories.intercept_
    report("regressions", 1, 2)

    binary = _fit(matrix, np.array([example.personalised for example in examples]), params)
    weights[:, -1] = binary.coef_[0]
    intercepts[-1] = binary.intercept_[0]
    report("regressions", 2, 2)
    return weights, intercepts


def _fit(matrix: csr_matrix, targets: NDArray[np.generic], params: TfidfParams) -> LogisticRegression:
    regression = LogisticRegression(C=params.c, max_iter=params.iterations).fit(matrix, targets)
    if max(regression.n_iter_) >= params.iterations:
        raise ClassifierError(
            f"The regression over {matrix.shape[0]} queries has not settled after {params.iterations} iterations; "
            "look for damaged texts among the queries."
        )
    return regression


def _matrix(vectoriser: Vectoriser, texts: Sequence[str]) -> csr_matrix:
    vectors = [vectoriser.vector(text) for text in texts]
    starts = np.cumsum([0, *(len(where) for where, _ in vectors)])
    columns = np.concatenate([where for where, _ in vectors])
    values = np.concatenate([weights for _, weights in vectors])
    return csr_matrix((values, columns, starts), shape=(len(texts), len(vectoriser.vocabulary)))
