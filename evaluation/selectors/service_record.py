"""How the systems of a study served: times and failures, for researchers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast, Coalesce, Round

from evaluation.models import Side, Study
from evaluation.selectors.packing import Bytes, Microseconds, Packed, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEVER = -1  # microseconds of what did not happen
_MADE, _FAILED, _OPEN = (Side.State.READY,), (Side.State.FAILED,), (Side.State.QUEUED, Side.State.LEASED)


def service_record(study: Study) -> dict[str, Any]:
    """`waiting` and `failures` of the study's systems, as JSON; see `evaluation.stats.service_record`. Two queries."""
    import numpy as np

    from evaluation.stats.results import plain
    from evaluation.stats.service_record import (
        QUANTILES,
        SHARE,
        Failures,
        SystemWaiting,
        Waiting,
        duration,
        failures_of,
    )

    sides = _sides(study)
    failures, waiting = [], []
    for name in study.systems.order_by("name").values_list("name", flat=True):
        made, failed, still_open = (_joined(sides[name], states) for states in (_MADE, _FAILED, _OPEN))
        shown = np.concatenate([rows[:, 2] for rows in sides[name].values()] or [np.empty(0)])
        waiting.append(SystemWaiting(name, duration(_seconds(made[:, 1])), duration(_seconds(shown))))
        people = np.unique(np.concatenate([made[:, 0], failed[:, 0]]))
        failures.append(failures_of(name, _each(made, people), _each(failed, people), len(still_open)))
    return {
        "waiting": plain(Waiting(QUANTILES, tuple(waiting))),
        "failures": plain(Failures(SHARE, tuple(failures))),
    }


def _sides(study: Study) -> dict[str, dict[str, NDArray[Any]]]:
    """By system and state: participant, microseconds of the model and until it was shown, shape (sides, 3)."""
    model = Cast(Round(F("model_seconds") * 1_000_000), BigIntegerField())
    shown = Microseconds("trial__visible_from") - Microseconds("trial__created_at")
    packed = Packed(Bytes("trial__participant"), Bytes(Coalesce(model, _NEVER)), Bytes(Coalesce(shown, _NEVER)))
    groups = Side.objects.filter(trial__study=study).values_list("system__name", "state")
    found: dict[str, dict[str, NDArray[Any]]] = defaultdict(dict)
    for name, state, rows in groups.annotate(packed=packed).order_by():
        found[name][state] = unpacked([rows]).reshape(-1, 3)
    return found


def _joined(of_system: dict[str, NDArray[Any]], states: tuple[str, ...]) -> NDArray[Any]:
    import numpy as np

    return np.concatenate(
        [np.empty((0, 3), dtype=np.int64), *(of_system[each] for each in states if each in of_system)]
    )


def _seconds(microseconds: NDArray[Any]) -> list[float]:
    values: list[float] = (microseconds[microseconds != _NEVER] / 1_000_000).tolist()
    return values


def _each(sides: NDArray[Any], people: NDArray[Any]) -> list[int]:
    """How many of the sides are of each of the people, who are sorted."""
    import numpy as np

    counts: list[int] = np.bincount(np.searchsorted(people, sides[:, 0]), minlength=len(people)).tolist()
    return counts
