"""What a gold version is settled from: the votes, decisions and known answers of one moment."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from annotation.gold_labels import Item as GoldItem
from annotation.models import Campaign, Item
from annotation.selectors.votes import Decision, Vote, decisions_at, votes_at
from annotation.services.queries import family_of


@dataclass(slots=True)
class Evidence:
    """What a version is settled from.

    Attributes:
        triples: (item, annotator, category) of real work and of gold questions.
        known: right categories of gold questions and decisions, by item.
        counts: votes of each work item by category.
        first: (moment, origin) of each work item's first label.
        outdated: labels left out because the taxonomy has no such category any more.
    """

    triples: list[tuple[str, str, str]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    counts: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    first: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    families: dict[int, str] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    outdated: int = 0

    def add(self, vote: Vote, slugs: frozenset[str]) -> None:
        if vote.kind == Item.Kind.PRACTICE or vote.surplus:
            return
        if vote.category not in slugs:
            self.outdated += 1
            return
        self.triples.append((str(vote.query), vote.annotator, vote.category))
        if vote.kind == Item.Kind.GOLD:
            if vote.answer in slugs:
                self.known[str(vote.query)] = vote.answer
            return
        self.counts[vote.query][vote.category] += 1
        self.families[vote.query] = vote.family or family_of(vote.text)
        self.first[vote.query] = min((vote.at, vote.origin), self.first.get(vote.query, (vote.at, vote.origin)))


def evidence_at(campaign: Campaign, moment: datetime) -> Evidence:
    """Everything that was known of a campaign at a moment; two queries, all of it in memory."""
    slugs = frozenset(campaign.taxonomy.taxonomy.slugs)
    evidence = Evidence()
    for vote in votes_at(campaign, moment):
        evidence.add(vote, slugs)
    for decision in decisions_at(campaign, moment).values():
        if decision.category and decision.category not in slugs:
            evidence.outdated += 1
            continue
        evidence.decisions[decision.query] = decision
        if decision.category:
            evidence.known[str(decision.query)] = decision.category
    return evidence


def items_of(campaign: Campaign, evidence: Evidence) -> list[GoldItem]:
    """Every query with a label or a decision, in the order of their ids."""
    bare = evidence.decisions.keys() - evidence.counts.keys()
    unlabelled = Item.objects.filter(campaign=campaign, query__in=bare).select_related("query")
    origins = {query: origin for query, (_at, origin) in evidence.first.items()}
    families = dict(evidence.families)
    for item in unlabelled:
        origins[item.query_id] = item.origin
        families[item.query_id] = item.query.family or family_of(item.query.text)
    return [
        GoldItem(
            item_id=str(query),
            family=families[query],
            origin=origins[query],
            votes=dict(sorted(evidence.counts[query].items())) if query in evidence.counts else {},
            decision=evidence.decisions[query].category if query in evidence.decisions else None,
        )
        for query in sorted(families)
    ]
