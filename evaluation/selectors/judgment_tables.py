"""A study's judgments as the arrays that the statistics take, kept in the process until there are more."""

from dataclasses import dataclass, replace
from time import monotonic_ns
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from evaluation.kept import KeptByStudy
from evaluation.models import Judgment, Study
from evaluation.selectors.judgments import judgment_table

if TYPE_CHECKING:
    from evaluation.stats.tables import JudgmentTable

Stamp = tuple[float, ...]
_kept: KeptByStudy["JudgmentTable"] = KeptByStudy()


@dataclass(frozen=True, slots=True)
class StudyTable:
    """The table, and a stamp that differs as soon as the judgments or what is told of their queries do.

    Participants are called by their number: "1" enrolled first.
    """

    table: "JudgmentTable"
    stamp: Stamp


def study_table(study: Study) -> StudyTable:
    """The study's judgments. One query where nothing is new, five else."""
    stamp = judgments_stamp(study)
    return StudyTable(_kept.get(study.pk, stamp, lambda: _read(study)), stamp)


def judgments_stamp(study: Study) -> Stamp:
    """What changes with the judgments, which are only ever added, and with what is told of their queries. One query.

    The systems of a draft may still change, so no two stamps of it are equal.
    """
    row = Judgment.objects.filter(trial__study=study).aggregate(
        count=Count("pk"), last=Max("pk"), told=Count("pk", filter=~Q(trial__category=""))
    )
    opened = study.opened_at.timestamp() if study.opened_at else float(monotonic_ns())
    return (row["count"], row["last"] or 0, row["told"], opened)


def _read(study: Study) -> "JudgmentTable":
    import numpy as np

    table = judgment_table(study)
    enrolled = study.participants.order_by("pk").values_list("public_id", flat=True)
    place = {public_id.hex: at for at, public_id in enumerate(enrolled)}
    numbered = np.array([place[name] for name in table.participants], dtype=np.intp)
    names = tuple(str(number) for number in range(1, len(place) + 1))
    return replace(table, participants=names, participant=numbered[table.participant])
