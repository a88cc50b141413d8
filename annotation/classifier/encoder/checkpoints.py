"""Checkpoints of a fine-tuning: whole or absent, never pickled, and only ever taken up by the same training."""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from annotation.classifier.artifacts import write_json
from annotation.classifier.dataset import Example, data_hash
from annotation.classifier.errors import ClassifierError

FORMAT = 1
EVERY_SECONDS = 120.0
SHARE = 0.1
"""Of the time that writing checkpoints may take, so that 2,000 short epochs do not write terabytes."""
_PREFIX = "checkpoint-"
_MODEL, _BEST, _OPTIMISER, _STATE = "model.safetensors", "best.safetensors", "optimiser.safetensors", "state.json"


@dataclass
class State:
    """Where a training stands.

    Attributes:
        epoch: the epoch that is being trained, from 0.
        step: optimiser steps done of it. Randomness follows from seed, epoch and step, so that this is all there is to
            the state of the generators.
        steps: done in all.
        best: validation macro-F1 and minus the loss of the best epoch.
        best_epoch: counted from 1; 0 before the first.
        waiting: epochs since the best.
        history: figures of each epoch.
        done: whether training has ended.
    """

    epoch: int = 0
    step: int = 0
    steps: int = 0
    best: tuple[float, float] | None = None
    best_epoch: int = 0
    waiting: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    done: bool = False


@dataclass(frozen=True)
class Checkpoint:
    """A training in the middle.

    Attributes:
        best: weights of the best epoch; None where none is kept.
        scaler: state of the loss scaling in half precision.
    """

    state: State
    model: Mapping[str, Tensor]
    best: Mapping[str, Tensor] | None
    optimiser: Mapping[str, Tensor]
    scaler: Mapping[str, Any]


def identity(parameters: Mapping[str, Any], train: Sequence[Example], validation: Sequence[Example], seed: int) -> str:
    """Return what must be equal for a checkpoint to be taken up."""
    values = [FORMAT, parameters, data_hash(train), data_hash(validation), seed]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


class Checkpoints:
    """The checkpoints of one training in its workspace; the newest one is kept.

    A checkpoint of another training is refused: it may be hours of somebody's work.
    """

    def __init__(self, workspace: Path, training: str) -> None:
        self._folder = workspace
        self._training = training
        self._written = time.monotonic()
        self._cost = 0.0

    def prepare(self) -> None:
        """Make the workspace and sweep out what a killed process left half-written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for draft in self._folder.glob(f".{_PREFIX}*.draft"):
            shutil.rmtree(draft, ignore_errors=True)

    def read(self) -> Checkpoint | None:
        """Return the newest checkpoint.

        Raises:
            ClassifierError: It belongs to another training, or is damaged.
        """
        folders = self._all()
        if not folders:
            return None
        newest = folders[-1]
        try:
            stored = json.loads((newest / _STATE).read_bytes())
            if stored["training"] != self._training:
                raise ClassifierError(
                    f"{self._folder} holds a checkpoint of another training (other queries, parameters or seed); "
                    "choose another workspace or remove it."
                )
            best = stored["state"].pop("best")
            state = State(**stored["state"], best=None if best is None else (best[0], best[1]))
            return Checkpoint(
                state,
                load_file(newest / _MODEL),
                load_file(newest / _BEST) if (newest / _BEST).exists() else None,
                load_file(newest / _OPTIMISER),
                stored["scaler"],
            )
        except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
            raise ClassifierError(f"{newest}: this checkpoint is damaged ({error}); remove it.") from error

    def due(self, *, epoch_ended: bool) -> bool:
        """Return whether a checkpoint should be written now: at the end of an epoch and every two minutes, where the
        last one took less than a tenth of the time since."""
        since = time.monotonic() - self._written
        return since >= self._cost / SHARE and (epoch_ended or since >= EVERY_SECONDS)

    def write(self, checkpoint: Checkpoint) -> None:
        """Write a whole checkpoint, then remove the older ones; the one of this very state is left alone."""
        started = time.monotonic()
        state = checkpoint.state
        # a step that ends an epoch and the epoch's end have the same number of steps
        name = f"{_PREFIX}{state.steps:09}-{state.epoch:06}-{int(state.done)}"
        if not (self._folder / name).exists():
            draft = self._folder / f".{name}.{secrets.token_hex(4)}.draft"
            draft.mkdir()
            save_file(dict(checkpoint.model), draft / _MODEL)
            if checkpoint.best is not None:
                save_file(dict(checkpoint.best), draft / _BEST)
            save_file(dict(checkpoint.optimiser), draft / _OPTIMISER)
            write_json(
                draft / _STATE,
                {"training": self._training, "state": asdict(state), "scaler": dict(checkpoint.scaler)},
            )
            draft.replace(self._folder / name)
        for older in self._all()[:-1]:
            shutil.rmtree(older, ignore_errors=True)
        self._written = time.monotonic()
        self._cost = self._written - started

    def _all(self) -> list[Path]:
        return sorted(path for path in self._folder.glob(f"{_PREFIX}*") if path.is_dir())
