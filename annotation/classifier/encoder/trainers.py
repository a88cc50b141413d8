"""The trainers of the kinds `encoder` and `embeddings`, cheap until they fit: torch comes in there."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from annotation.classifier.dataset import Example
from annotation.classifier.encoder.params import PAPER, EmbeddingsParams, EncoderParams, override
from annotation.classifier.encoder.presets import Source, find_source
from annotation.classifier.encoder.scorer import EmbeddingsScorer, EncoderScorer
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress
from annotation.classifier.spec import Spec

_EXTRA = "Training with a text encoder needs PyTorch and transformers; install the `ml` extra."


@dataclass
class EncoderTrainer:
    """Fine-tunes an encoder with two linear heads.

    Attributes:
        recipe: whose hyper-parameters `params` started from.
        done: what the last fit has to say for the card.
    """

    source: Source
    params: EncoderParams
    target: str = "both"
    device: str = "cpu"
    recipe: str = "default"
    done: list[str] = field(default_factory=list)
    kind: ClassVar[str] = EncoderScorer.kind

    @classmethod
    def of(cls, spec: Spec) -> Self:
        """Return the trainer that an order asks for; loads nothing.

        Raises:
            ClassifierError: The model or a hyper-parameter cannot be.
        """
        base = PAPER if spec.recipe == "paper" else EncoderParams()
        return cls(find_source(spec.model), override(base, spec.overrides), spec.target, spec.device, spec.recipe)

    @property
    def parameters(self) -> Mapping[str, Any]:
        return {**_identity(self.source), "target": self.target, **asdict(self.params)}

    @property
    def notes(self) -> Sequence[str]:
        taught = {
            "both": 'by "personalised or not" and by the 19 categories',
            "binary": 'by "personalised or not" alone; the head of the 19 categories learned on its vectors',
            "categories": 'by the 19 categories alone; the head of "personalised or not" learned on its vectors',
        }
        notes = [*self.source.notes, f"The encoder was fine-tuned {taught[self.target]}."]
        if self.recipe == "paper":
            notes.append(
                'The hyper-parameters are those of "Learning When to Personalize", section 5.2; where it is silent: '
                f"AdamW, weight decay {self.params.weight_decay:g}, no dropout on the pooled vector."
            )
        return [*notes, *self.done]

    def fit(
        self,
        train: Sequence[Example],
        validation: Sequence[Example],
        *,
        seed: int,
        report: Progress,
        workspace: Path | None = None,
    ) -> EncoderScorer:
        """Fit as `scoring.Trainer` says; of several processes all return the same scorer, and the first one reports.

        Raises:
            ClassifierError: There is no such device, the model cannot be loaded, memory is too small, the loss runs
                away, or the workspace holds another training.
        """
        try:
            from annotation.classifier.encoder.fine_tuning import fine_tune
        except ImportError as error:
            raise ClassifierError(_EXTRA) from error
        scorer, self.done = fine_tune(self, train, validation, seed=seed, report=report, workspace=workspace)
        return scorer


@dataclass
class EmbeddingsTrainer:
    """Trains two logistic regressions on the embeddings of an encoder that stays as it comes."""

    source: Source
    params: EmbeddingsParams
    target: str = "both"
    device: str = "cpu"
    done: list[str] = field(default_factory=list)
    kind: ClassVar[str] = EmbeddingsScorer.kind

    @classmethod
    def of(cls, spec: Spec) -> Self:
        """Return the trainer that an order asks for; loads nothing.

        Raises:
            ClassifierError: The model or a hyper-parameter cannot be, or the recipe is the paper's.
        """
        if spec.recipe == "paper":
            raise ClassifierError(
                "`recipe` paper fine-tunes the encoder, which `frozen` forbids; leave one of them out."
            )
        params = override(EmbeddingsParams(), spec.overrides)
        return cls(find_source(spec.model), params, spec.target, spec.device)

    @property
    def parameters(self) -> Mapping[str, Any]:
        return {**_identity(self.source), "target": self.target, **asdict(self.params)}

    @property
    def notes(self) -> Sequence[str]:
        frozen = "The encoder stayed as it comes; two logistic regressions were trained on its sentence embeddings."
        return [*self.source.notes, frozen, *self.done]

    def fit(
        self,
        train: Sequence[Example],
        validation: Sequence[Example],
        *,
        seed: int,
        report: Progress,
        workspace: Path | None = None,
    ) -> EmbeddingsScorer:
        """Fit as `scoring.Trainer` says; the validation queries only choose how the encoder is served.

        Raises:
            ClassifierError: As `EncoderTrainer.fit` does, or a regression does not settle.
        """
        try:
            from annotation.classifier.encoder.embeddings import fit_embeddings
        except ImportError as error:
            raise ClassifierError(_EXTRA) from error
        scorer, self.done = fit_embeddings(self, train, validation, seed=seed, report=report, workspace=workspace)
        return scorer


def _identity(source: Source) -> dict[str, Any]:
    return {"model": source.name, "weights": source.weights}
