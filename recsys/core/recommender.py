"""The protocols that every recommender fulfils."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, runtime_checkable

from recsys.core.ranking import ListenerQuery, RankedTracks

if TYPE_CHECKING:
    from annotation.public import QueryClassifier
    from recsys.data.dataset import Dataset
    from recsys.training.encoder import TextEncoder

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


@runtime_checkable
class Personal(Protocol):
    """A recommender that asks whose taste counts, and takes a history where it does not know the listener."""

    def knows(self, listener: str) -> bool:
        """Return whether the listener was there in training, so that a history of theirs would not be read."""
        ...


class Trainable(Recommender, Protocol):
    """A recommender that is made from a data set.

    Attributes:
        params_class: frozen dataclass of what can be set, each field a number, text or truth value with a default.
        notes: sentences for the artifact's card: where this departs from its paper, what it does not do.
    """

    params_class: ClassVar[type]

    @property
    def notes(self) -> tuple[str, ...]: ...

    @classmethod
    def train(
        cls,
        dataset: "Dataset",
        *,
        seed: int,
        params: Any = None,
        device: str = "cpu",
        encoder: "TextEncoder | None" = None,
        classifier: "QueryClassifier | None" = None,
        workspace: Path | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Train on a data set; the same arguments give the same recommender.

        Args:
            seed: of every use of chance.
            params: an instance of `params_class`; None for its defaults.
            encoder: text encoder to use as it is; None to train one on the data set. For systems that take one.
            classifier: query-type classifier; None to train one on the data set. For systems that take one.
            workspace: folder that outlives an interruption, for checkpoints.

        Raises:
            RequestError: The data set lacks what this recommender needs.
        """
        ...


@runtime_checkable
class Extensible(Protocol):
    """A trained recommender that takes up new tracks without being trained again."""

    def extended(
        self, dataset: "Dataset", *, seed: int, workspace: Path | None = None, progress: Progress | None = None
    ) -> Recommender:
        """Return a recommender over the tracks of a data set that holds all of this one's, and more.

        Raises:
            RequestError: One of its tracks is not in the data set, or none is new.
        """
        ...
