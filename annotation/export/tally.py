"""Counts of the records of a data set, taken while they pass by on their way into its files."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from annotation.export.records import GoldRecord, VoteRecord


@dataclass(slots=True)
class GoldCounts:
    """Gold labels by (category, split), (language, split), source, method and (origin, split)."""

    categories: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    origins: Counter[tuple[str, str]] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)

    def through(self, records: Iterable[GoldRecord]) -> Iterator[GoldRecord]:
        """The same records, each counted before it is passed on."""
        for record in records:
            self.categories[record.category, record.split] += 1
            self.languages[record.language, record.split] += 1
            self.origins[record.origin, record.split] += 1
            self.splits[record.split] += 1
            self.sources[record.source] += 1
            self.methods[record.method] += 1
            yield record


@dataclass(slots=True)
class VoteCounts:
    """Votes by annotator, kind, language and version of the taxonomy; and how many of them count for nothing."""

    annotators: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    taxonomies: Counter[tuple[str, int]] = field(default_factory=Counter)
    surplus: int = 0
    guessed: int = 0

    def through(self, records: Iterable[VoteRecord]) -> Iterator[VoteRecord]:
        """The same records, each counted before it is passed on."""
        for record in records:
            self.annotators[record.annotator] += 1
            self.kinds[record.kind] += 1
            self.languages[record.language] += 1
            self.taxonomies[record.taxonomy, record.taxonomy_version] += 1
            self.surplus += record.surplus
            self.guessed += record.guess != ""
            yield record
