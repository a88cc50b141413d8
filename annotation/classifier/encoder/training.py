"""Fine-tuning: the same steps on a CPU, on a GPU and on several, and from any checkpoint to the same end."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list
from sklearn.metrics import f1_score, log_loss
from torch import Tensor

from annotation.classifier.encoder.checkpoints import Checkpoint, Checkpoints, State
from annotation.classifier.encoder.labels import Labels, class_weights, weighted_sum
from annotation.classifier.encoder.network import Network
from annotation.classifier.encoder.optimiser import flat, groups, nested, rate_factor
from annotation.classifier.encoder.params import EncoderParams
from annotation.classifier.encoder.tokens import Integers, by_length, epoch_batches, padded
from annotation.classifier.encoder.torch_files import tensors_of
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress
from annotation.classifier.scoring import TrainingStoppedError
from annotation.taxonomy import SLUGS


@dataclass(frozen=True)
class Part:
    """Queries as numbers."""

    token_ids: Sequence[Sequence[int]]
    labels: Labels

    @property
    def lengths(self) -> list[int]:
        return [len(ids) for ids in self.token_ids]


class Training:
    """One fine-tuning, from where its checkpoints stand.

    Args:
        target: whose macro-F1 on `validation` says which epoch is best; of both their mean. Between equals the lower
            loss wins. The loss itself does not decide: confidence is calibrated afterwards, on the same queries, and
            what the encoder tells apart cannot be.
        checkpoints: None keeps none.
    """

    def __init__(
        self,
        network: Network,
        train: Part,
        validation: Part,
        params: EncoderParams,
        *,
        target: str,
        seed: int,
        pad_id: int,
        accelerator: Accelerator,
        report: Progress,
        checkpoints: Checkpoints | None,
    ) -> None:
        self._train, self._validation, self._params = train, validation, params
        self._target, self._seed, self._pad_id = target, seed, pad_id
        self._accelerator, self._report, self._checkpoints = accelerator, report, checkpoints
        device = accelerator.device
        self._weights = (
            class_weights(train.labels.binary, 2, params.class_weights).to(device),
            class_weights(train.labels.categories, len(SLUGS), params.class_weights).to(device),
        )
        optimiser = torch.optim.AdamW(groups(network, params))
        self._rates = [group["lr"] for group in optimiser.param_groups]
        self._model, self._optimiser = accelerator.prepare(network, optimiser)
        self._network: Network = accelerator.unwrap_model(self._model)
        self._best: dict[str, Tensor] | None = None
        self.state = State()
        self._per_epoch = -(-len(train.token_ids) // params.batch_size)
        self._total = self._per_epoch * params.epochs

    def run(self) -> State:
        """Train to the end; the network then has the weights to serve.

        Raises:
            ClassifierError: The loss is no longer a number.
            TrainingStoppedError: `report` raised it; a checkpoint is on disk.
        """
        self._resume()
        while not self.state.done:
            self._epoch()
        # without the wrapper that computes in half precision
        self._network = self._accelerator.unwrap_model(self._model, keep_fp32_wrapper=False)
        if self._best is not None:
            self._network.load_state_dict(self._best)
        return self.state

    def _epoch(self) -> None:
        state, epoch = self.state, self.state.epoch
        batches = epoch_batches(self._train.lengths, self._params.batch_size, seed=self._seed, epoch=epoch)
        self._model.train()
        while state.step < len(batches):
            self._step(batches[state.step])
            state.step += 1
            state.steps += 1
            self._save_if_due(epoch_ended=False)
            self._tell(f"epoch {epoch + 1} of {self._params.epochs}")
        figures = self._evaluate()
        self._judge(figures)
        self._save_if_due(epoch_ended=True)
        words = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        self._tell(f"epoch {epoch + 1} of {self._params.epochs}, validation {words}")

    def _step(self, batch: Integers) -> None:
        """One optimiser step over the batch, which is shared among the processes and cut into parts for memory."""
        accelerator, params = self._accelerator, self._params
        # dropout is a function of the place in the training, so that a checkpoint needs no generator's state
        place = [self._seed, accelerator.process_index, self.state.epoch, self.state.step]
        torch.manual_seed(int(np.random.SeedSequence(place).generate_state(1)[0]))
        factor = rate_factor(self.state.steps, self._total, params)
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * factor
        shares = np.array_split(batch, accelerator.num_processes * params.accumulation)
        mine = shares[accelerator.process_index :: accelerator.num_processes]
        # gradients are averaged over the processes
        scale = accelerator.num_processes / self._weight_of(batch)
        total = torch.zeros((), device=accelerator.device)
        for number, share in enumerate(mine):
            last = number == len(mine) - 1
            with nullcontext() if last else accelerator.no_sync(self._model):
                loss = self._loss(share, batch, scale)
                accelerator.backward(loss)
                total += loss.detach()
        if not torch.isfinite(total):
            raise ClassifierError(
                f"The loss is no longer a number after {self.state.steps} steps; lower `learning_rate` "
                f"({params.learning_rate:g}) or set `clip`."
            )
        if params.clip:
            accelerator.unscale_gradients()
            # each on its own, so that a head that learns alone does not slow the encoder down
            for part in (self._network.encoder, self._network.binary, self._network.categories):
                torch.nn.utils.clip_grad_norm_(part.parameters(), params.clip)
        self._optimiser.step()
        self._optimiser.zero_grad()

    def _loss(self, share: Integers, batch: Integers, scale: Tensor) -> Tensor:
        # every process runs the network equally often, where its share is empty on a query that does not count
        rows = share if len(share) else batch[:1]
        device = self._accelerator.device
        kept = torch.full((len(rows),), float(len(share) > 0), device=device)
        binary, categories = self._model(*self._inputs(self._train, rows))
        losses = [
            weighted_sum(logits, torch.from_numpy(labels[rows]).to(device), weights, kept)
            for logits, labels, weights in zip(
                (binary, categories),
                (self._train.labels.binary, self._train.labels.categories),
                self._weights,
                strict=True,
            )
        ]
        return torch.stack(losses) @ scale

    def _weight_of(self, batch: Integers) -> Tensor:
        labels = self._train.labels
        return torch.stack(
            [self._weights[0][labels.binary[batch]].sum(), self._weights[1][labels.categories[batch]].sum()]
        )

    def _inputs(self, part: Part, rows: Integers) -> tuple[Tensor, Tensor]:
        ids, mask = padded([part.token_ids[row] for row in rows], self._pad_id)
        device = self._accelerator.device
        return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)

    def _evaluate(self) -> dict[str, float]:
        """Return figures of the trained targets on the validation queries; every process computes a share."""
        part, accelerator = self._validation, self._accelerator
        if not part.token_ids:
            return {}
        rows = torch.zeros(len(part.token_ids), 2 + len(SLUGS), dtype=torch.float32, device=accelerator.device)
        batches = list(by_length(part.lengths, max_tokens=16_384, max_texts=256))
        self._network.eval()
        with torch.no_grad(), accelerator.autocast():
            for batch in batches[accelerator.process_index :: accelerator.num_processes]:
                rows[batch] = torch.cat(self._network(*self._inputs(part, batch)), dim=1).float()
        logits = accelerator.reduce(rows, "sum").double().cpu()
        figures: dict[str, float] = {}
        for name, scores, truth in (
            ("binary", logits[:, :2], part.labels.binary),
            ("categories", logits[:, 2:], part.labels.categories),
        ):
            if self._target in (name, "both"):
                answers = scores.argmax(dim=1).numpy()
                figures[f"macro-F1 {name}"] = float(f1_score(truth, answers, average="macro", zero_division=0.0))
                chances = torch.softmax(scores, dim=1).numpy()
                figures[f"loss {name}"] = float(log_loss(truth, chances, labels=np.arange(scores.shape[1])))
        return figures

    def _judge(self, figures: dict[str, float]) -> None:
        state, patience = self.state, self._params.patience
        state.epoch, state.step = state.epoch + 1, 0
        state.history.append(figures)
        if patience and figures:
            f1 = float(np.mean([value for name, value in figures.items() if name.startswith("macro-F1")]))
            rank = (f1, -sum(value for name, value in figures.items() if name.startswith("loss")))
            if state.best is None or rank > state.best:
                state.best, state.best_epoch, state.waiting = rank, state.epoch, 0
                self._best = tensors_of(self._network)
            else:
                state.waiting += 1
        state.done = state.epoch == self._params.epochs or bool(patience and state.waiting >= patience)

    def _tell(self, words: str) -> None:
        """Report; who is asked to stop leaves a checkpoint, and takes the other processes along."""
        stop: TrainingStoppedError | None = None
        if self._accelerator.is_main_process:
            try:
                self._report(words, self.state.steps, self._total)
            except TrainingStoppedError as error:
                stop = error
        if self._accelerator.num_processes > 1:
            (reason,) = broadcast_object_list([None if stop is None else str(stop)])
            stop = stop or (None if reason is None else TrainingStoppedError(reason))
        if stop is not None:
            self._save()
            raise stop

    def _save_if_due(self, *, epoch_ended: bool) -> None:
        due = self._checkpoints is not None and (self.state.done or self._checkpoints.due(epoch_ended=epoch_ended))
        if due:
            self._save()

    def _save(self) -> None:
        if self._checkpoints is None or not self._accelerator.is_main_process:
            return
        scaler = self._accelerator.scaler
        self._checkpoints.write(
            Checkpoint(
                self.state,
                tensors_of(self._network),
                self._best,
                flat(self._optimiser.state_dict()["state"]),
                {} if scaler is None else scaler.state_dict(),
            )
        )

    def _resume(self) -> None:
        if self._checkpoints is None:
            return
        if self._accelerator.is_main_process:
            self._checkpoints.prepare()
        self._accelerator.wait_for_everyone()
        stored = self._checkpoints.read()
        if self._accelerator.num_processes > 1:
            (steps,) = broadcast_object_list([None if stored is None else stored.state.steps])
            if steps != (None if stored is None else stored.state.steps):
                raise ClassifierError(
                    "The processes of this training see different checkpoints; put the workspace on storage that all "
                    "of them share."
                )
        if stored is None:
            return
        self.state, self._best = stored.state, None if stored.best is None else dict(stored.best)
        self._network.load_state_dict(dict(stored.model))
        parts = self._optimiser.state_dict()["param_groups"]
        self._optimiser.load_state_dict({"state": nested(stored.optimiser), "param_groups": parts})
        if self._accelerator.scaler is not None and stored.scaler:
            self._accelerator.scaler.load_state_dict(dict(stored.scaler))
