"""A track as the titles of the playlists it is on: "rock, metal, guitar solos" (Text2Tracks, section 4)."""

from collections.abc import Sequence

from recsys.data.dataset import Dataset
from recsys.training.playlists import training_playlists
from recsys.training.text import folded, sound


class TitleDocuments:
    """The documents of all tracks of a data set, in the order of `dataset.tracks`.

    A document has each title once, whatever its case, in the order of the data set's playlists, so that it is the same
    every time. A track on no training playlist has an empty one.

    Args:
        limit: most titles in a document. An encoder reads some hundred tokens and cuts the rest off.
    """

    def __init__(self, dataset: Dataset, *, limit: int) -> None:
        self._titles: list[dict[str, str]] = [{} for _ in dataset.tracks]
        self._limit = limit
        for playlist in training_playlists(dataset):
            title = sound(playlist.title).strip()
            if not title:
                continue
            for track_id in playlist.tracks:
                self._titles[dataset.track_index[track_id]].setdefault(key(title), title)

    def __len__(self) -> int:
        return len(self._titles)

    def of(self, row: int, *, without: str | None = None) -> str:
        """Return the document of one track, or what is left of it without a title, given by its `key`."""
        titles = list(self._titles[row].values()) if without is None else self.others(row, without)
        return ", ".join(titles[: self._limit])

    def others(self, row: int, without: str) -> list[str]:
        """Return the titles of one track but for one, given by its `key`."""
        return [title for name, title in self._titles[row].items() if name != without]

    def all(self) -> list[str]:
        return [self.of(row) for row in range(len(self))]


def key(title: str) -> str:
    """Return what equal titles have in common."""
    return " ".join(folded(title).split())


def distinct(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return each text once, in the order of first sight, and for every text its place among them."""
    places: dict[str, int] = {}
    rows = [places.setdefault(text, len(places)) for text in texts]
    return list(places), rows
