"""PandaLM's human test set: three people compared the answers of five language models to 999 instructions."""

from collections.abc import Iterator
from pathlib import Path

from evaluation.sources.judged import Answer, Judged, judged
from evaluation.sources.tables import SourceError, read_table
from evaluation.stats.judgments import Outcome

OUTCOMES: dict[str, Outcome] = {"1": "a", "2": "b", "tie": "tie"}


def import_pandalm(folder: Path) -> Judged:
    """Systems are the models; `model_1` gave the first of the two answers.

    References:
        Y. Wang et al., "PandaLM: an automatic evaluation benchmark for LLM instruction tuning optimization", ICLR 2024.
    """

    def answers() -> Iterator[Answer]:
        for place, row in read_table(folder, "votes.tsv", ("idx", "model_1", "model_2", "annotator", "vote")):
            if row["vote"] not in OUTCOMES:
                raise SourceError(f"{place}: vote must be 1, 2 or tie, got {row['vote']!r}.")
            yield Answer(
                participant=f"annotator-{row['annotator']}",
                query=row["idx"],
                item=row["idx"],
                system_a=row["model_1"],
                system_b=row["model_2"],
                outcome=OUTCOMES[row["vote"]],
            )

    return judged(answers())
