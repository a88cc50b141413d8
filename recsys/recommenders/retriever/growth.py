"""What a listener's habits say when the catalogue grows: of the new tracks nothing, of the old ones what they said."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from recsys.recommenders.retriever.collaborative import Collaborative
from recsys.recommenders.track_list import Rows


def grown_collaborative(collaborative: Collaborative, places: Rows, count: int) -> Collaborative:
    """Return the same scores over more tracks; nobody has heard the new ones, so that they stand in the middle.

    Args:
        places: where each old track stands among the new ones.
        count: of tracks, old and new.
    """
    factors = np.zeros((count, collaborative.track_factors.shape[1]), collaborative.track_factors.dtype)
    factors[places] = collaborative.track_factors
    heard = np.zeros(count, np.bool_)
    heard[places] = collaborative.heard
    return replace(
        collaborative,
        track_factors=factors,
        heard=heard,
        liked=_spread(collaborative.liked, places, count),
        disliked=_spread(collaborative.disliked, places, count),
    )


def _spread(matrix: sp.csr_matrix, places: Rows, count: int) -> sp.csr_matrix:
    columns = places[matrix.indices]  # ids keep their order, so that rows stay sorted
    return sp.csr_matrix((matrix.data, columns, matrix.indptr), shape=(matrix.shape[0], count))
