"""From an encoder and a data set to a fine-tuned encoder, whatever kind it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys.core.errors import RequestError
from recsys.core.recommender import Progress
from recsys.core.seeding import stream
from recsys.data.dataset import Dataset
from recsys.training.encoder import TextEncoder
from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.static import fine_tune_static
from recsys.training.fine_tuning.validation import Validation
from recsys.training.static_encoder import StaticEncoder

if TYPE_CHECKING:
    from recsys.training.sentence_encoder import SentenceEncoder


@dataclass(frozen=True, slots=True)
class FineTuned:
    """The encoder, figures for a manifest, sentences for a card."""

    encoder: "StaticEncoder | SentenceEncoder"
    figures: Mapping[str, float]
    notes: tuple[str, ...]


def fine_tune(
    encoder: TextEncoder,
    dataset: Dataset,
    params: FineTuningParams,
    *,
    seed: int,
    workspace: Path | None = None,
    progress: Progress | None = None,
) -> FineTuned:
    """Fine-tune on the training split with InfoNCE; the encoder that came stays as it is.

    Args:
        workspace: folder for checkpoints; what lies there is continued, to the same result.

    Raises:
        RequestError: The data set has nothing to learn from, or the encoder cannot be trained.
        ArtifactError: A checkpoint is damaged.

    References:
        A. van den Oord, Y. Li, O. Vinyals, "Representation learning with contrastive predictive coding", 2018, eq. 4.
    """
    source = ExampleSource(dataset, params)
    rng = stream(seed, "fine-tuning", "validation")
    validation = Validation.of(dataset, source.documents, params, rng)
    options: Any = {"seed": seed, "workspace": workspace, "progress": progress}
    made: tuple[str, ...] = ()
    tuned: StaticEncoder | SentenceEncoder
    if isinstance(encoder, StaticEncoder):
        tuned, history = fine_tune_static(encoder, source, validation, params, **options)
    else:
        from recsys.training.fine_tuning.neural import fine_tune_neural  # torch
        from recsys.training.sentence_encoder import SentenceEncoder as Neural

        if not isinstance(encoder, Neural):
            raise RequestError(f"The encoder {encoder.name} is of a kind that cannot be fine-tuned.")
        tuned, history, made = fine_tune_neural(encoder, source, validation, params, **options)
    notes = [history.sentence(), *made]
    if source.left_out:
        notes.append(f"{source.left_out} pairs were left out: their track is on no other training playlist.")
    return FineTuned(tuned, history.figures(), tuple(notes))
