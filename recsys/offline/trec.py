"""Rankings as the files that trec_eval and its kin read: `SYSTEM.run`, `qrels.txt` and `queries.tsv`.

trec_eval does not read the rank column: it sorts by score, kept as a 32 bit float, and equal scores by document id,
later first. Scores are therefore written as 32 bit floats that fall strictly: a score that is not below the one before
it becomes the next smaller float. All others are the system's own, to 32 bits.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import NDArray

from recsys.offline.queries import OfflineQuery

_PLAIN = "!\"#$&'()*+,/:;<=>?@[\\]^`{|}~"  # with letters, digits and -._ all of ASCII that is neither blank nor %


def escaped(name: str) -> str:
    """An id as one word of ASCII: what is not is written as %XX of its UTF-8 bytes."""
    return quote(name, safe=_PLAIN)


def unescaped(name: str) -> str:
    """The id that `escaped` made a word of."""
    return unquote(name)


def falling(scores: NDArray[np.float64]) -> NDArray[np.float32]:
    """Scores of shape (queries, depth) as 32 bit floats that fall strictly along each ranking."""
    result = scores.astype(np.float32)
    lowest = np.float32(-np.inf)
    for place in range(1, result.shape[1]):
        result[:, place] = np.minimum(result[:, place], np.nextafter(result[:, place - 1], lowest))
    return result


def run_lines(
    queries: Sequence[OfflineQuery],
    rows: NDArray[np.int32],
    scores: NDArray[np.float64],
    track_ids: Sequence[str],
    *,
    tag: str,
) -> Iterator[str]:
    """Yield the lines of a run: query, Q0, track, rank from 1, score, system."""
    names = [escaped(track) for track in track_ids]
    for query, own_rows, own_scores in zip(queries, rows, falling(scores), strict=True):
        query_name = escaped(query.id)
        for rank, (row, score) in enumerate(zip(own_rows, own_scores, strict=True), start=1):
            yield f"{query_name} Q0 {names[row]} {rank} {score:.9g} {tag}\n"  # nine digits bring a 32 bit float back


def qrels_lines(queries: Sequence[OfflineQuery], track_ids: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the judgments: query, 0, track, 1. What is not listed is not relevant."""
    for query in queries:
        for row in query.relevant:
            yield f"{escaped(query.id)} 0 {escaped(track_ids[row])} 1\n"


def query_lines(queries: Sequence[OfflineQuery]) -> Iterator[str]:
    """Yield query id, text and listener (empty where there is none), parted by tabs; blanks in a text become spaces."""
    for query in queries:
        listener = escaped(query.listener or "")
        yield f"{escaped(query.id)}\t{' '.join(query.text.split())}\t{listener}\n"
