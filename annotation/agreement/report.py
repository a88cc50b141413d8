"""All agreement figures of a set of votes, with their intervals, and where people disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotation.agreement.annotator_pairs import MOST_PAIRS, PairwiseAgreement, pairwise
from annotation.agreement.annotators import AnnotatorAgreement, Times, against_the_rest
from annotation.agreement.confusion import Confusion, confusion
from annotation.agreement.errors import AgreementError
from annotation.agreement.everybody import EverybodyAgreement, everybody
from annotation.agreement.resampling import Resampling
from annotation.votes import IntArray, Votes

FEWEST_UNITS = 30
"""Below this, intervals are said to be too narrow."""
MOST_RESAMPLES = 100_000


@dataclass(frozen=True, slots=True)
class Section:
    """Every figure, for the categories as they are or for their groups."""

    everybody: EverybodyAgreement
    pairs: PairwiseAgreement
    annotators: tuple[AnnotatorAgreement, ...]
    confusion: Confusion

    def as_json(self) -> dict[str, Any]:
        return {
            "observed": self.everybody.observed.as_json(),
            "fleiss_kappa": self.everybody.fleiss_kappa.as_json(),
            "krippendorff_alpha": self.everybody.krippendorff_alpha.as_json(),
            "gwet_ac1": self.everybody.gwet_ac1.as_json(),
            "cohen_kappa": [pair.as_json() for pair in self.pairs.pairs],
            "cohen_kappa_left_out": self.pairs.left_out,
            "categories": [category.as_json() for category in self.everybody.categories],
            "annotators": [annotator.as_json() for annotator in self.annotators],
            "confusion": self.confusion.as_json(),
        }


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """What a set of votes says about agreement.

    Attributes:
        n_items: items with a vote.
        n_paired: items with two votes or more; only these can show agreement.
        overall: over the categories as they are.
        binary: over the groups, such as personalised or not; None if none were given.
        warnings: what the reader must know before using the figures.
    """

    n_items: int
    n_paired: int
    n_votes: int
    n_annotators: int
    replaced: int
    families: int | None
    seed: int
    resamples: int
    overall: Section
    binary: Section | None
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The report as the `agreement` command writes it; no NaN, null where there is no number."""
        return {
            "items": self.n_items,
            "items_with_two_votes": self.n_paired,
            "votes": self.n_votes,
            "annotator_count": self.n_annotators,
            "replaced_votes": self.replaced,
            "families": self.families,
            "seed": self.seed,
            "resamples": self.resamples,
            **self.overall.as_json(),
            "binary": None if self.binary is None else self.binary.as_json(),
            "warnings": list(self.warnings),
        }


def agreement_report(
    votes: Votes,
    *,
    groups: Mapping[str, str] | None,
    families: Sequence[str] | None,
    seed: int,
    resamples: int = 1000,
    times: Times | None = None,
) -> AgreementReport:
    """Compute every agreement figure with a 95 % bootstrap interval over items, or over families of items.

    Args:
        votes: who gave which item which label.
        groups: the group of every category, for the second set of figures.
        families: the family of every item, as long as `votes.item_ids`. Items of one family are not independent (the
            same query in other words), so families are drawn whole.
        seed: of all draws, 0 or more; the same votes and seed give the same report.
        resamples: how many times the items are drawn.
        times: the order in which each (item, annotator) was labelled, for drift; without it, items are taken in order
            of first appearance.

    Raises:
        AgreementError: An argument does not fit the votes.
    """
    _check(votes, groups, families, resamples, times)
    numbers = None if families is None else np.unique(np.array(families, dtype=object), return_inverse=True)[1]
    resampling = Resampling(seed, resamples, numbers)
    overall = _section(votes, resampling, times)
    n_paired = int((np.bincount(votes.items) >= 2).sum()) if len(votes) else 0
    n_families = None if families is None else len(set(families))
    return AgreementReport(
        n_items=len(votes.item_ids),
        n_paired=n_paired,
        n_votes=len(votes),
        n_annotators=len(votes.annotator_ids),
        replaced=votes.replaced,
        families=n_families,
        seed=seed,
        resamples=resamples,
        overall=overall,
        binary=None if groups is None else _section(votes.collapsed(groups), resampling, times),
        warnings=tuple(_warnings(votes, n_paired, numbers, overall)),
    )


def _section(votes: Votes, resampling: Resampling, times: Times | None) -> Section:
    return Section(
        everybody=everybody(votes, resampling),
        pairs=pairwise(votes, resampling),
        annotators=against_the_rest(votes, resampling, times=times),
        confusion=confusion(votes),
    )


def _check(
    votes: Votes,
    groups: Mapping[str, str] | None,
    families: Sequence[str] | None,
    resamples: int,
    times: Times | None,
) -> None:
    if not 2 <= resamples <= MOST_RESAMPLES:
        raise AgreementError(f"`resamples` must be between 2 and {MOST_RESAMPLES}, got {resamples}.")
    if groups is not None and (missing := [name for name in votes.categories if name not in groups]):
        raise AgreementError(f"`groups` lacks the category {missing[0]!r}; give every category its group.")
    if families is not None and len(families) != len(votes.item_ids):
        raise AgreementError(
            f"`families` must name one family for each of the {len(votes.item_ids)} items, got {len(families)}."
        )
    if times is not None:
        for item, annotator in zip(votes.items.tolist(), votes.annotators.tolist(), strict=True):
            if (votes.item_ids[item], votes.annotator_ids[annotator]) not in times:
                who, what = votes.annotator_ids[annotator], votes.item_ids[item]
                raise AgreementError(f"`times` lacks the vote of {who!r} on {what!r}; give every vote its time.")


def _warnings(votes: Votes, n_paired: int, families: IntArray | None, overall: Section) -> Iterator[str]:
    if votes.replaced:
        yield f"Votes replaced by a later one of the same annotator on the same item: {votes.replaced}."
    if 0 < n_paired < len(votes.item_ids):
        lone = len(votes.item_ids) - n_paired
        yield f"{lone} of {len(votes.item_ids)} items have one vote and say nothing about agreement."
    of_paired = np.flatnonzero(np.bincount(votes.items, minlength=len(votes.item_ids)) >= 2)
    units = n_paired if families is None else len(np.unique(families[of_paired]))
    if 0 < units < FEWEST_UNITS:
        unit = "items" if families is None else "families of items"
        yield f"Only {units} {unit} have two votes; with fewer than {FEWEST_UNITS} the intervals are too narrow."
    if overall.pairs.left_out:
        yield f"Cohen's kappa is given for the {MOST_PAIRS} pairs of annotators with the most common items."
