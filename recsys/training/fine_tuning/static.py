"""Fine-tuning a static encoder: numpy alone, seconds, the same bits for the same seed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from recsys.core.errors import ArtifactError
from recsys.core.recommender import Progress
from recsys.core.seeding import stream
from recsys.training.contrastive import Adam, Floats, bags, info_nce
from recsys.training.encoder import Kind
from recsys.training.fine_tuning.epochs import draw, mining_epoch
from recsys.training.fine_tuning.examples import Examples, ExampleSource, Rows
from recsys.training.fine_tuning.history import History
from recsys.training.fine_tuning.negatives import mine, with_negatives
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.validation import Validation
from recsys.training.static_encoder import StaticEncoder
from recsys.training.text import sound
from recsys.training.tokenizer import token_ids

CHECKPOINT = "fine-tuning.safetensors"
NEGATIVES = "negatives"
RATE = 0.005
_STATE = ("embeddings", "best", "first", "second")


def fine_tune_static(
    encoder: StaticEncoder,
    source: ExampleSource,
    validation: Validation | None,
    params: FineTuningParams,
    *,
    seed: int,
    workspace: Path | None = None,
    progress: Progress | None = None,
) -> tuple[StaticEncoder, History]:
    """Return a new encoder with the same pieces and other vectors, the best epoch's, and how it came about.

    A checkpoint per epoch in `workspace` is continued, to the same result.
    """
    embeddings = encoder.embeddings.copy()
    optimiser = Adam.like(embeddings)
    current = StaticEncoder(encoder.tokenizer, embeddings)

    def encode(texts: Sequence[str], kind: Kind) -> Floats:
        return current.encode(texts, kind=kind)

    history, best = History(params.metric), embeddings.copy()
    if not _resume(workspace, embeddings, best, optimiser, history) and validation is not None:
        history.before = float(validation.values(encode, params.metric).mean())
    while history.goes_on(params):
        epoch = history.epochs
        examples, order = draw(source, params, seed=seed, epoch=epoch)
        if params.negatives and mining_epoch(epoch, params) == epoch:
            rng = stream(seed, "fine-tuning", "negatives", epoch)
            history.negatives = mine(source, examples, encode, params, rng)
        losses = []
        for start in range(0, len(examples), params.batch):
            rows = order[start : start + params.batch]
            done = (epoch + start / len(examples)) / params.epochs
            negatives = None if history.negatives is None else history.negatives[rows]
            loss, gradient = _step(current, source, examples.part(rows), negatives, params)
            optimiser.step(embeddings, gradient, (params.rate or RATE) * (1 - 0.9 * done))
            losses.append(loss)
        value = None if validation is None else float(validation.values(encode, params.metric).mean())
        if history.add(loss=float(np.mean(losses)), value=value, pairs=len(examples)):
            best[:] = embeddings
        _save(workspace, embeddings, best, optimiser, history)
        if progress is not None:
            progress("fine-tuning", epoch + 1, params.epochs)
    return StaticEncoder(encoder.tokenizer, best), history


def _step(
    encoder: StaticEncoder, source: ExampleSource, batch: Examples, negatives: Rows | None, params: FineTuningParams
) -> tuple[float, Floats]:
    tracks, documents = with_negatives(source, batch, negatives)
    size = len(encoder.embeddings)
    queries = bags(token_ids(encoder.tokenizer, [sound(text) for text in batch.texts]), size)
    return info_nce(
        encoder.embeddings,
        queries,
        bags(token_ids(encoder.tokenizer, documents), size),
        source.right(batch, tracks),
        params.temperature,
        both_directions=params.both_directions,
    )


def _resume(workspace: Path | None, embeddings: Floats, best: Floats, optimiser: Adam, history: History) -> bool:
    if workspace is None or not (workspace / CHECKPOINT).is_file():
        return False
    try:
        with safe_open(workspace / CHECKPOINT, "numpy") as file:
            about = json.loads(file.metadata()["history"])
            if NEGATIVES in file.keys():  # noqa: SIM118  (it is no mapping)
                history.negatives = file.get_tensor(NEGATIVES)
            embeddings[:], best[:], optimiser.first[:], optimiser.second[:] = map(file.get_tensor, _STATE)
        optimiser.steps = int(about.pop("steps"))
        history.restore(about)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise ArtifactError(
            f"{workspace / CHECKPOINT}: this checkpoint is damaged; remove {workspace.parent} and train again."
        ) from error
    return True


def _save(workspace: Path | None, embeddings: Floats, best: Floats, optimiser: Adam, history: History) -> None:
    if workspace is None:
        return
    draft = workspace / f"{CHECKPOINT}.draft"
    state: dict[str, Any] = dict(zip(_STATE, (embeddings, best, optimiser.first, optimiser.second), strict=True))
    if history.negatives is not None:
        state[NEGATIVES] = history.negatives
    about = {**history.state(), "steps": optimiser.steps}
    save_file(state, draft, metadata={"history": json.dumps(about)})
    draft.replace(workspace / CHECKPOINT)
