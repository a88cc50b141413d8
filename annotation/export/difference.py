"""What changed between two versions of the gold labels, found in one pass over both."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from annotation.export.errors import ExportError
from annotation.export.records import GoldRecord
from annotation.export.schema import schema_of

_COMPARED = tuple(field.name for field in fields(GoldRecord) if field.name not in ("query_id", "category"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One query whose gold label is not the same in both versions; what is not in a version is empty or None there.

    Attributes:
        kind: `added`, `removed`, `category` (another category) or `details` (the same category otherwise reached).
        details: the other columns that differ, in their order, with a space between; empty for added and removed.
    """

    query_id: str
    text: str
    language: str
    kind: str
    old_category: str
    new_category: str
    old_source: str
    new_source: str
    old_probability: float | None
    new_probability: float | None
    details: str = ""


CHANGES = schema_of(Change)


def difference(old: Iterable[GoldRecord], new: Iterable[GoldRecord]) -> Iterator[Change]:
    """The changes from one version to the other, in the order of the query ids; memory holds one record of each.

    Args:
        old: in the order of their query ids, compared by code point (PostgreSQL: `COLLATE "C"`), each id once.
        new: likewise.

    Raises:
        ExportError: The records are in another order, or an id comes twice.
    """
    befores, afters = ascending(old), ascending(new)
    before, after = next(befores, None), next(afters, None)
    while before is not None or after is not None:
        if after is None or (before is not None and before.query_id < after.query_id):
            yield _change("removed", before, None)
            before = next(befores, None)
        elif before is None or after.query_id < before.query_id:
            yield _change("added", None, after)
            after = next(afters, None)
        else:
            if before != after:
                yield _change("details" if before.category == after.category else "category", before, after)
            before, after = next(befores, None), next(afters, None)


def ascending(records: Iterable[GoldRecord]) -> Iterator[GoldRecord]:
    """The records as they come, as long as each query id is larger than the one before.

    Raises:
        ExportError: One is not.
    """
    last = None
    for record in records:
        if last is not None and record.query_id <= last:
            raise ExportError(
                f"Query {record.query_id!r} comes after {last!r}; give gold labels in the order of their query ids by "
                "code point, each query once."
            )
        last = record.query_id
        yield record


@dataclass(slots=True)
class ChangeCounts:
    """How many changes there are of each kind, and from which category to which.

    Attributes:
        kinds: changes by kind.
        moves: changes by (old category, new category); "" stands for not being in that version. Changes of details
            only are not in here.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)

    def through(self, changes: Iterable[Change]) -> Iterator[Change]:
        """The same changes, each counted before it is passed on."""
        for change in changes:
            self.kinds[change.kind] += 1
            if change.old_category != change.new_category:
                self.moves[change.old_category, change.new_category] += 1
            yield change

    def as_json(self) -> dict[str, Any]:
        moves = sorted(self.moves.items(), key=lambda move: (-move[1], move[0]))
        return {
            "kinds": dict(sorted(self.kinds.items())),
            "moves": [{"from": old, "to": new, "queries": number} for (old, new), number in moves],
        }


def count_changes(changes: Iterable[Change]) -> ChangeCounts:
    """The counts of all the changes."""
    counts = ChangeCounts()
    for _ in counts.through(changes):
        pass
    return counts


def _change(kind: str, before: GoldRecord | None, after: GoldRecord | None) -> Change:
    record = after or before
    assert record is not None
    details: list[str] = []
    if before is not None and after is not None:
        details = [name for name in _COMPARED if getattr(before, name) != getattr(after, name)]
    old, new = _columns(before), _columns(after)
    return Change(
        query_id=record.query_id,
        text=record.text,
        language=record.language,
        kind=kind,
        old_category=old["category"],
        new_category=new["category"],
        old_source=old["source"],
        new_source=new["source"],
        old_probability=old["probability"],
        new_probability=new["probability"],
        details=" ".join(details),
    )


def _columns(record: GoldRecord | None) -> Mapping[str, Any]:
    if record is None:
        return {"category": "", "source": "", "probability": None}
    return {name: getattr(record, name) for name in ("category", "source", "probability")}
