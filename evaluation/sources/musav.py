"""MusAV: which of two tracks is the more arousing (or positive)? 2,085 pairs in triplets, three people each."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from evaluation.sources.judged import Answer, Judged, judged
from evaluation.sources.tables import SourceError, read_table
from evaluation.stats.judgments import Outcome

Dimension = Literal["arousal", "valence"]
OUTCOMES: dict[str, Outcome | None] = {"a": "a", "b": "b", "ab": "tie", "not_selected": None}
FEWEST_TRACKS = 20  # of a genre that is rated


def import_musav_tracks(folder: Path, dimension: Dimension) -> Judged:
    """Systems are the tracks. A track meets only the two others of its triplet, so each triplet is a scale of its own.

    References:
        D. Bogdanov, X. Lizarraga-Seijas, P. Alonso-Jiménez and X. Serra, "MusAV: a dataset of relative arousal-valence
        annotations for validation of audio models", ISMIR 2022.
    """
    return judged(_answers(folder, dimension))


def import_musav_genres(folder: Path, dimension: Dimension) -> Judged:
    """Systems are genres: the last word of a track's first genre ("indie folk" is folk), where 20 tracks have it."""
    genres = {
        row["track_id"]: row["genres"].split("|")[0].split()[-1]
        for _, row in read_table(folder, "track_genres.tsv", ("track_id", "genres"))
        if row["genres"].strip()
    }
    tracks = Counter(genres.values())
    left_out: Counter[str] = Counter()

    def answers() -> Iterator[Answer]:
        for answer in _answers(folder, dimension):
            first, second = genres.get(answer.system_a, ""), genres.get(answer.system_b, "")
            if min(tracks[first], tracks[second]) < FEWEST_TRACKS:
                left_out["answers about a genre of fewer than 20 tracks"] += 1
            elif first == second:
                left_out["answers about two tracks of one genre"] += 1
            else:
                yield Answer(answer.participant, answer.query, answer.item, first, second, answer.outcome)

    found = judged(answers())
    return Judged(found.judgments, found.labels, {**found.left_out, **left_out})


def _answers(folder: Path, dimension: Dimension) -> Iterator[Answer]:
    columns = ("dimension", "triplet_id", "track_a", "track_b", "annotator", "answer")
    for place, row in read_table(folder, "pairwise_votes.tsv", columns):
        if row["answer"] not in OUTCOMES:
            raise SourceError(f"{place}: answer must be a, b, ab or not_selected, got {row['answer']!r}.")
        if row["dimension"] == dimension:
            yield Answer(
                participant=row["annotator"],
                query=row["triplet_id"],
                item=f"{row['track_a']} {row['track_b']}",
                system_a=row["track_a"],
                system_b=row["track_b"],
                outcome=OUTCOMES[row["answer"]],
            )
