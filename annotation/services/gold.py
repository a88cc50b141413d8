"""Gold versions are made once, under a name, from the labels and decisions of one moment; then they never change."""

import logging
import re
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotation.models import Campaign, GoldRow, GoldVersion, Item
from annotation.selectors.gold import gold_records, moment_of, state_of
from playoff.accounts.models import User
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError
from playoff.common.turns import writing_turn

if TYPE_CHECKING:
    from annotation.selectors.evidence import Evidence

logger = logging.getLogger(__name__)
AT_ONCE = 20_000
"""Labelled queries up to which a version is made while its lead waits."""
METHODS = ("majority", "dawid-skene", "mace")
RESAMPLES = 1_000
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,50}")
BATCH = 2_000


class GoldNameTakenError(PlayoffError):
    """There is a version of this name, and versions never change."""

    code = "gold_name_taken"


def make_gold(
    *, campaign: Campaign, name: str, by: User | None, method: str = "majority", minimum: float = 0.0,
    at_once: bool = False,
) -> GoldVersion:  # fmt: skip
    """Settle one label per query under a name. Decisions override votes; what a lead found undecidable gets no gold.

    Up to `AT_ONCE` labelled queries this is done when the call returns; more are left to a worker (`state_of` says how
    far it is), unless `at_once` is set. A name whose making failed, or was never finished, can be used again.

    Args:
        method: how several labels become one: `majority`, `dawid-skene`, `mace`.
        minimum: the least probability, by the method; queries below it are left out.

    Raises:
        InvalidInputError: A name, method or minimum that cannot be, or no label to settle.
        GoldNameTakenError: The name is taken.
    """
    _check(name, method, minimum)
    labelled = Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK, labelled__gt=0).count()
    decided = Item.objects.filter(campaign=campaign, adjudication__isnull=False).exists()
    if not labelled and not decided:
        raise InvalidInputError(_("There is no label in this campaign yet, so there is nothing to settle."))
    version = _claim(campaign, name, by, method, minimum)
    if not at_once and labelled > AT_ONCE:
        transaction.on_commit(lambda: _publish(version.pk))
        return version
    try:
        return fill_gold(version.pk)
    except BaseException:
        GoldVersion.objects.filter(pk=version.pk, digest="").delete()  # the name is free again
        raise


def fill_gold(version_id: int) -> GoldVersion:
    """Do the work of a claimed version. A second call finds it done and changes nothing."""
    version = _locked(version_id)
    if version.digest:
        return version
    from annotation.selectors.evidence import evidence_at  # numpy comes in here, not with every page

    evidence = evidence_at(version.campaign, moment_of(version))
    rows, summary = _settled(version, evidence)
    with writing_turn(), transaction.atomic():
        version = _locked(version_id)
        if version.digest:  # another worker was quicker
            return version
        for start in range(0, len(rows), BATCH):
            GoldRow.objects.bulk_create(rows[start : start + BATCH])
        version.summary, version.rows_count = summary, len(rows)
        version.digest = _digest(version)
        version.save(update_fields=["summary", "rows_count", "digest"])
    logger.info("gold.made campaign=%s version=%s rows=%s", version.campaign.slug, version.name, version.rows_count)
    return version


def fail_gold(version_id: int, sentence: str) -> None:
    """Note why a version could not be made; one that is ready stays as it is."""
    GoldVersion.objects.filter(pk=version_id, digest="").update(summary={"failed": sentence})


def _publish(version_id: int) -> None:
    from kombu.exceptions import OperationalError

    from annotation.tasks import make_gold as task

    try:
        task.delay(version_id)
    except (OperationalError, OSError):
        logger.exception("gold.not_published version=%s", version_id)
        fail_gold(version_id, _("The queue of tasks did not answer; start it once more when it runs."))


def _check(name: str, method: str, minimum: float) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            _("A name has 1 to 50 letters of English, digits, hyphens and underscores, got “%(name)s”.")
            % {"name": name}
        )
    if method not in METHODS:
        raise InvalidInputError(
            _("There is no method “%(method)s”; use one of %(methods)s.")
            % {"method": method, "methods": ", ".join(METHODS)}
        )
    if not 0 <= minimum <= 1:
        raise InvalidInputError(_("The least probability must be between 0 and 1, got %(value)s.") % {"value": minimum})


