"""One reorder of a campaign: learn from its labels, say what the open items might be, put the most useful first.

Runs in a process of its own, beside people who label: reads are not in their way, writes are many and short. The new
order holds for an annotator from their next label on, once its last transaction is through. A run that is killed before
leaves guesses and places that are each right in themselves; the next run does all of it again.
"""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from annotation.active.draws import draw_items
from annotation.active.learner import assess
from annotation.active.ordering import Pick, rank_batch
from annotation.active.strategies import Candidates, pick
from annotation.active.uncertainty import entropy
from annotation.models import Campaign
from annotation.selectors import ordering as read
from annotation.selectors.ordering import Text
from annotation.services.guesses import Guess, settle_disputes, write_guesses
from annotation.services.queue_places import MOST_PICKS, bring_forward, clear_front, lay_out, place_batch
from annotation.services.run_lock import Work, only_one
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError
from playoff.common.progress import Progress
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
BATCH = 2_000
"""Places filled by a run: more than people label before the next one."""
CONSIDERED_AT_MOST = 50_000
"""Items scored in a run; of a larger pool each run draws others."""
LEARNED_AT_MOST = 50_000
LEAST_LABELS = 20
LEAST_CATEGORIES = 2


class ReorderRunningError(PlayoffError):
    """Another run has this campaign in hand."""

    code = "reorder_running"


@dataclass(frozen=True, slots=True)
class Reordering:
    """What a run did.

    Attributes:
        labels: that count, in the campaign; `learned_from` of their items are settled, and were learned from.
        candidates: untouched items that the strategy chose from.
        picks: places filled, by origin.
        moved: items that went back to where their lots put them.
        guesses: written, because they say something new; by `model`.
        live: whether the order, if it changed, holds now; not if the campaign's order was changed during the run.
        reason: why nothing was ordered; empty if something was, or if the campaign's order needs no classifier.
    """

    labels: int
    learned_from: int
    candidates: int = 0
    picks: tuple[tuple[str, int], ...] = ()
    moved: int = 0
    guesses: int = 0
    model: str = ""
    live: bool = True
    reason: str = ""
    seconds: float = 0.0


