"""Training text encoders into folders: the static one from nothing, or any model fine-tuned."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recsys.core.artifacts import Recipe, new_artifact
from recsys.core.devices import check_device
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset
from recsys.services.training import Trained, already, describe, finished, parameters_of

STATIC = "static-encoder"
FINE_TUNED = "fine-tuned-encoder"
_PAPER = "InfoNCE (arXiv 1807.03748), eq. 4"


def train_encoder(
    *,
    dataset: Path,
    out: Path,
    base: str | None = None,
    seed: int = 0,
    device: str = "cpu",
    parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train an encoder on a data set folder, for `--encoder` of any system that takes one.

    Args:
        base: folder or hub id of the encoder to fine-tune; None to train the small static one from nothing.
        parameters: of `FineTuningParams`, or of `StaticEncoderParams` without a base; the others have their defaults.

    Raises:
        DatasetError: The data set folder is not in order.
        RequestError: The device, the base or a parameter is not to be had, or there is nothing to learn from.
        ArtifactError: There is something else at `out`.
    """
    check_device(device)
    if base is None:
        return _static(read_dataset(dataset), out, seed, parameters or {}, progress)
    return _fine_tuned(read_dataset(dataset), out, base, seed, device, parameters or {}, progress)


def _static(data: Dataset, out: Path, seed: int, parameters: Mapping[str, Any], progress: Progress | None) -> Trained:
    from recsys.training.encoder_training import StaticEncoderParams, train_static_encoder

    params = parameters_of(StaticEncoderParams, parameters, "The static encoder")
    recipe = Recipe(slug=STATIC, parameters=asdict(params), data=data.fingerprint, seed=seed)
    if (done := already(out, recipe)) is not None:
        return done
    started = time.monotonic()
    with new_artifact(out, recipe) as draft:
        encoder = train_static_encoder(data, seed=seed, params=params, workspace=draft.checkpoints, progress=progress)
        encoder.save(draft.directory)
        notes = ("A sentence-transformers model: `SentenceTransformer(folder)` loads it.",)
        describe(draft, data, recipe, "Static text encoder", _PAPER, notes, seconds=time.monotonic() - started)
    return finished(out)


def _fine_tuned(
    data: Dataset,
    out: Path,
    base: str,
    seed: int,
    device: str,
    parameters: Mapping[str, Any],
    progress: Progress | None,
) -> Trained:
    from recsys.training.encoder import load_encoder
    from recsys.training.fine_tuning.params import FineTuningParams
    from recsys.training.fine_tuning.tuning import fine_tune

    params = parameters_of(FineTuningParams, parameters, "Fine-tuning")
    encoder = load_encoder(base, device=device)
    recipe = Recipe(
        slug=FINE_TUNED, parameters=asdict(params), data=data.fingerprint, seed=seed, encoder=encoder.fingerprint
    )
    if (done := already(out, recipe)) is not None:
        return done
    started = time.monotonic()
    with new_artifact(out, recipe) as draft:
        tuned = fine_tune(encoder, data, params, seed=seed, workspace=draft.checkpoints, progress=progress)
        tuned.encoder.save(draft.directory)
        draft.metrics.update(tuned.figures)
        notes = (
            f"The base is {base}.",
            *tuned.notes,
            "A sentence-transformers model: `SentenceTransformer(folder)` loads it (`encode_query` for queries).",
        )
        describe(draft, data, recipe, "Fine-tuned text encoder", _PAPER, notes, seconds=time.monotonic() - started)
    return finished(out)
