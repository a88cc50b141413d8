"""What an importer is asked for and what it gives back."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recsys.data.catalogue import is_cyrillic
from recsys.data.dataset import Dataset, Playlist, Request
from recsys.data.splits import Wish, split


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a public set is to be imported.

    Attributes:
        seed: of the splits, and of every other use of chance.
        val: share of the playlists for choosing parameters.
        test: share of the playlists for the figures.
        catalogue: data set whose tracks are looked up, for a source that has none of its own.
    """

    seed: int = 0
    val: float = 0.1
    test: float = 0.2
    catalogue: Path | None = None

    @property
    def version(self) -> str:
        """What makes two imports of the same set differ."""
        return f"seed-{self.seed}-val-{self.val:g}-test-{self.test:g}"


@dataclass
class Counts:
    """Rows of the source: read, and left out by reason."""

    read: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Imported:
    """A public set as a data set, with what became of its rows and what `dataset.json` says beyond the format."""

    dataset: Dataset
    counts: Counts
    about: Mapping[str, Any] = field(default_factory=dict)


Importer = Callable[[Path, Wanted], Imported]


def language_of(text: str) -> str:
    """The language as far as letters tell: `ru` for Cyrillic, `en` for Latin, nothing for any other script."""
    if is_cyrillic(text):
        return "ru"
    letters = [letter for letter in text if letter.isalpha()]
    return "en" if any(letter < "\u0250" for letter in letters) else ""


def languages_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The languages of all texts, each once, the commonest first."""
    counted = Counter(language for text in texts if (language := language_of(text)))
    return tuple(name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))) or ("en",)


def with_splits(
    playlists: Sequence[Playlist],
    requests: Mapping[str, Request],
    *,
    strata: Mapping[str, str],
    wanted: Wanted,
) -> tuple[tuple[Playlist, ...], tuple[Request, ...]]:
    """Split playlists, and with each the request that was made of it.

    Args:
        playlists: all of them.
        requests: playlist id to the request made of it, its text counting as a second title.
        strata: playlist id to its stratum.
        wanted: seed and shares.
    """
    second = [playlist for playlist in playlists if playlist.id in requests]
    wishes = [Wish(playlist.title, playlist.tracks, strata.get(playlist.id, "")) for playlist in playlists]
    # a request has the tracks of its playlist, and so falls into its group
    wishes += [Wish(requests[p.id].turns[0], p.tracks, strata.get(p.id, "")) for p in second]
    splits = split(wishes, seed=wanted.seed, val=wanted.val, test=wanted.test)
    named = {playlist.id: name for playlist, name in zip(playlists, splits, strict=False)}
    return (
        tuple(replace(playlist, split=named[playlist.id]) for playlist in playlists),
        tuple(replace(requests[playlist.id], split=named[playlist.id]) for playlist in second),
    )


def splits_note(wanted: Wanted) -> dict[str, Any]:
    """What `dataset.json` says about the splits, so that they can be made again."""
    return {"splits": {"seed": wanted.seed, "val": wanted.val, "test": wanted.test, "by": "playlist"}}


def sizes(dataset: Dataset) -> dict[str, int]:
    """How much of everything a data set holds, playlists and requests by split."""
    counted: Counter[str] = Counter(tracks=len(dataset.tracks))
    for name, items in (("playlists", dataset.playlists), ("requests", dataset.requests)):
        for split_name in ("train", "val", "test", ""):
            counted[f"{name} ({split_name or 'of no split'})"] = sum(item.split == split_name for item in items)
    counted["listeners"] = len(dataset.listeners)
    counted["interactions"] = len(dataset.interactions)
    counted["queries"] = len(dataset.queries)
    return {name: size for name, size in counted.items() if size}


def sizes_in_words(counted: Mapping[str, int]) -> str:
    """The counts as one line."""
    return ", ".join(f"{number} {name}" for name, number in counted.items()) or "nothing"
