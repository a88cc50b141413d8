"""A training in torch on disk: one file without pickle, whole or absent."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from recsys.core.errors import ArtifactError

CHECKPOINT = "fine-tuning.safetensors"


class Checkpoints:
    """Tensors in groups, each with its name, and figures beside them.

    Args:
        workspace: folder of the file; None keeps nothing.
    """

    def __init__(self, workspace: Path | None) -> None:
        self._path = None if workspace is None else workspace / CHECKPOINT

    def write(self, groups: Mapping[str, Mapping[str, Tensor]], figures: Mapping[str, Any]) -> None:
        if self._path is None:
            return
        named = {
            f"{group}/{name}": tensor.detach().cpu().clone().contiguous()
            for group, tensors in groups.items()
            for name, tensor in tensors.items()
        }
        draft = self._path.with_name(f"{CHECKPOINT}.draft")
        save_file(named, draft, metadata={"figures": json.dumps(figures)})
        draft.replace(self._path)

    def read(self) -> tuple[dict[str, dict[str, Tensor]], dict[str, Any]] | None:
        """Return what was written last, or None.

        Raises:
            ArtifactError: It cannot be read.
        """
        if self._path is None or not self._path.is_file():
            return None
        groups: dict[str, dict[str, Tensor]] = {}
        try:
            with safe_open(self._path, "pt") as file:
                figures = json.loads(file.metadata()["figures"])
                for key in file.keys():  # noqa: SIM118  (it is no mapping)
                    group, _, name = key.partition("/")
                    groups.setdefault(group, {})[name] = file.get_tensor(key)
        except (SafetensorError, KeyError, ValueError, TypeError) as error:
            raise self.damaged() from error
        return groups, figures

    def damaged(self) -> ArtifactError:
        assert self._path is not None
        return ArtifactError(
            f"{self._path}: this checkpoint is damaged; remove {self._path.parent.parent} and train again."
        )
