"""Training systems into artifact folders."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

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
ENCODER = "static-encoder"


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
        encoder: folder or hub id of a text encoder to use as it is; None to train one on the data set.
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
    params = _parameters(kind.params_class, parameters or {}, system)
    data = read_dataset(dataset)
    text_encoder = None
    if encoder is not None:
        from recsys.training.encoder import load_encoder

        text_encoder = load_encoder(encoder, device=device)
    recipe = Recipe(
        slug=system,
        parameters=asdict(params),
        data=data.fingerprint,
        seed=seed,
        encoder=_encoder_fingerprint(about) if text_encoder is None else text_encoder.fingerprint,
        classifier="" if classifier is None else folder_hash(classifier),
    )
    if (done := _already(out, recipe)) is not None:
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
        _describe(draft, data, recipe, about.title, about.paper, trained.notes, seconds=time.monotonic() - started)
    return _finished(out)


def train_encoder(*, dataset: Path, out: Path, seed: int = 0, progress: Progress | None = None) -> Trained:
    """Train the small static encoder on a data set folder, for `--encoder` of any system that takes one.

    Raises:
        DatasetError: The data set folder is not in order.
        ArtifactError: There is something else at `out`.
    """
    from recsys.training.encoder_training import StaticEncoderParams, train_static_encoder

    data = read_dataset(dataset)
    params = StaticEncoderParams()
    recipe = Recipe(slug=ENCODER, parameters=asdict(params), data=data.fingerprint, seed=seed)
    if (done := _already(out, recipe)) is not None:
        return done
    started = time.monotonic()
    with new_artifact(out, recipe) as draft:
        encoder = train_static_encoder(data, seed=seed, params=params, workspace=draft.checkpoints, progress=progress)
        encoder.save(draft.directory)
        notes = ("A sentence-transformers model: `SentenceTransformer(folder)` loads it.",)
        seconds = time.monotonic() - started
        _describe(draft, data, recipe, "Static text encoder", "InfoNCE (arXiv 1807.03748)", notes, seconds=seconds)
    return _finished(out)


def _parameters(kind: type, given: Mapping[str, Any], system: str) -> Any:
    known = {field.name: field for field in fields(kind)}
    values = {}
    for name, value in given.items():
        if name not in known:
            available = ", ".join(known) or "none"
            raise RequestError(f"The system {system} has no parameter {name!r}; available are {available}.")
        wanted = type(known[name].default)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise RequestError(f"The parameter `{name}` of {system} is of the type {wanted.__name__}, got {value!r}.")
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


def _already(out: Path, recipe: Recipe) -> Trained | None:
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


def _describe(
    draft: Draft, data: Dataset, recipe: Recipe, title: str, paper: str, notes: tuple[str, ...], *, seconds: float
) -> None:
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


def _finished(out: Path) -> Trained:
    manifest = verify(out)
    logger.info("training.finished system=%s seconds=%.1f", manifest.slug, manifest.metrics["seconds"])
    return Trained(out, manifest, already=False)
