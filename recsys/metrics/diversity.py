"""How varied the first tracks are: within one list by artist, over all lists by how much of the catalogue is used."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.integer]
Values = NDArray[np.float64]


def artist_entropy(artists: Rows) -> Values:
    """Shannon entropy, in bits, of the artists of each list: Figure 3 of Text2Tracks, whose base is not said.

    H = sum over artists of p log2(1 / p), p being the artist's share of the list. 0 where all tracks are one artist's,
    log2 of the length (3.32 for ten) where all artists differ. The artist of a track is the one named first, as tracks
    belong to a main artist there (section 3).

    Args:
        artists: number of the artist at each place, shape (…, k).
    """
    length = artists.shape[-1]
    shared = (artists[..., :, None] == artists[..., None, :]).sum(axis=-1)
    return np.asarray(np.log2(length / shared).mean(axis=-1), dtype=np.float64)


def exposure(rows: Rows, tracks: int) -> NDArray[np.int64]:
    """How many lists each track is in, shape (tracks,).

    Args:
        rows: row of the track at each place of each list, shape (lists, k).
        tracks: size of the catalogue.
    """
    return np.bincount(rows.ravel(), minlength=tracks).astype(np.int64)


def coverage(exposed: NDArray[np.int64]) -> float:
    """Share of the catalogue that is in anybody's list; it grows with the number of lists, so compare on the same."""
    return float((exposed > 0).mean())


def gini(exposed: NDArray[np.int64]) -> float:
    """Gini coefficient of the exposure: 0 where all tracks are shown alike, near 1 where a few have it all.

    References:
        G. Shani and A. Gunawardana, "Evaluating recommendation systems", Recommender Systems Handbook, 2011, sect. 8.3.
    """
    shown = np.sort(exposed).astype(np.float64)
    if not shown.sum():
        return 0.0
    places = np.arange(1, len(shown) + 1)
    return float(((2 * places - len(shown) - 1) * shown).sum() / (len(shown) * shown.sum()))
