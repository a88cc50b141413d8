"""Runs of classifiers as people handle them: asked for, stopped, gone on with, thrown away.

`classifier_training` does the work, `classifier_tending` looks after it.
"""

import logging
import re
import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from annotation.classifier.errors import ClassifierError
from annotation.classifier.spec import Spec
from annotation.code_version import code_version
from annotation.models import ClassifierRun, GoldVersion, TaxonomyVersion
from annotation.selectors.gold import state_of
from annotation.services.classifier_waking import wake_worker
from annotation.services.run_lock import Work, only_one
from annotation.taxonomy import DEFAULT_TAXONOMY
from playoff.accounts.models import User
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
FOLDER = "classifiers"
"""Below MODELS_ROOT, where runs put what they trained."""
SPEC_FIELDS = ("model", "target", "frozen", "recipe", "overrides", "device", "seed", "curve")
MOST_SEED = 2**32 - 1
_MODEL = re.compile(r"[^\x00-\x1f\x7f]{1,300}")

State = ClassifierRun.State


class RunStateError(PlayoffError):
    """A run is not in a state in which this can be done to it."""

    code = "run_state"


class SameRunError(PlayoffError):
    """A run of exactly this is there."""

    code = "same_run"


def queue_run(*, gold: GoldVersion, spec: Spec, by: User | None, name: str = "") -> ClassifierRun:
    """Ask for a classifier to be trained on a gold version; a worker begins as soon as one is free.

    Args:
        name: for people; made of model and version where it is empty.

    Raises:
        InvalidInputError: The version is not ready, is labelled under a taxonomy that classifiers do not know, or
            the specification cannot be.
        SameRunError: A run of the same version and specification waits, runs, or has finished with the same code.
    """
    check_trainable(gold)
    _check(spec)
    values = {field: getattr(spec, field) for field in SPEC_FIELDS} | {"overrides": dict(spec.overrides)}
    with writing_turn(), transaction.atomic():
        gold = GoldVersion.objects.select_for_update().get(pk=gold.pk)  # two clicks are served one after the other
        _refuse_the_same(gold, values)
        run = ClassifierRun.objects.create(
            name=name.strip()[:120] or _name_of(gold, spec),
            campaign_id=gold.campaign_id,
            gold=gold,
            artifact=f"{FOLDER}/{gold.campaign.slug}-{gold.name}-{secrets.token_hex(6)}",
            created_by=by,
            queued_at=database_now(),
            code_version=code_version(),
            **values,
        )
    _wake_when_committed(run)
    logger.info("classifier.queued run=%s model=%s gold=%s", run.pk, run.model, gold.pk)
    return run


def stop_run(*, run: ClassifierRun) -> ClassifierRun:
    """Let a run that waits go, and ask one that runs to stop at its next report; both can be gone on with."""
    with writing_turn(), transaction.atomic():
        run = ClassifierRun.objects.select_for_update().get(pk=run.pk)
        if run.state == State.QUEUED:
            run.state, run.ended_at = State.STOPPED, database_now()
        elif run.state == State.RUNNING:
            run.state = State.STOPPING
        elif run.state not in (State.STOPPING, State.STOPPED):
            raise RunStateError(
                _("“%(name)s” is %(state)s; only a run that waits or runs can be stopped.")
                % {"name": run.name, "state": run.get_state_display()}
            )
        run.save(update_fields=["state", "ended_at"])
    logger.info("classifier.stop run=%s state=%s", run.pk, run.state)
    return run


def resume_run(*, run: ClassifierRun) -> ClassifierRun:
    """Queue a stopped or failed run again; it goes on from its last checkpoint, where its kind of model has any."""
    with writing_turn(), transaction.atomic():
        run = ClassifierRun.objects.select_for_update().get(pk=run.pk)
        if run.state not in (State.STOPPED, State.FAILED):
            raise RunStateError(
                _("“%(name)s” is %(state)s; only a run that was stopped or has failed can go on.")
                % {"name": run.name, "state": run.get_state_display()}
            )
        run.state, run.attempts, run.message, run.ended_at, run.woken_at = State.QUEUED, 0, "", None, None
        run.queued_at = database_now()
        run.save(update_fields=["state", "attempts", "message", "ended_at", "woken_at", "queued_at"])
    _wake_when_committed(run)
    logger.info("classifier.resumed run=%s", run.pk)
    return run


