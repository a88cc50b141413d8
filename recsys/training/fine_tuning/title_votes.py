"""A track as a vote of its playlists: each title counts as far as it is near the query.

    s(q, t) = tau * log sum over p holding t of exp(cos(q, title of p) / tau)

With tau near 0 only the nearest title counts; with a great one all count alike, and the order is that by the number of
playlists. It is the kernel density of the query among the titles of the track, on a logarithmic scale.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.data.dataset import Dataset
from recsys.training.fine_tuning.documents import key
from recsys.training.playlists import training_playlists
from recsys.training.text import sound

Floats = NDArray[np.float64]


def title_counts(dataset: Dataset) -> tuple[list[str], sparse.csr_matrix]:
    """Return the distinct titles of the training playlists, and how often each track bears each.

    Titles that differ by case and blanks only are one, in the spelling that comes first.

    Returns:
        The titles, and playlists of that title that hold the track, shape (tracks, titles), in the order of
        `dataset.tracks`.
    """
    spelt: dict[str, str] = {}
    places: dict[str, int] = {}
    rows, columns = [], []
    for playlist in training_playlists(dataset):
        title = sound(playlist.title).strip()
        if not title:
            continue
        spelt.setdefault(key(title), title)
        place = places.setdefault(key(title), len(places))
        held = dict.fromkeys(playlist.tracks)
        rows += [dataset.track_index[track_id] for track_id in held]
        columns += [place] * len(held)
    ones = np.ones(len(rows), dtype=np.float64)
    shape = (len(dataset.tracks), len(places))
    return list(spelt.values()), sparse.csr_matrix((ones, (rows, columns)), shape=shape)


def voted(counts: sparse.csr_matrix, cosines: NDArray[np.floating], softness: float) -> Floats:
    """Return s(q, t) of every track of one query; minus infinity for a track without a title.

    Args:
        counts: shape (tracks, titles).
        cosines: of the query with the titles, shape (titles,).
        softness: tau, at least 0.01.
    """
    weights = np.exp((cosines.astype(np.float64) - 1.0) / softness)
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 + softness * np.log(counts @ weights))
