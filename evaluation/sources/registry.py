"""The public sets of pairwise judgments that can be read: a line for `--help` and the reader of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation.sources.judged import Judged
from evaluation.sources.musav import import_musav_genres, import_musav_tracks
from evaluation.sources.pandalm import import_pandalm
from evaluation.sources.sigir2010 import import_sigir2010


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    read: Callable[[Path], Judged]


SOURCES: dict[str, Source] = {
    "musav-arousal": Source(
        "which of two tracks is the more arousing", lambda folder: import_musav_tracks(folder, "arousal")
    ),
    "musav-valence": Source(
        "which of two tracks is the more positive", lambda folder: import_musav_tracks(folder, "valence")
    ),
    "musav-genre-arousal": Source("the same, by genre", lambda folder: import_musav_genres(folder, "arousal")),
    "musav-genre-valence": Source("the same, by genre", lambda folder: import_musav_genres(folder, "valence")),
    "sigir2010": Source("which of two melodies is closer to a third", import_sigir2010),
    "pandalm": Source("which of two language models answered better", import_pandalm),
}
