"""The collaborative score s_cf: how well a track suits a listener's habits, from everybody's listening."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recsys.core.artifacts import read_json, write_json
from recsys.core.errors import ArtifactError
from recsys.data.dataset import Dataset
from recsys.data.interactions import Evidence, evidence_matrix, opinions
from recsys.recommenders.retriever.factorisation import AlsParams, Factors, Floats, factorise, fold_in, gram
from recsys.recommenders.track_list import TrackList

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]
_ARRAYS = "collaborative.npz"
_LISTENERS = "listeners.json"


@dataclass(frozen=True)
class Taste:
    """What is known of one listener; rows are those of the track list."""

    factors: Factors
    liked: Rows
    disliked: Rows

    @property
    def says_nothing(self) -> bool:
        """Whether it tells no two tracks apart: nothing liked or disliked, and no evidence for any track."""
        return not (len(self.liked) or len(self.disliked) or self.factors.any())


@dataclass(frozen=True)
class Moments:
    """What one query needs of all the tracks, so that it looks at its candidates only.

    Attributes:
        gram: Y'Y of all track factors, for eq. 4.
        mean, covariance: of the heard tracks' factors; a listener's raw scores have mean `mean . x` and variance
            `x' covariance x` over the heard catalogue.
    """

    gram: Floats
    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, track_factors: Factors, heard: NDArray[np.bool_]) -> Self:
        known = track_factors[heard].astype(np.float64)
        width = track_factors.shape[1]
        if not len(known):
            return cls(gram(track_factors), np.zeros(width), np.zeros((width, width)))
        mean = known.mean(axis=0)
        known -= mean
        return cls(gram(track_factors), mean, known.T @ known / len(known))


@dataclass(frozen=True)
class Collaborative:
    """Factors of listeners and tracks, with each listener's likes and dislikes.

    Attributes:
        listeners: sorted ids; row of `listener_factors`.
        heard: which tracks there is evidence about, for or against; of the others nothing is known.
        liked, disliked: 0 or 1, shape (listeners, tracks).
    """

    params: AlsParams
    listeners: tuple[str, ...]
    listener_factors: Factors
    track_factors: Factors
    moments: Moments
    heard: NDArray[np.bool_]
    liked: sp.csr_matrix
    disliked: sp.csr_matrix

    @cached_property
    def rows(self) -> Mapping[str, int]:
        return {listener: row for row, listener in enumerate(self.listeners)}

    def taste(self, listener: str | None) -> Taste | None:
        """Return what is known of a listener; None for nobody, for strangers and for who never said anything."""
        row = None if listener is None else self.rows.get(listener)
        if row is None:
            return None
        taste = Taste(self.listener_factors[row], _row(self.liked, row), _row(self.disliked, row))
        return None if taste.says_nothing else taste

    def taste_of(self, evidence: Evidence) -> Taste | None:
        """Return the taste of a listener who was not there in training, from their evidence alone (eq. 4)."""
        factors = fold_in(self.track_factors[evidence.rows], evidence.values, self.moments.gram, self.params)
        taste = Taste(factors, evidence.liked, evidence.disliked)
        return None if taste.says_nothing else taste

    def scores(self, taste: Taste, rows: Rows, *, floor: float) -> Scores:
        """Return s_cf of some tracks, shape (rows,); see `taste_scores`.

        Products are summed row by row, not by BLAS: a track's score must not depend on the others asked about.
        """
        factors = taste.factors.astype(np.float64)
        raw = (self.track_factors[rows] * factors).sum(axis=1)
        variance = max(float(factors @ self.moments.covariance @ factors), 0.0)
        return taste_scores(
            raw,
            mean=float(self.moments.mean @ factors),
            deviation=variance**0.5,
            heard=self.heard[rows],
            disliked=np.isin(rows, taste.disliked),
            floor=floor,
        )

    def save(self, directory: Path) -> None:
        arrays: dict[str, Any] = {
            "listener_factors": self.listener_factors,
            "track_factors": self.track_factors,
            "gram": self.moments.gram,
            "mean": self.moments.mean,
            "covariance": self.moments.covariance,
            "heard": self.heard,
        }
        for name in ("liked", "disliked"):
            matrix = getattr(self, name)
            arrays |= {f"{name}_columns": matrix.indices, f"{name}_starts": matrix.indptr}
        np.savez(directory / _ARRAYS, **arrays)
        write_json(directory, _LISTENERS, {"als": asdict(self.params), "listeners": self.listeners})

    @classmethod
    def load(cls, directory: Path) -> Self:
        about = read_json(directory, _LISTENERS)
        try:
            listeners, params = tuple(about["listeners"]), AlsParams(**about["als"])
            with np.load(directory / _ARRAYS, allow_pickle=False) as arrays:
                heard = arrays["heard"]
                shape = (len(listeners), len(heard))
                return cls(
                    params,
                    listeners,
                    arrays["listener_factors"],
                    arrays["track_factors"],
                    Moments(arrays["gram"], arrays["mean"], arrays["covariance"]),
                    heard,
                    _zero_one(arrays["liked_columns"], arrays["liked_starts"], shape),
                    _zero_one(arrays["disliked_columns"], arrays["disliked_starts"], shape),
                )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{directory / _ARRAYS}: this cannot be read; train the artifact again.") from error


def taste_scores(
    raw: Floats,
    *,
    mean: float,
    deviation: float,
    heard: NDArray[np.bool_],
    disliked: NDArray[np.bool_],
    floor: float,
) -> Scores:
    """Bring a listener's raw scores into [floor, 1], rising with the raw score.

        s_cf = floor + (1 - floor) / (1 + exp(-z)),    z = (raw - mean) / deviation

    Raw products of a listener with ten events and one with ten thousand differ in size, hence the deviations. A track
    that nobody has heard stands in the middle (z = 0): nothing speaks for or against it. A track that this listener
    disliked is at the floor.

    Args:
        raw: x . y, shape (tracks,).
        mean, deviation: of this listener's raw scores over the heard catalogue.
        heard, disliked: shape (tracks,).
        floor: above 0, so that no track is out of reach; the smaller, the more the listener's habits weigh.
    """
    z = np.where(heard, (raw - mean) / max(deviation, 1e-9), 0.0)
    share = np.where(disliked, 0.0, 1 / (1 + np.exp(-np.clip(z, -50, 50))))
    return np.asarray(floor + (1 - floor) * share)


def train_collaborative(dataset: Dataset, tracks: TrackList, params: AlsParams, *, seed: int) -> Collaborative:
    """Factorise the listening of a data set, in the row order of `tracks`."""
    evidence = evidence_matrix(dataset)
    order = np.array([dataset.track_index[track_id] for track_id in tracks.ids])
    place = np.argsort(order)  # row of the data set to row of the list
    said = opinions(dataset)
    shape = (len(evidence.listeners), len(tracks))
    likes = [np.sort(place[said.likes.get(name, order[:0])]) for name in evidence.listeners]
    dislikes = [np.sort(place[said.dislikes.get(name, order[:0])]) for name in evidence.listeners]
    liked, disliked = _from_lists(likes, shape), _from_lists(dislikes, shape)
    matrix = evidence.matrix[:, order].tocsr()
    heard = np.asarray(matrix.getnnz(axis=0) > 0)
    listener_factors, track_factors = factorise(matrix, params, seed=seed)
    moments = Moments.of(track_factors, heard)
    return Collaborative(params, evidence.listeners, listener_factors, track_factors, moments, heard, liked, disliked)


def _from_lists(lists: list[Rows], shape: tuple[int, int]) -> sp.csr_matrix:
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in lists])]).astype(np.int64)
    columns = np.concatenate(lists).astype(np.int64) if lists else np.zeros(0, np.int64)
    return _zero_one(columns, starts, shape)


def _zero_one(columns: Rows, starts: Rows, shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=shape)


def _row(matrix: sp.csr_matrix, row: int) -> Rows:
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.int64)
