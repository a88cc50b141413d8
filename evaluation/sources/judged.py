"""What becomes of a public set of pairwise judgments."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from evaluation.sources.tables import SourceError
from evaluation.stats.judgments import Judgment, Outcome

START = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to "this or that?" as a source has it.

    Attributes:
        item: what was asked, the same for all who were asked it.
        outcome: None where the question was left open.
    """

    participant: str
    query: str
    item: str
    system_a: str
    system_b: str
    outcome: Outcome | None
    category: str = ""


@dataclass(frozen=True)
class Judged:
    """The judgments of a public set.

    Attributes:
        judgments: one second after the other from 2000 on: the sources tell no times, and Elo takes their order.
        labels: (item, participant, outcome) of the same answers, for `manage.py agreement`.
        left_out: how many answers, by reason.
    """

    judgments: tuple[Judgment, ...]
    labels: tuple[tuple[str, str, str], ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


def judged(answers: Iterable[Answer], left_out: Counter[str] | None = None) -> Judged:
    """Turn answers into judgments; questions left open are counted and left out.

    Raises:
        SourceError: There is no answer at all.
    """
    left_out = Counter(left_out or {})
    judgments: list[Judgment] = []
    labels: list[tuple[str, str, str]] = []
    for answer in answers:
        if answer.outcome is None:
            left_out["questions without an answer"] += 1
            continue
        judgments.append(
            Judgment(
                participant=answer.participant,
                query=answer.query,
                system_a=answer.system_a,
                system_b=answer.system_b,
                outcome=answer.outcome,
                created_at=START + timedelta(seconds=len(judgments)),
                category=answer.category,
            )
        )
        labels.append((answer.item, answer.participant, answer.outcome))
    if not judgments:
        raise SourceError("There is no answer in this set; take the files as the source has them.")
    return Judged(tuple(judgments), tuple(labels), dict(left_out))
