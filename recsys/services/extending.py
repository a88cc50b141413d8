"""New artifacts from old ones and data sets with more tracks."""

import time
from dataclasses import replace
from pathlib import Path

from recsys.core.artifacts import new_artifact, verify
from recsys.core.devices import check_device
from recsys.core.errors import RequestError
from recsys.core.recommender import Extensible, Progress
from recsys.core.registry import entry, recommender_class
from recsys.data.reading import read_dataset
from recsys.services.training import Trained, already, describe, finished


def extend_recommender(
    *, artifact: Path, dataset: Path, out: Path, device: str = "cpu", progress: Progress | None = None
) -> Trained:
    """Make a new artifact from one and a data set with more tracks; only these are encoded, and nothing is trained.

    Raises:
        DatasetError: The data set folder is not in order.
        RequestError: The system takes up no new tracks, or the data set lacks old tracks or has no new ones.
        ArtifactError: There is no whole artifact, or there is something else at `out`.
    """
    check_device(device)
    parent = verify(artifact)
    about = entry(parent.slug)
    kind = recommender_class(parent.slug)
    if not hasattr(kind, "extended"):
        raise RequestError(f"The system {parent.slug} takes up no new tracks; train it on the grown data set.")
    data = read_dataset(dataset)
    recipe = replace(parent.recipe, data=data.fingerprint, encoder=f"extends {parent.fingerprint}")
    if (done := already(out, recipe)) is not None:
        return done
    started = time.monotonic()
    with new_artifact(out, recipe) as draft:
        old = kind.load(artifact, device=device)
        if not isinstance(old, Extensible):
            raise TypeError(f"{parent.slug} must keep to recsys.core.recommender.Extensible.")
        grown = old.extended(data, seed=recipe.seed, workspace=draft.checkpoints, progress=progress)
        grown.save(draft.directory)
        remark = (
            f"Extended from the artifact {parent.fingerprint[:8]}: only new tracks were encoded, nothing was trained."
        )
        notes = (remark, *getattr(grown, "notes", ()))
        describe(draft, data, recipe, about.title, about.paper, notes, seconds=time.monotonic() - started)
    return finished(out)
