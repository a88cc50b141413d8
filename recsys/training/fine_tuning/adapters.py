"""Low-rank adapters for models too large to be moved whole (E. J. Hu et al., "LoRA", ICLR 2022)."""

from typing import Any

import torch

from recsys.core.errors import RequestError
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.neural.loading import quiet
from recsys.training.neural.network import TransformerNetwork

LARGE = 300_000_000
"""Parameters from which `lora=auto` trains adapters: AdamW would keep 16 bytes for each."""


def wanted(network: Any, params: FineTuningParams) -> bool:
    """Tell whether adapters are to be trained.

    Raises:
        RequestError: They are asked for, and the model is not one they can be put on.
    """
    fit = isinstance(network, TransformerNetwork)
    if params.lora == "on" and not fit:
        raise RequestError("`lora` needs a plain transformer with pooling; leave it off for this model.")
    size = sum(weight.numel() for weight in network.parameters())
    return params.lora == "on" or (params.lora == "auto" and fit and size >= LARGE)


def attach(network: TransformerNetwork, params: FineTuningParams, *, seed: int) -> None:
    """Freeze the weights and put adapters beside every linear layer."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=params.lora_rank,
        lora_alpha=params.lora_alpha,
        lora_dropout=params.lora_dropout,
        target_modules="all-linear",
        exclude_modules=r".*pooler.*" if hasattr(network.backbone, "pooler") else None,
    )
    with quiet(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        backbone: Any = network.backbone
        network.backbone = get_peft_model(backbone, config)


def merge(network: Any) -> None:
    """Add the adapters, if there are any, into the weights."""
    backbone: Any = getattr(network, "backbone", None)
    if hasattr(backbone, "merge_and_unload"):
        network.backbone = backbone.merge_and_unload()
