"""The served network as torch files: weights in safetensors, and the configuration to build it from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from annotation.classifier.encoder.loading import quiet
from annotation.classifier.encoder.network import Network, ServedLogits, ServedVectors
from annotation.classifier.encoder.serving import CONFIG, WEIGHTS


def tensors_of(module: nn.Module) -> dict[str, Tensor]:
    """Return copies of all weights on the CPU, none of which share memory."""
    return {name: tensor.detach().cpu().clone().contiguous() for name, tensor in module.state_dict().items()}


def write_module(folder: Path, module: ServedLogits | ServedVectors) -> None:
    encoder = module.network.encoder if isinstance(module, ServedLogits) else module.encoder
    config = encoder.config.to_dict()  # type: ignore[union-attr, operator]
    (folder / CONFIG).write_text(json.dumps(config, indent=1, sort_keys=True, default=str) + "\n", encoding="utf-8")
    save_file(tensors_of(module), folder / WEIGHTS)


def read_module(folder: Path, description: Mapping[str, Any]) -> ServedLogits | ServedVectors:
    """Build the network and fill it.

    Raises:
        OSError, ValueError: The files are missing or do not fit together.
    """
    with quiet():
        values = json.loads((folder / CONFIG).read_bytes())
        config = AutoConfig.for_model(**values)
        encoder = AutoModel.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    if isinstance(getattr(encoder, "pooler", None), nn.Module):
        encoder.pooler = None
    module: ServedLogits | ServedVectors
    if description["kind"] == "encoder":
        network = Network(
            encoder, hidden_size=config.hidden_size, pooling=description["pooling"], dropout=0.0, target="both"
        )
        module = ServedLogits(network)
    else:
        module = ServedVectors(encoder, description["pooling"])
    try:
        module.load_state_dict(load_file(folder / WEIGHTS))
    except (RuntimeError, SafetensorError) as error:
        raise ValueError(f"{WEIGHTS}: {str(error).splitlines()[0]}") from error
    return module.eval()
