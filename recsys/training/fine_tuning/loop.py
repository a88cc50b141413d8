"""Fine-tuning a network in torch: epochs of steps, hard negatives, validation, checkpoints."""

import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recsys.core.errors import RequestError
from recsys.core.recommender import Progress
from recsys.core.seeding import derived_seed, stream
from recsys.training.fine_tuning.checkpoints import Checkpoints
from recsys.training.fine_tuning.epochs import draw, mining_epoch
from recsys.training.fine_tuning.examples import Examples, ExampleSource, Rows
from recsys.training.fine_tuning.gradient_cache import backward
from recsys.training.fine_tuning.history import History
from recsys.training.fine_tuning.loss import info_nce
from recsys.training.fine_tuning.negatives import mine, with_negatives
from recsys.training.fine_tuning.optimiser import Optimiser, trained
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.validation import Validation

logger = logging.getLogger(__name__)
_ALIKE = 16
"""Texts that are padded to one length on a CPU."""


class Training:
    """One training; `run` leaves the best epoch's weights in the network.

    An interrupted training goes on from the last checkpoint, of every epoch and every so many steps, to the same bits
    on a CPU: each use of chance has a generator of its own, drop-out one for each part of each step.

    Args:
        network: what is trained, as `adapters.attach` left it.
        adapters: whether only adapters are trained.
        workspace: folder for the checkpoint; None for a training that cannot be taken up again.
    """

    def __init__(
        self,
        network: Any,
        source: ExampleSource,
        validation: Validation | None,
        params: FineTuningParams,
        *,
        seed: int,
        adapters: bool,
        workspace: Path | None,
        progress: Progress | None,
    ) -> None:
        self._network = network
        self._source = source
        self._validation = validation
        self._params = params
        self._seed = seed
        self._adapters = adapters
        self._progress = progress
        self._checkpoints = Checkpoints(workspace)
        self._weights = trained(network)
        self._best: dict[str, Tensor] = {}
        self._device = next(network.parameters()).device
        self.history = History(params.metric)

    def run(self) -> History:
        try:
            with torch.random.fork_rng(devices=[self._device] if self._device.type == "cuda" else []):
                self._run()
        except torch.OutOfMemoryError as error:
            raise RequestError(
                "The GPU has too little memory for this encoder; lower `micro_batch` or `length`, or set"
                " `gradient_checkpointing` or `lora` to on."
            ) from error
        self._network.eval()
        return self.history

    def _run(self) -> None:
        history, params = self.history, self._params
        self._best = self._copies()
        examples, order = draw(self._source, params, seed=self._seed, epoch=0)
        steps = -(-len(examples) // params.batch)
        optimiser = Optimiser(self._weights, params, total=steps * params.epochs, adapters=self._adapters)
        first, losses = self._resume(optimiser)
        if history.before is None and not history.epochs and self._validation is not None:
            history.before = self._validate()
        while history.goes_on(params):
            epoch = history.epochs
            if epoch:
                examples, order = draw(self._source, params, seed=self._seed, epoch=epoch)
            if not first and params.negatives and mining_epoch(epoch, params) == epoch:
                rng = stream(self._seed, "fine-tuning", "negatives", epoch)
                history.negatives = mine(self._source, examples, self._encode, params, rng, self._progress)
            for step in range(first, steps):
                started = time.monotonic()
                rows = order[step * params.batch : (step + 1) * params.batch]
                negatives = None if history.negatives is None else history.negatives[rows]
                losses.append(self._step(examples.part(rows), negatives, epoch, step))
                optimiser.step(epoch * steps + step)
                history.seconds += time.monotonic() - started
                if self._progress is not None:
                    self._progress("fine-tuning", epoch * steps + step + 1, steps * params.epochs)
                if step + 1 < steps and (step + 1) % params.checkpoint_steps == 0:
                    self._save(optimiser, step + 1, losses)
            value = None if self._validation is None else self._validate()
            if history.add(loss=float(np.mean(losses)), value=value, pairs=len(examples)):
                self._best = self._copies()
            logger.info("fine-tuning.epoch epoch=%d loss=%.4f %s=%s", epoch + 1, np.mean(losses), params.metric, value)
            first, losses = 0, []
            self._save(optimiser, first, losses)
        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(self._best[name])

    def _step(self, batch: Examples, negatives: Rows | None, epoch: int, step: int) -> float:
        """Add a batch's gradient to the weights, in parts of at most `micro_batch` texts."""
        tracks, documents = with_negatives(self._source, batch, negatives)
        size = self._params.micro_batch
        # on a CPU padding costs more than small products do, and short texts go with short ones
        small = min(size, _ALIKE) if self._device.type == "cpu" else size
        places, parts = _parts(batch.texts, "query", small)
        others, more = _parts(documents, "track", small)
        place = torch.from_numpy(np.concatenate([places, others + len(batch)])).to(self._device)
        also_right = torch.from_numpy(self._source.right(batch, tracks)).to(self._device)
        self._network.train()

        def embed(number: int, part: tuple[list[str], str]) -> Tensor:
            torch.manual_seed(derived_seed(self._seed, "fine-tuning", "drop-out", epoch, step, number))
            with self._precision():
                features = self._network.prepare(*part, length=self._params.length)
                vectors: Tensor = self._network.vectors(features)
            return vectors.float()

        def loss_of(vectors: Tensor) -> Tensor:
            params, ordered = self._params, vectors[place]
            return info_nce(
                ordered[: len(batch)],
                ordered[len(batch) :],
                also_right,
                params.temperature,
                both_directions=params.both_directions,
            )

        return backward(embed, [*parts, *more], loss_of, whole=max(len(batch), len(documents)) <= size)

    def _encode(self, texts: Sequence[str], kind: str) -> NDArray[np.float32]:
        self._network.eval()
        with self._precision():
            found: NDArray[np.float32] = self._network.encode(list(texts), kind)
        return found

    def _validate(self) -> float:
        assert self._validation is not None
        return float(self._validation.values(self._encode, self._params.metric).mean())

    def _precision(self) -> AbstractContextManager[Any]:
        short = self._params.precision == "bf16" or (self._params.precision == "auto" and self._device.type == "cuda")
        return torch.autocast(self._device.type, dtype=torch.bfloat16) if short else nullcontext()

    def _copies(self) -> dict[str, Tensor]:
        return {name: weight.detach().clone() for name, weight in self._weights.items()}

    def _save(self, optimiser: Optimiser, step: int, losses: list[float]) -> None:
        groups: dict[str, dict[str, Tensor]] = {
            "weights": self._copies(),
            "best": self._best,
            "optimiser": optimiser.state(),
        }
        if self.history.negatives is not None:
            groups["negatives"] = {"rows": torch.from_numpy(self.history.negatives)}
        self._checkpoints.write(groups, {**self.history.state(), "step": step, "step_losses": losses})

    def _resume(self, optimiser: Optimiser) -> tuple[int, list[float]]:
        """Take up what the checkpoint holds; return the step to go on with, and the losses of those before it."""
        found = self._checkpoints.read()
        if found is None:
            return 0, []
        groups, figures = found
        try:
            with torch.no_grad():
                for name, weight in self._weights.items():
                    weight.copy_(groups["weights"][name])
                    self._best[name].copy_(groups["best"][name])
            optimiser.restore(groups.get("optimiser", {}))
            if "negatives" in groups:
                self.history.negatives = groups["negatives"]["rows"].numpy()
            self.history.restore(figures)
            return int(figures["step"]), list(figures["step_losses"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise self._checkpoints.damaged() from error


def _parts(texts: list[str], kind: str, size: int) -> tuple[Rows, list[tuple[list[str], str]]]:
    """Return parts of texts of like length, and where among them, end to end, each text stands."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    parts = [([texts[row] for row in order[start : start + size]], kind) for start in range(0, len(order), size)]
    return np.argsort(order), parts
