"""The collaborative score s_cf: how well a track suits a listener's habits, from everybody's listening."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recsys.core.artifacts import read_json, write_json
from recsys.core.errors import ArtifactError
from recsys.core.seeding import derived_seed
from recsys.data.dataset import Dataset
from recsys.data.interactions import confidence_matrix, opinions
from recsys.recommenders.track_list import TrackList

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]
_ARRAYS = "collaborative.npz"
_LISTENERS = "listeners.json"


@dataclass(frozen=True, slots=True)
class AlsParams:
    """Weighted matrix factorisation (Hu, Koren and Volinsky 2008).

    Attributes:
        factors: numbers per listener and track.
        regularization: of their squares.
        confidence: alpha of c = 1 + alpha r, r as in `recsys.data.interactions`.
        sweeps: alternations.
    """

    factors: int = 32
    regularization: float = 1.0
    confidence: float = 1.0
    sweeps: int = 15


@dataclass(frozen=True)
class Taste:
    """What is known of one listener; rows are those of the track list."""

    factors: NDArray[np.float32]
    liked: Rows
    disliked: Rows


@dataclass(frozen=True)
class Collaborative:
    """Factors of listeners and tracks, with each listener's likes and dislikes.

    Attributes:
        listeners: sorted ids; row of `listener_factors`.
        heard: which tracks anybody has heard, liked or disliked; of the others nothing is known.
        liked, disliked: 0 or 1, shape (listeners, tracks).
    """

    listeners: tuple[str, ...]
    listener_factors: NDArray[np.float32]
    track_factors: NDArray[np.float32]
    heard: NDArray[np.bool_]
    liked: sp.csr_matrix
    disliked: sp.csr_matrix

    @cached_property
    def rows(self) -> Mapping[str, int]:
        return {listener: row for row, listener in enumerate(self.listeners)}

    def taste(self, listener: str | None) -> Taste | None:
        """Return what is known of a listener; None for nobody and for strangers."""
        row = None if listener is None else self.rows.get(listener)
        if row is None:
            return None
        return Taste(self.listener_factors[row], _row(self.liked, row), _row(self.disliked, row))

    def scores(self, taste: Taste, *, floor: float) -> Scores:
        """Return s_cf for every track; see `taste_scores`."""
        return taste_scores(self.track_factors @ taste.factors, self.heard, taste.disliked, floor=floor)

    def save(self, directory: Path) -> None:
        arrays: dict[str, Any] = {
            "listener_factors": self.listener_factors,
            "track_factors": self.track_factors,
            "heard": self.heard,
        }
        for name in ("liked", "disliked"):
            matrix = getattr(self, name)
            arrays |= {f"{name}_columns": matrix.indices, f"{name}_starts": matrix.indptr}
        np.savez(directory / _ARRAYS, **arrays)
        write_json(directory, _LISTENERS, self.listeners)

    @classmethod
    def load(cls, directory: Path) -> Self:
        listeners = tuple(read_json(directory, _LISTENERS))
        try:
            with np.load(directory / _ARRAYS, allow_pickle=False) as arrays:
                heard = arrays["heard"]
                shape = (len(listeners), len(heard))
                return cls(
                    listeners,
                    arrays["listener_factors"],
                    arrays["track_factors"],
                    heard,
                    _zero_one(arrays["liked_columns"], arrays["liked_starts"], shape),
                    _zero_one(arrays["disliked_columns"], arrays["disliked_starts"], shape),
                )
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{directory / _ARRAYS}: this cannot be read; train the artifact again.") from error


def taste_scores(raw: NDArray[np.float32], heard: NDArray[np.bool_], disliked: Rows, *, floor: float) -> Scores:
    """Bring a listener's raw scores into [floor, 1], rising with the raw score.

    A track's score is floor + (1 - floor) * logistic(z); z is the raw score less its mean over the heard catalogue, in
    standard deviations, because raw products of a listener with ten events and one with ten thousand differ in size. A
    track that nobody has heard stands in the middle (z = 0): nothing speaks for or against it. A track that this
    listener disliked is at the floor.

    Args:
        raw: shape (tracks,).
        floor: above 0, so that no track is out of reach; the smaller, the more the listener's habits weigh.
    """
    z = raw.astype(np.float64)
    if heard.any():
        z -= z[heard].mean()
        z /= max(float(z[heard].std()), 1e-9)
    z[~heard] = 0.0
    share = 1 / (1 + np.exp(-np.clip(z, -50, 50)))
    share[disliked] = 0.0
    return floor + (1 - floor) * share


def train_collaborative(dataset: Dataset, tracks: TrackList, params: AlsParams, *, seed: int) -> Collaborative:
    """Factorise the listening of a data set, in the row order of `tracks`.

    A dislike counts as a surely unwanted track: confidence of a like, preference 0. One thread and a derived seed make
    it repeatable.
    """
    confidence = confidence_matrix(dataset)
    order = np.array([dataset.track_index[track_id] for track_id in tracks.ids])
    place = np.argsort(order)  # row of the data set to row of the list
    said = opinions(dataset)
    shape = (len(confidence.listeners), len(tracks))
    likes = [np.sort(place[said.likes.get(name, order[:0])]) for name in confidence.listeners]
    dislikes = [np.sort(place[said.dislikes.get(name, order[:0])]) for name in confidence.listeners]
    liked, disliked = _from_lists(likes, shape), _from_lists(dislikes, shape)
    positive = confidence.matrix[:, order].tocsr()
    heard = np.asarray((positive.getnnz(axis=0) + disliked.getnnz(axis=0)) > 0)
    listener_factors, track_factors = _factorise(positive, disliked, params, seed=seed)
    return Collaborative(confidence.listeners, listener_factors, track_factors, heard, liked, disliked)


def _factorise(
    positive: sp.csr_matrix, disliked: sp.csr_matrix, params: AlsParams, *, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    shape = positive.shape
    if not positive.nnz:
        return np.zeros((shape[0], params.factors), np.float32), np.zeros((shape[1], params.factors), np.float32)
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    weights = positive.copy()
    weights.data = 1 + params.confidence * weights.data
    against = disliked.astype(np.float32)
    against.data[:] = -(1 + params.confidence * 4.0)  # implicit reads the sign as the preference
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=params.factors,
            regularization=params.regularization,
            alpha=1.0,
            iterations=params.sweeps,
            num_threads=1,
            random_state=derived_seed(seed, "als"),
        )
        model.fit((weights + against).tocsr(), show_progress=False)
    return np.asarray(model.user_factors, np.float32), np.asarray(model.item_factors, np.float32)


def _from_lists(lists: list[Rows], shape: tuple[int, int]) -> sp.csr_matrix:
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in lists])]).astype(np.int64)
    columns = np.concatenate(lists).astype(np.int64) if lists else np.zeros(0, np.int64)
    return _zero_one(columns, starts, shape)


def _zero_one(columns: Rows, starts: Rows, shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=shape)


def _row(matrix: sp.csr_matrix, row: int) -> Rows:
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], dtype=np.int64)
