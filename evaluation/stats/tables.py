"""Judgments as integer arrays, and counted by participant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray, IntArray, KeyArray
from evaluation.stats.cells import Cells, count_cells
from evaluation.stats.draws import participant_keys
from evaluation.stats.errors import JudgmentError
from evaluation.stats.judgments import Judgment, in_time_order
from evaluation.stats.units import Unit

LABELS = ("category", "language")
_SCORE = {"a": 1.0, "tie": 0.5, "b": 0.0}
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True)
class Labels:
    """What each judgment is labelled with, as indices.

    Attributes:
        names: the labels, sorted; the empty one where a judgment has none.
        of: shape (judgments,), index into `names`.
    """

    names: tuple[str, ...]
    of: IntArray

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> "Labels":
        names = tuple(sorted(set(texts)))
        index = {name: number for number, name in enumerate(names)}
        return cls(names, np.array([index[text] for text in texts], dtype=np.intp))

    def where(self, mask: BoolArray) -> "Labels":
        """Only some of the judgments; the names stay."""
        return Labels(self.names, self.of[mask])


@dataclass(frozen=True)
class JudgmentTable:
    """Judgments in time order, as indices.

    Attributes:
        participants: names, sorted, so that nothing depends on who comes first in a file. Where judgments do not say
            who made them, each stands for a participant of its own.
        systems: names, as registered or else sorted.
        participant: shape (judgments,), index into `participants`.
        first: shape (judgments,), index of the system shown first.
        second: shape (judgments,), index of the other.
        score: shape (judgments,), the first system's score: 1, 1/2 (tie) or 0.
        labels: `category`, `language` and `query`; a table made by hand may have none.
        query: shape (judgments,), equal numbers for equal queries, from 0 in the order of their first judgment; None
            where they are not known.
        microseconds: shape (judgments,), times since 1970 in UTC, ascending; None where they are not known.
        zoneless: how many of the times came without a zone and were read as UTC.
        unit: what a "participant" is here.
    """

    participants: tuple[str, ...]
    systems: tuple[str, ...]
    participant: IntArray
    first: IntArray
    second: IntArray
    score: FloatArray
    labels: Mapping[str, Labels] = field(default_factory=dict)
    query: IntArray | None = None
    microseconds: IntArray | None = None
    zoneless: int = 0
    unit: Unit = "participant"

    @classmethod
    def of(cls, judgments: Iterable[Judgment], systems: Sequence[str] | None = None) -> "JudgmentTable":
        """Order and index the judgments.

        Raises:
            JudgmentError: A judgment names a system that is not among `systems`; or some say who made them and some do
                not.
        """
        ordered = in_time_order(judgments)
        named = {name for judgment in ordered for name in (judgment.system_a, judgment.system_b)}
        if systems is not None and (unknown := named - set(systems)):
            raise JudgmentError(f"A judgment names {min(unknown)!r}, which is not among the systems of the study.")
        system_names = tuple(sorted(named)) if systems is None else tuple(dict.fromkeys(systems))
        unit = _unit(ordered)
        participants = tuple(sorted({judgment.participant for judgment in ordered}))
        system = {name: index for index, name in enumerate(system_names)}
        person = {name: index for index, name in enumerate(participants)}
        made_by = np.array([person[judgment.participant] for judgment in ordered], dtype=np.intp)
        if unit == "judgment":
            participants, made_by = tuple(map(str, range(len(ordered)))), np.arange(len(ordered))
        return cls(
            participants=participants,
            systems=system_names,
            participant=made_by,
            first=np.array([system[judgment.system_a] for judgment in ordered], dtype=np.intp),
            second=np.array([system[judgment.system_b] for judgment in ordered], dtype=np.intp),
            score=np.array([_SCORE[judgment.outcome] for judgment in ordered], dtype=float),
            labels={name: Labels.from_texts([getattr(judgment, name) for judgment in ordered]) for name in LABELS},
            query=numbered([judgment.query for judgment in ordered]),
            microseconds=np.array([(judgment.instant - _EPOCH) // _MICROSECOND for judgment in ordered], dtype=np.intp),
            zoneless=sum(judgment.created_at.utcoffset() is None for judgment in ordered),
            unit=unit,
        )

    def __len__(self) -> int:
        return len(self.first)

    def people(self, count: int) -> int | None:
        """A number of participants; None where the judgments do not say who made them."""
        return count if self.unit == "participant" else None

    @cached_property
    def keys(self) -> KeyArray:
        """What the participants are drawn by, shape (participants,)."""
        return participant_keys(self.participants)

    @property
    def latest(self) -> datetime | None:
        """Time of the last judgment; None where there is none or times are not known."""
        if self.microseconds is None or not len(self):
            return None
        return _EPOCH + int(self.microseconds[-1]) * _MICROSECOND

    def where(self, mask: BoolArray) -> "JudgmentTable":
        """Only some of the judgments; participants and systems stay, those without a judgment too."""
        return replace(
            self,
            participant=self.participant[mask],
            first=self.first[mask],
            second=self.second[mask],
            score=self.score[mask],
            labels={name: labels.where(mask) for name, labels in self.labels.items()},
            query=None if self.query is None else numbered(self.query[mask].tolist()),
            microseconds=None if self.microseconds is None else self.microseconds[mask],
            zoneless=0,  # whose times these were is not kept
        )

    def cells(self, *, by_side: bool) -> Cells:
        """Count the judgments; with `by_side`, apart for each side the pair's left system was shown on."""
        return count_cells(
            self.participant,
            self.first,
            self.second,
            self.score,
            shape=(len(self.participants), len(self.systems)),
            keys=self.keys,
            by_side=by_side,
            unit=self.unit,
        )

    def scores_by_participant(self) -> tuple[FloatArray, FloatArray]:
        """Sum of scores and number of judgments, each of shape (participants, systems)."""
        shape = (len(self.participants), len(self.systems))
        size = shape[0] * shape[1]
        base = self.participant.astype(np.intp) * shape[1]
        keys = np.concatenate([base + self.first, base + self.second])
        scores = np.asarray(np.bincount(keys, np.concatenate([self.score, 1.0 - self.score]), size), dtype=float)
        judged = np.asarray(np.bincount(keys, minlength=size), dtype=float)
        return scores.reshape(shape), judged.reshape(shape)


def numbered(values: Sequence[object]) -> IntArray:
    """Numbers from 0 in the order of first appearance, equal for equal values, shape (values,)."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.intp)


def _unit(judgments: Sequence[Judgment]) -> Unit:
    nameless = sum(not judgment.participant for judgment in judgments)
    if 0 < nameless < len(judgments):
        raise JudgmentError(
            f"{nameless} of {len(judgments)} judgments have an empty `participant`; name who made each, or nobody."
        )
    return "judgment" if nameless else "participant"
