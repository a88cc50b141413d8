"""Who gave which item which label: the one shape that agreement and aggregation work on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Labels of items by annotators, as three index arrays of one length; one vote per annotator and item.

    Attributes:
        items: shape (n,), index into `item_ids`, ascending.
        annotators: shape (n,), index into `annotator_ids`.
        labels: shape (n,), index into `categories`.
        item_ids: every item, in order of first appearance.
        annotator_ids: every annotator, in order of first appearance.
        categories: every category that could be chosen, in the taxonomy's order (or sorted, if none was given).
        replaced: votes left out because the same annotator voted again on the same item; the last one counts.
    """

    items: IntArray
    annotators: IntArray
    labels: IntArray
    item_ids: tuple[str, ...]
    annotator_ids: tuple[str, ...]
    categories: tuple[str, ...]
    replaced: int = 0

    @classmethod
    def from_triples(
        cls, triples: Iterable[tuple[str, str, str]], *, categories: Sequence[str] | None = None
    ) -> "Votes":
        """Index (item, annotator, label) triples.

        Raises:
            ValueError: A label is none of `categories`.
        """
        item_ids: dict[str, int] = {}
        annotator_ids: dict[str, int] = {}
        known = {} if categories is None else {name: number for number, name in enumerate(categories)}
        chosen: dict[tuple[int, int], int] = {}
        read = 0
        for item, annotator, label in triples:
            if categories is not None and label not in known:
                raise ValueError(f"Item {item!r} has the label {label!r}; use one of {', '.join(known)}.")
            key = (item_ids.setdefault(item, len(item_ids)), annotator_ids.setdefault(annotator, len(annotator_ids)))
            chosen[key] = known.setdefault(label, len(known))
            read += 1
        rows = np.array([(*key, label) for key, label in chosen.items()], dtype=np.int64).reshape(-1, 3)
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        names = list(known)
        if categories is None:
            names.sort()
            rows[:, 2] = np.array([names.index(name) for name in known], dtype=np.int64)[rows[:, 2]]
        return cls(
            items=rows[:, 0],
            annotators=rows[:, 1],
            labels=rows[:, 2],
            item_ids=tuple(item_ids),
            annotator_ids=tuple(annotator_ids),
            categories=tuple(names),
            replaced=read - len(chosen),
        )

    def __len__(self) -> int:
        return len(self.items)

    def counts(self) -> IntArray:
        """Votes per item and category, shape (items, categories)."""
        n_items, n_categories = len(self.item_ids), len(self.categories)
        flat = np.bincount(self.items * n_categories + self.labels, minlength=n_items * n_categories)
        return flat.reshape(n_items, n_categories).astype(np.int64)

    def collapsed(self, groups: Mapping[str, str]) -> "Votes":
        """The same votes with every category replaced by its group, such as personalised or not."""
        names = tuple(dict.fromkeys(groups[category] for category in self.categories))
        renumbered = np.array([names.index(groups[category]) for category in self.categories], dtype=np.int64)
        return Votes(
            items=self.items,
            annotators=self.annotators,
            labels=renumbered[self.labels] if len(self) else self.labels,
            item_ids=self.item_ids,
            annotator_ids=self.annotator_ids,
            categories=names,
            replaced=self.replaced,
        )
