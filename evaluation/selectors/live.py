"""How a running study is getting on: counts alone, nothing of who is ahead."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from statistics import median

from django.db.models import Count, FilteredRelation, Min, Q
from django.db.models.functions import TruncDate
from django.utils.timezone import get_current_timezone

from evaluation.kept import KeptByStudy
from evaluation.models import Judgment, Study, Trial
from evaluation.selectors.judgment_tables import judgments_stamp
from evaluation.selectors.studies import failures, trial_states
from playoff.common.clock import database_now


@dataclass(frozen=True, slots=True)
class Progress:
    """A count towards its plan; `share` is at most 1 and None without a plan."""

    done: int
    planned: int | None

    @property
    def share(self) -> float | None:
        return min(1.0, self.done / self.planned) if self.planned else None


@dataclass(frozen=True, slots=True)
class Day:
    """Judgments made on a day, and how many participants made them."""

    day: date
    judgments: int
    participants: int


@dataclass(frozen=True, slots=True)
class PairCount:
    a: str
    b: str
    judgments: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Trials that want something now, and since when the oldest does."""

    state: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class LiveStudy:
    """A study at a moment.

    Attributes:
        participants: who have judged.
        enrolled: who have agreed to take part.
        pairs: every possible pair of systems, the least judged first.
    """

    as_of: datetime
    judgments: Progress
    participants: Progress
    enrolled: int
    days: list[Day]
    pairs: list[PairCount]
    states: dict[str, int]
    failures: list[dict[str, object]]
    waiting: list[Waiting]

    @property
    def fewest(self) -> int:
        return self.pairs[0].judgments if self.pairs else 0

    @property
    def most(self) -> int:
        return self.pairs[-1].judgments if self.pairs else 0

    @property
    def middle(self) -> float:
        return median(pair.judgments for pair in self.pairs) if self.pairs else 0

    @property
    def never(self) -> int:
        """Pairs that were not judged yet."""
        return sum(not pair.judgments for pair in self.pairs)


_kept: KeptByStudy[tuple[list[Day], list[PairCount]]] = KeptByStudy()


def live_study(study: Study) -> LiveStudy:
    """Nine queries, of which the two that take long for many judgments are left out where there is no new one."""
    zone = str(get_current_timezone())
    days, pairs = _kept.get(study.pk, (judgments_stamp(study), zone), lambda: (_days(study), _pairs(study)))
    counted = Judgment.objects.filter(trial__study=study).aggregate(
        judgments=Count("pk"), participants=Count("trial__participant", distinct=True)
    )
    return LiveStudy(
        as_of=database_now(),
        judgments=Progress(counted["judgments"], study.planned_judgments),
        participants=Progress(counted["participants"], study.planned_participants),
        enrolled=study.participants.count(),
        days=days,
        pairs=pairs,
        states=trial_states(study),
        failures=failures(study),
        waiting=_waiting(study),
    )


def _days(study: Study) -> list[Day]:
    rows = (
        Judgment.objects.filter(trial__study=study)
        .annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(judgments=Count("pk"), participants=Count("trial__participant", distinct=True))
        .order_by("day")
    )
    return [Day(row["day"], row["judgments"], row["participants"]) for row in rows]


def _pairs(study: Study) -> list[PairCount]:
    names = dict(study.systems.order_by("name").values_list("pk", "name"))
    counts: dict[frozenset[int], int] = {}
    rows = (
        Judgment.objects.filter(trial__study=study)
        .annotate(
            side_a=FilteredRelation("trial__sides", condition=Q(trial__sides__name="a")),
            side_b=FilteredRelation("trial__sides", condition=Q(trial__sides__name="b")),
        )
        .values_list("side_a__system_id", "side_b__system_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for a, b, count in rows:
        counts[frozenset((a, b))] = counts.get(frozenset((a, b)), 0) + count
    pairs = [PairCount(names[a], names[b], counts.get(frozenset((a, b)), 0)) for a, b in combinations(names, 2)]
    return sorted(pairs, key=lambda pair: (pair.judgments, pair.a, pair.b))


def _waiting(study: Study) -> list[Waiting]:
    rows = (
        Trial.objects.filter(study=study)
        .in_flight()
        .values("state")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
        .order_by("state")
    )
    return [Waiting(row["state"], row["count"], row["oldest"]) for row in rows]
