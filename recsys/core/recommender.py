"""The protocols that every recommender fulfils."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, runtime_checkable

from recsys.core.ranking import ListenerQuery, RankedTracks

if TYPE_CHECKING:
    from recsys.data.dataset import Dataset

Progress = Callable[[str, int, int], None]
"""Called as `progress(step, done, total)` during long work."""


@runtime_checkable
class Recommender(Protocol):
    """Ranks tracks of the catalogue it was trained on."""

    slug: ClassVar[str]

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        """Return the `k` best tracks for each query: exactly k, all different, all in the catalogue.

        Raises:
            RequestError: `k` is not between 1 and the size of the catalogue.
        """
        ...

    def save(self, directory: Path) -> None:
        """Write everything that `load` needs into an existing, empty folder; never pickled."""
        ...

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self: ...


class Trainable(Recommender, Protocol):
    """A recommender that is made from a data set. `options` are its own frozen parameters as strings or numbers."""

    @classmethod
    def train(
        cls, dataset: "Dataset", *, seed: int, device: str = "cpu", encoder: str | None = None, progress: Progress | None = None
    ) -> Self: ...