def reorder(
    *,
    campaign: Campaign,
    strategy: str | None = None,
    batch: int = BATCH,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Reordering:
    """Reorder a campaign once. Campaigns that are not ordered by use get the classifier's guesses only.

    Args:
        strategy: instead of the campaign's.
        batch: places to fill, those of the random share included.
        seed: of all that is drawn, the campaign's unless given; which items are the random share does not depend on it.

    Raises:
        ReorderRunningError: Another run is on; nothing is changed.
        InvalidInputError: There is no such strategy, the campaign has no use for one, or `batch` is out of bounds.
    """
    campaign = Campaign.objects.select_related("taxonomy").get(pk=campaign.pk)
    _check(campaign, strategy, batch)
    began = time.perf_counter()
    with only_one(Work.REORDER, campaign.pk) as alone:
        if not alone:
            raise ReorderRunningError(
                _("“%(title)s” is being put into order right now; wait until that is done.") % {"title": campaign.title}
            )
        done = _Run(
            campaign, strategy or campaign.strategy, batch, campaign.seed if seed is None else seed, progress
        ).do()
    done = replace(done, seconds=round(time.perf_counter() - began, 3))
    logger.info(
        "reorder.finished campaign=%s labels=%d learned_from=%d candidates=%d placed=%d moved=%d guesses=%d live=%s "
        "seconds=%.1f reason=%s",
        campaign.slug, done.labels, done.learned_from, done.candidates, sum(count for _name, count in done.picks),
        done.moved, done.guesses, done.live, done.seconds, done.reason or "-",
    )  # fmt: skip
    return done


@dataclass(frozen=True, slots=True)
class _Run:
    """The steps of one run, and what they share."""

    campaign: Campaign
    strategy: str
    batch: int
    seed: int
    progress: Progress | None

    @property
    def useful(self) -> bool:
        return self.campaign.order == Campaign.Order.USEFUL

    @property
    def next_number(self) -> int:
        return self.campaign.order_number + 1

    def do(self) -> Reordering:
        labels = read.labels_counted(self.campaign)
        learned = read.settled_labels(self.campaign)
        moved = lay_out(self.campaign) if self.useful or self._order_was_changed() else 0
        result = Reordering(labels=labels, learned_from=len(learned), moved=moved, reason=_too_few(learned))
        if not result.reason:
            result = self._learn(result, learned)
        return replace(result, live=self._finish(result))

    def _learn(self, result: Reordering, learned: Sequence[tuple[int, str, str]]) -> Reordering:
        self._say("reading", 0, 3)
        learned = draw_items(learned, LEARNED_AT_MOST, seed=self.seed, purpose="learned")
        candidates = read.candidates(self.campaign, CONSIDERED_AT_MOST) if self.useful else []
        reserve = read.reserve(self.campaign, self.batch) if candidates else []
        texts = {text.item: text for text in [*candidates, *reserve, *self._others()]}
        self._say("learning", 1, 3)
        seen = self._assess(learned, list(texts.values()))
        model = _model_name(learned)
        self._say("writing", 2, 3)
        written = write_guesses(_guesses(seen, self.campaign.taxonomy.taxonomy.slugs), texts, model=model)
        settle_disputes(self.campaign, written)
        places = self._places(seen, {text.item for text in candidates}, [text.item for text in reserve])
        moved = self._place(places) if places else 0
        self._say("writing", 3, 3)
        return replace(
            result,
            candidates=len(candidates),
            picks=tuple(sorted(Counter(place.origin for place in places).items())),
            moved=result.moved + moved,
            guesses=len(written),
            model=model,
        )

    def _others(self) -> list[Text]:
        """Items that are not chosen from, and whose guess somebody will see all the same."""
        coming = read.begun if self.useful else read.next_in_queue
        return [*coming(self.campaign, CONSIDERED_AT_MOST), *read.looked_at(self.campaign, CONSIDERED_AT_MOST)]

    def _assess(self, learned: Sequence[tuple[int, str, str]], texts: Sequence[Text]) -> Candidates[int]:
        return assess(
            [text.item for text in texts],
            [text.text for text in texts],
            labelled_texts=[text for _item, text, _category in learned],
            labels=[category for _item, _text, category in learned],
            categories=self.campaign.taxonomy.taxonomy.slugs,
            strategy=self.strategy,
            seed=self.seed,
        )

    def _places(self, seen: Candidates[int], candidates: set[int], reserve: Sequence[int]) -> list[Pick[int]]:
        picks = pick(self.strategy, _only(seen, candidates), self.batch, seed=self.seed)
        if not picks:
            return []
        share = self.campaign.random_share
        return rank_batch(picks, reserve, strategy=self.strategy, random_share=share)[: self.batch]

    def _place(self, places: Sequence[Pick[int]]) -> int:
        bring_forward(read.begun_at_rest(self.campaign, MOST_PICKS), order_number=self.next_number)
        place_batch([place.item for place in places], [place.origin for place in places], order_number=self.next_number)
        return clear_front(self.campaign, order_number=self.next_number)

    def _finish(self, result: Reordering) -> bool:
        """Let annotators follow, in the last transaction. False where the order was changed under the run."""
        changes: dict[str, object] = {"ordered_labels": result.labels}
        if result.picks or result.moved or self._order_was_changed():
            changes |= {"order_number": F("order_number") + 1, "ordered_at": database_now()}
        unchanged = Campaign.objects.filter(pk=self.campaign.pk, order_number=self.campaign.order_number)
        with writing_turn(), transaction.atomic():
            return bool(unchanged.update(**changes))

    def _order_was_changed(self) -> bool:
        return self.campaign.order_number > 0 and self.campaign.ordered_at is None

    def _say(self, step: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(step, done, total)


def _check(campaign: Campaign, strategy: str | None, batch: int) -> None:
    if strategy is not None and strategy not in Campaign.Strategy.values:
        raise InvalidInputError(
            _("There is no strategy “%(strategy)s”; use one of %(names)s.")
            % {"strategy": strategy, "names": ", ".join(Campaign.Strategy.values)}
        )
    if strategy is not None and campaign.order != Campaign.Order.USEFUL:
        raise InvalidInputError(
            _("“%(title)s” does not order its queries by use, so it takes no strategy; change its order first.")
            % {"title": campaign.title}
        )
    if not 1 <= batch <= CONSIDERED_AT_MOST:
        raise InvalidInputError(
            _("`batch` must be between 1 and %(most)s, got %(batch)s.") % {"most": CONSIDERED_AT_MOST, "batch": batch}
        )


def _too_few(learned: Sequence[tuple[int, str, str]]) -> str:
    categories = len({category for _item, _text, category in learned})
    if len(learned) < LEAST_LABELS:
        return _(
            "%(count)s queries have a label to learn from, and %(least)s are needed; the order stays as it is."
        ) % {
            "count": len(learned),
            "least": LEAST_LABELS,
        }
    if categories < LEAST_CATEGORIES:
        return _("All labels to learn from name one category, and two are needed; the order stays as it is.")
    return ""


def _guesses(seen: Candidates[int], slugs: Sequence[str]) -> list[Guess]:
    best = seen.probabilities.argmax(axis=1)
    chances = seen.probabilities.max(axis=1, initial=0.0)
    uncertainties = np.clip(entropy(seen.probabilities) / np.log(len(slugs)), 0.0, 1.0)
    return [
        Guess(item, slugs[category], round(chance, 6), round(uncertainty, 6))
        for item, category, chance, uncertainty in zip(
            seen.item_ids, best.tolist(), chances.tolist(), uncertainties.tolist(), strict=True
        )
    ]


def _only(seen: Candidates[int], items: set[int]) -> Candidates[int]:
    rows = np.flatnonzero([item in items for item in seen.item_ids])
    return Candidates(
        item_ids=tuple(seen.item_ids[row] for row in rows.tolist()),
        probabilities=seen.probabilities[rows],
        committee=None if seen.committee is None else seen.committee[:, rows],
        features=None if seen.features is None else seen.features[rows],
    )


def _model_name(learned: Sequence[tuple[int, str, str]]) -> str:
    """A name that says what the model is and which labels it learned from."""
    digest = hashlib.sha256("\n".join(f"{item} {category}" for item, _text, category in learned).encode())
    return f"ridge-{digest.hexdigest()[:12]}"
