"""Which label each query gets in a gold version, why, and in which split. Core: no Django."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from annotation.aggregation.result import NO_LABEL, Consensus
from annotation.export.splits import split_of

HONEST_ORIGINS = frozenset({"random", "oldest", "import"})
"""What puts a query into the queue without looking at it. Only such queries may be in the test split: those that a
classifier picked as hard or unusual make every figure of a test another."""

LEFT_OUT = ("undecidable", "unlabelled", "tie", "improbable")


@dataclass(frozen=True, slots=True)
class Item:
    """A query to settle.

    Attributes:
        item_id: its name in the votes.
        family: what its near-duplicates share.
        origin: what put it into the queue when it was first given out.
        votes: labels that count, by category.
        decision: a lead's category, empty if they found that it cannot be decided, None without a decision.
    """

    item_id: str
    family: str
    origin: str
    votes: Mapping[str, int]
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The gold label of an item; `source` as `GoldRecord` takes it."""

    item: Item
    category: str
    probability: float
    source: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item without gold, and why: one of `LEFT_OUT`."""

    item: Item
    why: str


def settle_all(items: Iterable[Item], consensus: Consensus, *, minimum: float) -> Iterator[Settled | LeftOut]:
    """Give every item its label: the decision if there is one, else what the votes say.

    Left out are items that a lead found undecidable, those without a vote, those whose most probable categories are
    equally probable (the first of them would be a guess of ours), and those less probable than `minimum`.
    """
    rows = {item_id: row for row, item_id in enumerate(consensus.item_ids)}
    ties = set(consensus.ties)
    for item in items:
        yield _settle(item, rows.get(item.item_id), ties, consensus, minimum)


def _settle(item: Item, row: int | None, ties: set[str], consensus: Consensus, minimum: float) -> Settled | LeftOut:
    if item.decision is not None:
        return Settled(item, item.decision, 1.0, "adjudicated") if item.decision else LeftOut(item, "undecidable")
    best = NO_LABEL if row is None else int(consensus.best[row])
    if row is None or best == NO_LABEL:
        return LeftOut(item, "unlabelled")
    if item.item_id in ties:
        return LeftOut(item, "tie")
    probability = min(1.0, max(0.0, float(consensus.probabilities[row, best])))
    if probability < minimum:
        return LeftOut(item, "improbable")
    category = consensus.categories[best]
    unanimous = set(item.votes) == {category}
    return Settled(item, category, probability, "unanimous" if unanimous else "aggregated")


def splits_of(items: Sequence[Item], *, salt: str) -> tuple[dict[str, str], int]:
    """The split of each family, and how many families went to train in place of test.

    A family drawn for the test goes to train as a whole if any of its items was picked by a classifier.
    """
    picked = {item.family for item in items if item.origin not in HONEST_ORIGINS}
    splits, moved = {}, 0
    for family in {item.family for item in items}:
        split = split_of(family, salt=salt)
        if split == "test" and family in picked:
            split, moved = "train", moved + 1
        splits[family] = split
    return splits, moved


def summary_of(
    settled: Sequence[Settled], left_out: Sequence[LeftOut], splits: Mapping[str, str], *, most_named: int = 100
) -> dict[str, object]:
    """Counts for people: rows by source, category, split, origin; what was left out and why, the first ones by id."""
    why = Counter(left.why for left in left_out)
    named = {
        reason: [left.item.item_id for left in left_out if left.why == reason][:most_named]
        for reason in LEFT_OUT
        if why[reason]
    }
    return {
        "sources": dict(sorted(Counter(row.source for row in settled).items())),
        "categories": dict(sorted(Counter(row.category for row in settled).items())),
        "splits": dict(sorted(Counter(splits[row.item.family] for row in settled).items())),
        "origins": dict(sorted(Counter(row.item.origin for row in settled).items())),
        "left_out": {reason: why[reason] for reason in LEFT_OUT if why[reason]},
        "left_out_queries": named,
    }
