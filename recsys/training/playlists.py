"""Which playlists may be learned from."""

from recsys.data.dataset import Dataset, Playlist


def training_playlists(dataset: Dataset) -> tuple[Playlist, ...]:
    """Return the playlists of the split `train` and those of no split; `val` and `test` are kept for evaluation."""
    return tuple(playlist for playlist in dataset.playlists if playlist.split in ("train", ""))
