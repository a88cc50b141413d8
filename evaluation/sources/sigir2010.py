"""Which of two melodies is closer to a third? 281 such questions, ten people of a crowd each."""

from collections.abc import Iterator
from pathlib import Path

from evaluation.sources.judged import Answer, Judged, judged
from evaluation.sources.tables import SourceError, read_table
from evaluation.stats.judgments import Outcome

OUTCOMES: dict[str, Outcome | None] = {"a": "a", "b": "b", "s": "tie", "": None}


def import_sigir2010(folder: Path) -> Judged:
    """Systems are the melodies that are compared, named with the one they are compared to.

    Melodies of different questions never meet, so each of the eleven is a scale of its own.

    References:
        J. Urbano, J. Morato, M. Marrero and D. Martín, "Crowdsourcing preference judgments for evaluation of music
        similarity tasks", SIGIR Workshop on Crowdsourcing for Search Evaluation, 2010.
    """

    def answers() -> Iterator[Answer]:
        columns = ("hit_id", "worker_id", "query", "doc_a", "doc_b", "answer")
        for place, row in read_table(folder, "judgments.tsv", columns):
            if row["answer"] not in OUTCOMES:
                raise SourceError(f"{place}: answer must be a, b, s or empty, got {row['answer']!r}.")
            yield Answer(
                participant=f"worker-{row['worker_id']}",
                query=row["query"],
                item=row["hit_id"],
                system_a=f"{row['query']} / {row['doc_a']}",
                system_b=f"{row['query']} / {row['doc_b']}",
                outcome=OUTCOMES[row["answer"]],
            )

    return judged(answers())
