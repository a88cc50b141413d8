"""A study's judgments for the statistics: counted and packed by the database, unpacked as arrays.

No object is made per judgment. numpy and scipy come in with the first call, not with this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, FilteredRelation, Q, QuerySet

from evaluation.models import Judgment, Side, Study
from evaluation.selectors.packing import Bytes, Microseconds, Packed, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evaluation.stats.tables import JudgmentTable

_SCORES = {Judgment.Choice.A: 1.0, Judgment.Choice.B: 0.0, Judgment.Choice.EQUIVALENT: 0.5}


def judgment_table(study: Study) -> JudgmentTable:
    """All judgments in the order they were made, equal times by their number. Four queries.

    The database groups the judgments by systems, choice and labels, and packs of each group's judgments who made them
    and when into one value: there are as many rows as kinds of judgments, and one for each query that was asked more
    than once. The table equals that of the judgments file.
    """
    import numpy as np

    from evaluation.stats.tables import JudgmentTable, Labels, numbered

    kinds = (
        "shown_first__system",
        "shown_second__system",
        "choice",
        "trial__category",
        "trial__query_language",
    )
    groups = list(
        _played(study)
        .values_list(*kinds)
        .annotate(
            n=Count("pk"), packed=Packed(Bytes("trial__participant"), Bytes(Microseconds("created_at")), Bytes("pk"))
        )
        .order_by()
    )
    person, time, number = unpacked(group[-1] for group in groups).reshape(-1, 3).T
    order = np.lexsort((number, time))
    repeats = np.array([group[-2] for group in groups], dtype=np.intp)

    def column(values: list[Any]) -> NDArray[Any]:
        return np.repeat(np.array(values), repeats)[order]

    systems, at = _systems(study)
    names, people = _participants(study, person[order])
    labels = {}
    for place, label in ((3, "category"), (4, "language")):
        of_groups = Labels.from_texts([group[place] for group in groups])
        labels[label] = Labels(of_groups.names, column(of_groups.of.tolist()).astype(np.intp))
    return JudgmentTable(
        participants=names,
        systems=systems,
        participant=people,
        first=column([at[group[0]] for group in groups]).astype(np.intp),
        second=column([at[group[1]] for group in groups]).astype(np.intp),
        score=column([_SCORES[group[2]] for group in groups]).astype(np.float64),
        labels=labels,
        query=numbered(_queries(study, number)[order].tolist()),
        microseconds=time[order].astype(np.intp),
    )


def _played(study: Study) -> QuerySet[Judgment]:
    """The study's judgments with the side that was shown as A and the other."""
    return Judgment.objects.filter(trial__study=study).annotate(
        shown_first=FilteredRelation("trial__sides", condition=Q(trial__sides__name=Side.Name.A)),
        shown_second=FilteredRelation("trial__sides", condition=Q(trial__sides__name=Side.Name.B)),
    )


def _queries(study: Study, numbers: NDArray[Any]) -> NDArray[Any]:
    """For each judgment, by its number, a number that judgments of the same query share. One query.

    Only queries that were asked more than once come from the database; the others are equal to none.
    """
    import numpy as np

    groups = list(
        Judgment.objects.filter(trial__study=study)
        .values_list("trial__query")
        .annotate(n=Count("pk"), packed=Packed(Bytes("pk")))
        .filter(n__gt=1)
        .order_by()
    )
    own = -numbers
    shared = unpacked(packed for _, _, packed in groups)
    of_group = np.repeat(np.arange(len(groups)), [n for _, n, _ in groups])
    order = np.argsort(numbers)
    own[order[np.searchsorted(numbers, shared, sorter=order)]] = of_group
    return own


def _systems(study: Study) -> tuple[tuple[str, ...], dict[int, int]]:
    """Names in their order, and the place of each system by its number in the database. One query."""
    rows = list(study.systems.order_by("name").values_list("name", "pk"))
    return tuple(name for name, _ in rows), {pk: at for at, (_, pk) in enumerate(rows)}


def _participants(study: Study, numbers: NDArray[Any]) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Public ids of those who judged, sorted, and the place of each of `numbers` among them. One query."""
    import numpy as np

    judged = set(np.unique(numbers).tolist())
    rows = study.participants.values_list("public_id", "pk")
    named = sorted((public_id.hex, pk) for public_id, pk in rows if pk in judged)
    numbered = np.array([pk for _, pk in named], dtype=np.int64)
    order = np.argsort(numbered)
    return tuple(name for name, _ in named), order[np.searchsorted(numbered, numbers, sorter=order)]
