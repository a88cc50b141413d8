"""What to train, in words and numbers: the door's order to a trainer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotation.classifier.errors import ClassifierError

TARGETS = ("both", "binary", "categories")
RECIPES = ("default", "paper")
DEVICES = ("cpu", "cuda")


@dataclass(frozen=True, slots=True)
class Spec:
    """One classifier to train.

    Attributes:
        model: `tfidf`, the name of a preset, or the hub id or path of a text encoder.
        target: what the encoder is trained for and where alpha comes from: the binary label, the 19 categories whose
            personalised probabilities are summed, or both, of which the validation queries choose.
        frozen: keep the encoder as it comes and train a linear head on its sentence embeddings.
        recipe: `paper` for the hyper-parameters of "Learning When to Personalize", section 5.2.
        overrides: single hyper-parameters by name, over those of the recipe.
        device: where to train.
        seed: of every use of chance.
        curve: whether to train on parts of the data as well, for the learning curve.
    """

    model: str
    target: str = "both"
    frozen: bool = False
    recipe: str = "default"
    overrides: Mapping[str, int | float | str | bool] = field(default_factory=dict)
    device: str = "cpu"
    seed: int = 0
    curve: bool = False

    def __post_init__(self) -> None:
        for name, value, known in (
            ("target", self.target, TARGETS),
            ("recipe", self.recipe, RECIPES),
            ("device", self.device, DEVICES),
        ):
            if value not in known:
                raise ClassifierError(f"`{name}` must be one of {', '.join(known)}, got {value!r}.")
        if not self.model.strip():
            raise ClassifierError("`model` is empty; name tfidf, a preset, or the hub id or path of a text encoder.")
        if self.seed < 0:
            raise ClassifierError(f"`seed` must be at least 0, got {self.seed}.")
