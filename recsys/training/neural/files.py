"""What the files of a model say on how its texts become vectors. No torch is needed to read them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_POOLING = {"mean": "mean", "cls": "cls", "lasttoken": "last"}
_OLD_POOLING = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_lasttoken": "lasttoken",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
}
_TEXT = {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}
_HARMLESS: dict[str, Any] = {
    "max_seq_length": None,
    "do_lower_case": False,
    "transformer_task": "feature-extraction",
    "modality_config": _TEXT,
    "module_output_name": "token_embeddings",
}
"""What `sentence_bert_config.json` may say without meaning more than a transformer's last states; None: anything."""


@dataclass(frozen=True, slots=True)
class Description:
    """A transformer whose last states are pooled to one vector, which is brought to length 1.

    Attributes:
        pooling: `mean`, `cls` or `last`; `auto` where the files do not say.
        max_length: tokens that are read; None where the files do not say.
        query: what stands before every query.
        track: what stands before every track.
    """

    pooling: str = "auto"
    max_length: int | None = None
    query: str = ""
    track: str = ""


def describe(location: str) -> Description | None:
    """Read the files of a folder or hub id; None if only sentence-transformers itself can tell what they mean."""
    modules = _json(location, "modules.json")
    if modules is None:
        return Description()
    kinds = [(str(module["type"]).rsplit(".", 1)[-1], str(module["path"])) for module in modules]
    if [kind for kind, _ in kinds] not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    if kinds[0][1] or any(module.get("kwargs") for module in modules):
        return None
    pooling = _json(location, "config.json", kinds[1][1]) or {}
    modes = pooling.get("pooling_mode") or [mode for key, mode in _OLD_POOLING.items() if pooling.get(key)]
    modes = [modes] if isinstance(modes, str) else modes
    transformer = _json(location, "sentence_bert_config.json")
    if len(modes) != 1 or modes[0] not in _POOLING or not pooling.get("include_prompt", True) or transformer is None:
        return None
    if any(key not in _HARMLESS or _HARMLESS[key] not in (None, value) for key, value in transformer.items()):
        return None
    prompts = (_json(location, "config_sentence_transformers.json") or {}).get("prompts") or {}
    return Description(
        pooling=_POOLING[modes[0]],
        max_length=transformer.get("max_seq_length"),
        query=prompts.get("query") or "",
        track=prompts.get("document") or "",
    )


def write_description(directory: Path, description: Description, dimensions: int) -> None:
    """Write the files from which sentence-transformers and `describe` read the same."""
    kind = "sentence_transformers.models"
    names = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    modules = [
        {"idx": index, "name": str(index), "path": path, "type": f"{kind}.{name}"}
        for index, (path, name) in enumerate(names)
    ]
    (directory / "1_Pooling").mkdir(exist_ok=True)
    (directory / "2_Normalize").mkdir(exist_ok=True)
    mode = {ours: theirs for theirs, ours in _POOLING.items()}[description.pooling]
    pooling = {"word_embedding_dimension": dimensions, "include_prompt": True}
    pooling |= {key: each == mode for key, each in _OLD_POOLING.items()}
    prompts = {"query": description.query, "document": description.track}
    for path, value in (
        ("modules.json", modules),
        ("1_Pooling/config.json", pooling),
        ("sentence_bert_config.json", {"max_seq_length": description.max_length, "do_lower_case": False}),
        (
            "config_sentence_transformers.json",
            {"prompts": prompts, "default_prompt_name": None, "similarity_fn_name": "cosine"},
        ),
    ):
        (directory / path).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def model_file(location: str, name: str, subfolder: str = "") -> Path | None:
    """Return a file of a model, from its folder or the hub; None where it has none."""
    if Path(location).is_dir():
        path = Path(location) / subfolder / name
        return path if path.is_file() else None
    from transformers.utils.hub import cached_file

    found = cached_file(
        location,
        name,
        subfolder=subfolder,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_connection_errors=False,
    )
    return Path(found) if found else None


def _json(location: str, name: str, subfolder: str = "") -> Any:
    path = model_file(location, name, subfolder)
    return None if path is None else json.loads(path.read_bytes())
