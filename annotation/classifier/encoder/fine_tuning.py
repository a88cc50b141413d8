"""The fit of kind `encoder`, from labelled queries to a scorer."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast_object_list

from annotation.classifier.dataset import Example
from annotation.classifier.encoder.checkpoints import Checkpoints, State, identity
from annotation.classifier.encoder.devices import accelerator, remedies
from annotation.classifier.encoder.export import Logits, choose_serving
from annotation.classifier.encoder.labels import Labels, check_labels
from annotation.classifier.encoder.loading import Loaded, load_encoder
from annotation.classifier.encoder.network import Network, ServedLogits, ServedVectors
from annotation.classifier.encoder.scorer import EncoderScorer, without_unseen
from annotation.classifier.encoder.serving import Served
from annotation.classifier.encoder.training import Part, Training
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress
from annotation.taxonomy import SLUGS

if TYPE_CHECKING:
    from annotation.classifier.encoder.trainers import EncoderTrainer


def fine_tune(
    trainer: "EncoderTrainer",
    train: Sequence[Example],
    validation: Sequence[Example],
    *,
    seed: int,
    report: Progress,
    workspace: Path | None,
) -> tuple[EncoderScorer, list[str]]:
    """Return the scorer, and sentences on how the training went."""
    params = trainer.params
    check_labels(train)
    if params.patience and not validation:
        raise ClassifierError("Early stopping needs validation queries; give some, or set `patience` to 0.")
    checkpoints = None
    if workspace is not None:
        checkpoints = Checkpoints(workspace, identity({**trainer.parameters}, train, validation, seed))
    link = accelerator(trainer.device, params.precision)
    loaded = load_encoder(trainer.source, pooling=params.pooling, max_length=params.max_length)
    with remedies(), torch.random.fork_rng(devices=_gpus(link)):
        torch.manual_seed(seed)
        network = Network(
            loaded.encoder,
            hidden_size=loaded.hidden_size,
            pooling=loaded.pooling,
            dropout=params.dropout,
            target=trainer.target,
        )
        state = Training(
            network,
            _part(loaded, train),
            _part(loaded, validation),
            params,
            target=trainer.target,
            seed=seed,
            pad_id=loaded.tokens.pad_id,
            accelerator=link,
            report=report,
            checkpoints=checkpoints,
        ).run()
    seen = Labels.of(train).seen.tolist()
    texts = [example.text for example in validation or train]
    served = serve(
        link,
        ServedLogits(network),
        loaded,
        texts,
        lambda rows: without_unseen(rows, seen),
        name=trainer.source.name,
        description={"kind": EncoderScorer.kind, "pooling": loaded.pooling, "seen": seen, "categories": SLUGS},
        report=report,
    )
    return EncoderScorer(served), [*loaded.notes, _history(state, params.epochs), served_note(served)]


def serve(
    link: Accelerator,
    module: ServedLogits | ServedVectors,
    loaded: Loaded,
    texts: Sequence[str],
    to_logits: Logits,
    *,
    name: str,
    description: dict[str, Any],
    report: Progress,
) -> Served:
    """Choose how to serve; of several processes the first one measures, and the others do as it did."""
    description = {**description, "parameters": sum(weight.numel() for weight in module.parameters())}
    if link.num_processes == 1:
        return choose_serving(module, loaded, texts, to_logits, name=name, description=description, report=report)
    served = None
    if link.is_main_process:
        served = choose_serving(module, loaded, texts, to_logits, name=name, description=description, report=report)
    chosen = None if served is None else (served.description["runtime"], served.description["measurements"])
    (chosen,) = broadcast_object_list([chosen])
    return served or choose_serving(
        module, loaded, texts, to_logits, name=name, description=description, report=report, only=chosen
    )


def served_note(served: Served) -> str:
    """Return the sentence on how the scorer is served."""
    runtime = served.description["runtime"]
    (kept,) = [each for each in served.description["measurements"] if each["runtime"] == runtime]
    return (
        f"It is served by {runtime}: {kept['single_ms']:.1f} ms for a single text on the machine that trained it, and "
        f"no probability moves by more than {kept['deviation']:.0e} from single precision in torch."
    )


def _part(loaded: Loaded, examples: Sequence[Example]) -> Part:
    return Part(loaded.tokens.encode([example.text for example in examples]), Labels.of(examples))


def _history(state: State, epochs: int) -> str:
    if not state.best_epoch:
        return f"Training took {state.epoch} epochs; the last one is kept."
    return f"Training took {state.epoch} of at most {epochs} epochs; epoch {state.best_epoch} is kept."


def _gpus(link: Accelerator) -> list[int]:
    return [torch.cuda.current_device()] if link.device.type == "cuda" else []
