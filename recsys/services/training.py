"""Training systems into artifact folders."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from django.conf import settings

from recsys.core.artifacts import (
    Draft,
    Manifest,
    Recipe,
    catalogue_hash,
    folder_hash,
    new_artifact,
    read_manifest,
    verify,
)
from recsys.core.devices import check_device
from recsys.core.errors import ArtifactError, RequestError
from recsys.core.recommender import Progress
from recsys.core.registry import Entry, entry, recommender_class
from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trained:
    """An artifact in its place; `already` if it stood there before."""

    directory: Path
    manifest: Manifest
    already: bool


def train_recommender(
    *,
    system: str,
    dataset: Path,
    out: Path,
    seed: int = 0,
    device: str = "cpu",
    encoder: str | None = None,
    classifier: Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train a system on a data set folder into the folder `out`; after an interruption, go on.

    Args:
        encoder: folder or hub id of a text encoder; None to train one on the data set, or for a system that wants a
            pretrained one, the one of the setting `ENCODER` or the default of `default_encoder`.
        classifier: folder of a query-type classifier; None to train one on the data set.
        parameters: the system's own, by name; what is not named has its default.

    Raises:
        DatasetError: The data set folder is not in order.
        RequestError: The system, device, encoder, classifier or a parameter is not to be had.
        ArtifactError: There is something else at `out`.
    """
    about = entry(system)
    check_device(device)
    for option, value in (("encoder", encoder), ("classifier", classifier)):
        if value is not None and option not in about.options:
            raise RequestError(f"The system {system} takes no {option}; leave --{option} away.")
    kind = recommender_class(system)
    params = parameters_of(kind.params_class, parameters or {}, f"The system {system}")
    data = read_dataset(dataset)
    text_encoder = None
    if encoder is not None or about.pretrained:
        from recsys.training.encoder import load_encoder
        from recsys.training.pretrained import default_encoder

        text_encoder = load_encoder(encoder or settings.ENCODER or default_encoder(), device=device)
    recipe = Recipe(
        slug=system,
        parameters=asdict(params),
        data=data.fingerprint,
        seed=seed,
        encoder=_encoder_fingerprint(about) if text_encoder is None else text_encoder.fingerprint,
        classifier="" if classifier is None else folder_hash(classifier),
    )
    if (done := already(out, recipe)) is not None:
        return done
    query_classifier = None if classifier is None else _load_classifier(classifier)
    started = time.monotonic()
    with new_artifact(out, recipe) as draft:
        trained = kind.train(
            data,
            seed=seed,
            params=params,
            device=device,
            encoder=text_encoder,
            classifier=query_classifier,
            workspace=draft.checkpoints,
            progress=progress,
        )
        trained.save(draft.directory)
        draft.metrics.update(getattr(trained, "figures", {}))
        describe(draft, data, recipe, about.title, about.paper, trained.notes, seconds=time.monotonic() - started)
    return finished(out)


def parameters_of(kind: type, given: Mapping[str, Any], whose: str) -> Any:
    """Build a frozen dataclass of parameters from what was given by name.

    Raises:
        RequestError: A name or a type does not fit; the dataclass itself refuses values.
    """
    known = {field.name: field for field in fields(kind)}
    values = {}
    for name, value in given.items():
        if name not in known:
            available = ", ".join(known) or "none"
            raise RequestError(f"{whose} has no parameter {name!r}; available are {available}.")
        wanted = type(known[name].default)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise RequestError(f"The parameter `{name}` of {whose} is of the type {wanted.__name__}, got {value!r}.")
        values[name] = value
    return kind(**values)


def _encoder_fingerprint(about: Entry) -> str:
    """Name the encoder that will be trained with the system, before it exists."""
    if "encoder" not in about.options:
        return ""
    from recsys.training.encoder_training import StaticEncoderParams

    return "trained " + json.dumps(asdict(StaticEncoderParams()), sort_keys=True)


def _load_classifier(directory: Path) -> Any:
    from annotation.public import ClassifierError, load_classifier

    try:
        return load_classifier(directory)
    except ClassifierError as error:
        raise RequestError(str(error)) from error


def already(out: Path, recipe: Recipe) -> Trained | None:
    """Return what stands at `out` if it is what this recipe makes; refuse anything else."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    try:
        found = read_manifest(out)
    except ArtifactError:
        raise ArtifactError(f"{out}: there is something here that is no artifact; choose another folder.") from None
    if found.fingerprint == recipe.fingerprint:
        return Trained(out, verify(out), already=True)
    differing = [f.name for f in fields(Recipe) if getattr(found.recipe, f.name) != getattr(recipe, f.name)]
    raise ArtifactError(
        f"{out}: another artifact is here (it differs in {', '.join(differing)}); choose another folder or remove it."
    )


def describe(
    draft: Draft, data: Dataset, recipe: Recipe, title: str, paper: str, notes: tuple[str, ...], *, seconds: float
) -> None:
    """Write the card, and what the manifest is to say of the training."""
    draft.catalogue = catalogue_hash(tuple(sorted(track.id for track in data.tracks)))
    draft.metrics["seconds"] = round(seconds, 3)
    parameters = "\n".join(f"- `{name}`: {value}" for name, value in sorted(recipe.parameters.items())) or "None."
    remarks = "\n".join(f"- {note}" for note in notes)
    card = f"""# {title}

System `{recipe.slug}`, after: {paper}.

Trained with seed {recipe.seed} on the data set {data.name} {data.version}: {len(data.tracks)} tracks,
{len(data.playlists)} playlists, {len(data.interactions)} interactions; licence {data.licence}.
Source of the data: {data.source}

## Remarks

{remarks}

## Parameters

{parameters}
"""
    (draft.directory / "CARD.md").write_text(card, encoding="utf-8", errors="replace")


def finished(out: Path) -> Trained:
    """Compare what was written with its hashes, and say so in the log."""
    manifest = verify(out)
    logger.info("training.finished system=%s seconds=%.1f", manifest.slug, manifest.metrics["seconds"])
    return Trained(out, manifest, already=False)
