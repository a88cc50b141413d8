"""Track vectors on disk and exact search among them, eq. 1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError
from recsys.core.recommender import Progress
from recsys.data.catalogue import track_text
from recsys.data.dataset import Dataset
from recsys.recommenders.track_list import TrackList
from recsys.training.encoder import TextEncoder, load_encoder, save_encoder
from recsys.training.encoder_training import train_static_encoder

_VECTORS = "vectors.npy"
_ENCODER = "encoder"
_STEP = 1024


@dataclass(frozen=True)
class SemanticIndex:
    """A catalogue and the encoder that reads its tracks and the queries alike.

    Attributes:
        vectors: shape (tracks, dimensions), rows of length 1, mapped from disk when loaded.
    """

    tracks: TrackList
    vectors: NDArray[np.float32]
    encoder: TextEncoder

    def query_vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encoder.encode(texts)

    def cosines(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Yield each query's vector and its cosine with every track.

        One product per query: a product with many queries at once rounds otherwise, and then a query would not rank
        the same alone and in company.
        """
        for vector in self.query_vectors(texts):
            yield vector, self.vectors @ vector

    def save(self, directory: Path) -> None:
        self.tracks.save(directory)
        np.save(directory / _VECTORS, np.asarray(self.vectors), allow_pickle=False)
        save_encoder(self.encoder, directory / _ENCODER)

    @classmethod
    def load(cls, directory: Path, *, device: str) -> Self:
        tracks = TrackList.load(directory)
        try:
            vectors = np.load(directory / _VECTORS, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise ArtifactError(f"{directory / _VECTORS}: this cannot be read; train the artifact again.") from error
        if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != len(tracks):
            raise ArtifactError(f"{directory / _VECTORS}: one float32 row per track is wanted; train it again.")
        return cls(tracks, vectors, load_encoder(str(directory / _ENCODER), device=device))

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        encoder: TextEncoder | None,
        workspace: Path | None,
        progress: Progress | None,
    ) -> Self:
        """Encode the catalogue, with a static encoder trained on the data set if none is given."""
        tracks = TrackList.of(dataset)
        if encoder is None:
            encoder = train_static_encoder(dataset, seed=seed, workspace=workspace, progress=progress)
        texts = [
            track_text(dataset.tracks[dataset.track_index[track_id]], dataset.tag_names) for track_id in tracks.ids
        ]
        parts = []
        for start in range(0, len(texts), _STEP):
            parts.append(encoder.encode(texts[start : start + _STEP], kind="track"))
            if progress is not None:
                progress("track vectors", min(start + _STEP, len(texts)), len(texts))
        return cls(tracks, np.concatenate(parts), encoder)
