"""The queries that a search index is measured with: what the system will be asked, as far as the data set knows."""

from collections.abc import Callable, Sequence

from recsys.core.seeding import stream
from recsys.data.dataset import Dataset
from recsys.training.playlists import training_playlists

AT_MOST = 200
AT_LEAST = 20


def tuning_queries(
    dataset: Dataset, texts_of: Callable[[Sequence[str]], list[str]], *, seed: int
) -> tuple[list[str], str]:
    """Draw up to 200 queries, and say in words what they are.

    They are titles of training playlists and labelled queries. With fewer than 20 of these, texts of tracks are added.

    Args:
        texts_of: track ids to what the encoder reads of them.
    """
    asked = {playlist.title for playlist in training_playlists(dataset)} | {query.text for query in dataset.queries}
    known = sorted(text for text in asked if text.strip())
    rng = stream(seed, "index", "queries")
    words = "titles of training playlists and labelled queries"
    if len(known) < AT_LEAST:
        rows = rng.choice(len(dataset.tracks), min(AT_MOST - len(known), len(dataset.tracks)), replace=False)
        drawn = texts_of([dataset.tracks[row].id for row in sorted(rows)])
        return known + drawn, f"{words}, with the texts of {len(drawn)} tracks" if known else "texts of tracks"
    rows = rng.choice(len(known), min(AT_MOST, len(known)), replace=False)
    return [known[row] for row in sorted(rows)], words