def delete_run(*, run: ClassifierRun) -> None:
    """Forget a stopped or failed run, with its checkpoints; a finished one stays for good."""
    with only_one(Work.CLASSIFIER, run.pk) as alone, writing_turn(), transaction.atomic():
        run = ClassifierRun.objects.select_for_update().get(pk=run.pk)
        if not alone or run.state not in (State.STOPPED, State.FAILED):
            raise RunStateError(
                _("“%(name)s” is %(state)s; only a run that was stopped or has failed can be deleted.")
                % {"name": run.name, "state": run.get_state_display()}
            )
        number = run.pk
        run.delete()
        transaction.on_commit(lambda: shutil.rmtree(workspace_of(number), ignore_errors=True))
    logger.info("classifier.deleted run=%s", number)


def workspace_of(number: int) -> Path:
    """The folder for a run's checkpoints; it is there from its first start to its finish."""
    return Path(settings.HOME) / "classifier-runs" / str(number)


def spec_of(run: ClassifierRun) -> Spec:
    return Spec(**{field: getattr(run, field) for field in SPEC_FIELDS})


def check_trainable(gold: GoldVersion) -> None:
    """Raise `InvalidInputError` unless a classifier can be trained on the version."""
    if state_of(gold) != "ready":
        raise InvalidInputError(
            _("The gold version “%(name)s” is not ready yet; wait until it is made.") % {"name": gold.name}
        )
    check_taxonomy(gold.taxonomy, gold.name)


def check_taxonomy(taxonomy: TaxonomyVersion, name: str) -> None:
    """Raise `InvalidInputError` unless classifiers know the taxonomy: the shipped one, as this program has it.

    Args:
        name: of the gold version or campaign that is labelled under it.
    """
    if taxonomy.digest != DEFAULT_TAXONOMY.digest:
        raise InvalidInputError(
            _(
                "“%(name)s” is labelled under %(taxonomy)s %(number)s, and classifiers know %(known)s %(version)s "
                "only; train on a campaign that uses it."
            )
            % {
                "name": name,
                "taxonomy": taxonomy.slug,
                "number": taxonomy.number,
                "known": DEFAULT_TAXONOMY.slug,
                "version": DEFAULT_TAXONOMY.version,
            }
        )


def _wake_when_committed(run: ClassifierRun) -> None:
    # called after the turn to write, not in it: waking takes a turn of its own
    transaction.on_commit(lambda: wake_worker(run))


def _check(spec: Spec) -> None:
    if not _MODEL.fullmatch(spec.model):
        raise InvalidInputError(_("The name of a model has 1 to 300 characters on one line."))
    if spec.seed > MOST_SEED:
        raise InvalidInputError(
            _("`seed` must be between 0 and %(most)s, got %(seed)s.") % {"most": MOST_SEED, "seed": spec.seed}
        )


def specified(**values: object) -> Spec:
    """A `Spec` of what a person gave; what cannot be is an `InvalidInputError`."""
    try:
        return Spec(**values)  # type: ignore[arg-type]  # a form has checked the types
    except ClassifierError as error:
        raise InvalidInputError(str(error)) from error


def _refuse_the_same(gold: GoldVersion, values: dict[str, object]) -> None:
    same = ClassifierRun.objects.filter(gold=gold, **values)
    on = same.filter(state__in=[State.QUEUED, State.RUNNING, State.STOPPING]).first()
    finished = same.filter(state=State.FINISHED, code_version=code_version()).first()
    there = on or finished
    if there is not None:
        raise SameRunError(
            _("Run %(number)s, “%(name)s”, is exactly this, and is %(state)s; change something or look at that one.")
            % {"number": there.pk, "name": there.name, "state": there.get_state_display()}
        )


def _name_of(gold: GoldVersion, spec: Spec) -> str:
    model = spec.model.rstrip("/").rsplit("/", 1)[-1]
    return f"{model[:60]} · {gold.name}"