@writing_turn()
@transaction.atomic
def _claim(campaign: Campaign, name: str, by: User | None, method: str, minimum: float) -> GoldVersion:
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    there = GoldVersion.objects.filter(campaign=campaign, name=name).first()
    if there is not None:
        if (state := state_of(there)) == "ready":
            raise GoldNameTakenError(
                _("There is a version “%(name)s”, and versions never change; choose another name.") % {"name": name}
            )
        if state == "making":
            raise GoldNameTakenError(_("The version “%(name)s” is being made.") % {"name": name})
        there.delete()
    return GoldVersion.objects.create(
        campaign=campaign,
        name=name,
        method=method,
        taxonomy=campaign.taxonomy,
        parameters={
            "method": method,
            "minimum_probability": minimum,
            "seed": campaign.seed,
            "salt": campaign.slug,
            "state_at": database_now().isoformat(),
        },
        rows_count=0,
        created_by=by,
    )


def _locked(version_id: int) -> GoldVersion:
    versions = GoldVersion.objects.select_related("campaign", "taxonomy")
    with transaction.atomic():
        return versions.select_for_update(of=("self",)).get(pk=version_id)


def _settled(version: GoldVersion, evidence: "Evidence") -> tuple[list[GoldRow], dict[str, Any]]:
    from annotation.aggregation.consensus import aggregate
    from annotation.aggregation.errors import AggregationError
    from annotation.gold_labels import LeftOut, Settled, settle_all, splits_of, summary_of
    from annotation.selectors.evidence import items_of
    from annotation.votes import Votes

    votes = Votes.from_triples(evidence.triples, categories=version.taxonomy.taxonomy.slugs)
    parameters = version.parameters
    try:
        consensus = aggregate(votes, version.method, gold=evidence.known, seed=parameters["seed"])
    except AggregationError as error:
        raise InvalidInputError(str(error)) from error
    items = items_of(version.campaign, evidence)
    found = list(settle_all(items, consensus, minimum=parameters["minimum_probability"]))
    settled = [row for row in found if isinstance(row, Settled)]
    left_out = [row for row in found if isinstance(row, LeftOut)]
    splits, moved = splits_of([row.item for row in settled], salt=parameters["salt"])
    rows = [
        GoldRow(
            version=version,
            query_id=int(row.item.item_id),
            category=row.category,
            probability=row.probability,
            source=row.source,
            split=splits[row.item.family],
            origin=row.item.origin,
            votes=dict(row.item.votes),
        )
        for row in settled
    ]
    summary = summary_of(settled, left_out, splits) | {
        "votes": sum(sum(counted.values()) for counted in evidence.counts.values()),
        "annotators": len(votes.annotator_ids),
        "known": len(evidence.known),
        "outdated_labels": evidence.outdated,
        "families_kept_from_test": moved,
        "iterations": consensus.iterations,
        "converged": consensus.converged,
        "agreement": _agreement(version, evidence),
    }
    return rows, summary


def _agreement(version: GoldVersion, evidence: "Evidence") -> dict[str, Any]:
    """How far the annotators agree on real work, with intervals by family."""
    import numpy as np

    from annotation.agreement.everybody import everybody
    from annotation.agreement.resampling import Resampling
    from annotation.votes import Votes

    work = [triple for triple in evidence.triples if int(triple[0]) in evidence.counts]
    votes = Votes.from_triples(work, categories=version.taxonomy.taxonomy.slugs)
    if not len(votes):
        return {}
    names = np.array([evidence.families[int(item)] for item in votes.item_ids], dtype=object)
    families = np.unique(names, return_inverse=True)[1].astype(np.int64)
    found = everybody(votes, Resampling(version.parameters["seed"], RESAMPLES, families))
    return {
        "observed": found.observed.as_json(),
        "fleiss_kappa": found.fleiss_kappa.as_json(),
        "krippendorff_alpha": found.krippendorff_alpha.as_json(),
        "gwet_ac1": found.gwet_ac1.as_json(),
    }


def _digest(version: GoldVersion) -> str:
    from annotation.export.digest import content_hash
    from annotation.export.records import GOLD

    return content_hash(gold_records(version), schema=GOLD)
