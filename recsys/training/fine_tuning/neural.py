"""Fine-tuning an encoder in torch: what it reads and how, adapters or all weights, then the training."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

from recsys.core.recommender import Progress
from recsys.core.seeding import derived_seed
from recsys.training.fine_tuning.adapters import attach, merge, wanted
from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.history import History
from recsys.training.fine_tuning.loop import Training
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.validation import Validation
from recsys.training.neural.loading import is_decoder
from recsys.training.neural.network import TransformerNetwork
from recsys.training.sentence_encoder import SentenceEncoder

INSTRUCTION = "Instruct: Given a listener's wish, retrieve the music tracks that fulfil it\nQuery: "
"""For decoders that bring no words of their own, in the form of E5-mistral (L. Wang et al. 2024, section 3.2)."""


def fine_tune_neural(
    encoder: SentenceEncoder,
    source: ExampleSource,
    validation: Validation | None,
    params: FineTuningParams,
    *,
    seed: int,
    workspace: Path | None,
    progress: Progress | None,
) -> tuple[SentenceEncoder, History, tuple[str, ...]]:
    """Return a new encoder, how its training went, and sentences on what was trained."""
    network: Any = copy.deepcopy(encoder.network)
    merge(network)  # of an earlier training
    _describe(network, params)
    for weight in network.parameters():
        weight.requires_grad_(True)
    with_adapters = wanted(network, params)
    if with_adapters:
        attach(network, params, seed=derived_seed(seed, "fine-tuning", "adapters"))
    if params.gradient_checkpointing:
        # not re-entrant: else nothing before an adapter would have a gradient
        backbone = getattr(network, "backbone", None) or network.model[0].model
        backbone.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    moved = sum(weight.numel() for weight in network.parameters() if weight.requires_grad)
    training = Training(
        network,
        source,
        validation,
        params,
        seed=seed,
        adapters=with_adapters,
        workspace=workspace,
        progress=progress,
    )
    history = training.run()
    notes = []
    if params.gradient_checkpointing:
        backbone.gradient_checkpointing_disable()
    if with_adapters:
        on_hub = not Path(encoder.name).is_dir() and ":" not in encoder.name
        kept = params.adapter == "keep" or (params.adapter == "auto" and on_hub)
        notes.append(
            f"Low-rank adapters of rank {params.lora_rank} were trained ({moved:,} weights),"
            + (f" and are kept beside the name of their base, {encoder.name}." if kept else " and merged into it.")
        )
        if not kept:
            merge(network)
    for weight in network.parameters():
        weight.requires_grad_(False)
    return SentenceEncoder(network.eval(), name=encoder.name, fine_tuned=True), history, tuple(notes)


def _describe(network: Any, params: FineTuningParams) -> None:
    """Set pooling and prefix as asked for."""
    if not isinstance(network, TransformerNetwork):
        if params.query_prefix != "auto":
            network.model.prompts["query"] = params.query_prefix
        return
    about = network.description
    if params.pooling != "auto":
        about = replace(about, pooling=params.pooling)
    if params.query_prefix != "auto":
        about = replace(about, query=params.query_prefix)
    elif not about.query and is_decoder(network.backbone.config):
        about = replace(about, query=INSTRUCTION)
    network.description = about
