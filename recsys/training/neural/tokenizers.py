"""Tokenizers of transformers that give the ids their own files say."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from recsys.core.errors import ArtifactError
from recsys.training.neural.files import model_file
from recsys.training.text import sound

PROBES = (
    "night drive",
    "Для ночной поездки по городу",
    "songs in the style of The Beatles, 1965-1970!",
    "ёлка, Й и ў, Beyoncé",
    "🏃🏽‍♀️ lo-fi  beats\nto study to",
)
"""Texts on which every way to load a tokenizer must give the same ids."""


def load_tokenizer(location: str) -> Any:
    """Load a model's tokenizer.

    transformers 5 builds a tokenizer by the type of the model: for `qwen2` its own pieces of words are put in the
    place of those that the file describes, in silence. Where the ids differ from the file's, the file is followed.
    """
    built = AutoTokenizer.from_pretrained(location, trust_remote_code=False, use_fast=True)
    path = model_file(location, "tokenizer.json")
    if path is None or not getattr(built, "is_fast", False) or ids(built) == _file_ids(path):
        return built
    return PreTrainedTokenizerFast.from_pretrained(location)


def ids(tokenizer: Any, texts: Sequence[str] = PROBES) -> list[list[int]]:
    return [list(row) for row in tokenizer([sound(text) for text in texts])["input_ids"]]


def probes(tokenizer: Any) -> dict[str, list[int]]:
    """Return what a folder notes of its tokenizer, for `check`."""
    return dict(zip(PROBES, ids(tokenizer), strict=True))


def check(tokenizer: Any, noted: Mapping[str, Sequence[int]], name: str) -> None:
    """Compare a tokenizer with what was noted when its folder was written.

    Raises:
        ArtifactError: It reads a text otherwise.
    """
    for text, expected in noted.items():
        [found] = ids(tokenizer, [text])
        if found != list(expected):
            raise ArtifactError(
                f"{name}: the tokenizer reads {text!r} as {found[:8]} and not as {list(expected)[:8]}, which the model"
                " was trained on; train it again with the libraries that are installed."
            )


def save_tokenizer(tokenizer: Any, directory: Path) -> None:
    """Write a tokenizer such that `AutoTokenizer`, which sentence-transformers uses, reads the same ids from it."""
    import json

    tokenizer.save_pretrained(str(directory))
    about = directory / "tokenizer_config.json"
    expected = ids(tokenizer)
    if _reloaded(directory) == expected:
        return
    values = json.loads(about.read_bytes())
    # with a class of their own to offer, transformers trusts the class that the file names, and without permission to
    # run code it never looks for the one offered
    values |= {"tokenizer_class": "PreTrainedTokenizerFast", "auto_map": {"AutoTokenizer": [None, None]}}
    about.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _reloaded(directory: Path) -> list[list[int]]:
    return ids(AutoTokenizer.from_pretrained(str(directory), trust_remote_code=False, use_fast=True))


def _file_ids(path: Path) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return [tokenizer.encode(sound(text)).ids for text in PROBES]
