"""The fit of kind `embeddings`: vectors of the encoder as it comes, then two regressions by scikit-learn."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from annotation.classifier.dataset import Example
from annotation.classifier.encoder.checkpoints import identity
from annotation.classifier.encoder.devices import accelerator, remedies
from annotation.classifier.encoder.fine_tuning import serve, served_note
from annotation.classifier.encoder.labels import Labels, check_labels
from annotation.classifier.encoder.loading import load_encoder
from annotation.classifier.encoder.network import ServedVectors
from annotation.classifier.encoder.params import EmbeddingsParams
from annotation.classifier.encoder.scorer import EmbeddingsScorer, linear
from annotation.classifier.encoder.tokens import Tokens, by_length, padded
from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import Progress
from annotation.taxonomy import SLUGS

if TYPE_CHECKING:
    from annotation.classifier.encoder.trainers import EmbeddingsTrainer

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CHUNK = 256
STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)


def fit_embeddings(
    trainer: "EmbeddingsTrainer",
    train: Sequence[Example],
    validation: Sequence[Example],
    *,
    seed: int,
    report: Progress,
    workspace: Path | None,
) -> tuple[EmbeddingsScorer, list[str]]:
    """Return the scorer, and sentences on how the training went."""
    params = trainer.params
    check_labels(train)
    link = accelerator(trainer.device, "fp32")
    if not link.is_main_process:
        report = _silent
    loaded = load_encoder(trainer.source, pooling=params.pooling, max_length=params.max_length, frozen=True)
    module = ServedVectors(loaded.encoder, loaded.pooling).eval()
    store = None
    if workspace is not None:
        # the vectors of an encoder do not depend on labels or seed, but a workspace belongs to one training
        store = _Vectors(workspace, identity(trainer.parameters, train, validation, seed), link.is_main_process)
    texts = [example.text for example in train]
    with remedies():
        vectors = _embed(module.to(link.device), loaded.tokens, texts, link.device, report, store)
    weights, intercepts, strengths = fit_heads(vectors, Labels.of(train), params, seed=seed, report=report)
    served = serve(
        link,
        module,
        loaded,
        [example.text for example in validation or train],
        lambda rows: linear(rows, weights, intercepts),
        name=trainer.source.name,
        description={"kind": EmbeddingsScorer.kind, "pooling": loaded.pooling, "categories": SLUGS},
        report=report,
    )
    chosen = (
        f"The regressions have C = {strengths[0]:g} (19 categories) and {strengths[1]:g} (personalised or not), "
        + ("as ordered." if params.c else f"chosen by {params.folds}-fold cross-validation on the training queries.")
    )
    return EmbeddingsScorer(served, weights, intercepts), [*loaded.notes, chosen, served_note(served)]


def fit_heads(
    vectors: Floats, labels: Labels, params: EmbeddingsParams, *, seed: int, report: Progress
) -> tuple[NDArray[np.float32], Floats, tuple[float, float]]:
    """Return weights, shape (dimensions, 20), intercepts, shape (20,), and both values of `C`.

    A category without queries has the intercept minus infinity, which makes its probability 0.

    Raises:
        ClassifierError: A regression is still moving after the last iteration.
    """
    mean = vectors.mean(axis=0) if params.standardise else np.zeros(vectors.shape[1])
    deviation = vectors.std(axis=0) if params.standardise else np.ones(vectors.shape[1])
    deviation = np.where(deviation > 0, deviation, 1.0)
    scaled = (vectors - mean) / deviation
    weights = np.zeros((vectors.shape[1], len(SLUGS) + 1), dtype=np.float32)
    intercepts = np.full(len(SLUGS) + 1, -np.inf)
    strengths = []
    for number, targets in enumerate((labels.categories, labels.binary)):
        c = params.c or _strength(scaled, targets, params, np.random.default_rng([seed, number]), report, number)
        strengths.append(c)
        regression = _fit(scaled, targets, c, params)
        columns = regression.classes_ if number == 0 else [len(SLUGS)]
        rows = (regression.coef_ / deviation).astype(np.float32)
        # two categories alone have one row, which speaks for the second
        if number == 0 and len(regression.classes_) == 2:
            columns, rows = regression.classes_[1:], rows
            intercepts[regression.classes_[0]] = 0.0
        weights[:, columns] = rows.T
        intercepts[columns] = regression.intercept_ - rows.astype(np.float64) @ mean
        report("regressions", number + 1, 2)
    return weights, intercepts, (strengths[0], strengths[1])


def _strength(
    vectors: Floats,
    targets: Integers,
    params: EmbeddingsParams,
    generator: np.random.Generator,
    report: Progress,
    number: int,
) -> float:
    """Return the `C` with the lowest log loss over the folds; of equal ones the smallest."""
    folds = _folds(targets, params.folds, generator)
    losses = []
    for done, c in enumerate(STRENGTHS):
        loss = 0.0
        for fold in range(params.folds):
            held_out = folds == fold
            regression = _fit(vectors[~held_out], targets[~held_out], c, params)
            loss += _log_loss(regression, vectors[held_out], targets[held_out])
        losses.append(loss)
        report(f"cross-validation, {('categories', 'personalised or not')[number]}", done + 1, len(STRENGTHS))
    return STRENGTHS[int(np.argmin(losses))]


def _folds(targets: Integers, folds: int, generator: np.random.Generator) -> Integers:
    """Return a fold per query; every class is spread evenly, and one of a single query is never held out (-1)."""
    assigned = np.empty(len(targets), dtype=np.int64)
    offset = 0
    for value in np.unique(targets):
        rows = generator.permutation(np.flatnonzero(targets == value))
        assigned[rows] = (np.arange(len(rows)) + offset) % folds if len(rows) > 1 else -1
        offset += len(rows)
    return assigned


def _log_loss(regression: LogisticRegression, vectors: Floats, targets: Integers) -> float:
    if not len(targets):
        return 0.0
    chances = regression.predict_log_proba(vectors)
    places = np.searchsorted(regression.classes_, targets)
    return -float(np.maximum(chances[np.arange(len(targets)), places], np.log(1e-12)).sum())


def _fit(vectors: Floats, targets: Integers, c: float, params: EmbeddingsParams) -> LogisticRegression:
    regression = LogisticRegression(C=c, max_iter=params.iterations).fit(vectors, targets)
    if max(regression.n_iter_) >= params.iterations:
        raise ClassifierError(
            f"A regression over {len(vectors)} queries has not settled after {params.iterations} iterations; raise "
            "`iterations` or lower `c`."
        )
    return regression


def _silent(step: str, done: int, total: int) -> None:
    """Stand in for the report in all processes but the first, which compute the same."""


class _Vectors:
    """Vectors that are done already, in whole files of one chunk each.

    Raises:
        ClassifierError: The workspace belongs to another training.
    """

    def __init__(self, folder: Path, training: str, writes: bool) -> None:
        self._folder, self._training, self._writes = folder, training, writes
        folder.mkdir(parents=True, exist_ok=True)
        if any(not path.name.startswith(f"vectors-{training}-") for path in folder.glob("vectors-*.npy")):
            raise ClassifierError(
                f"{folder} holds vectors of another training (other queries, parameters or seed); choose another "
                "workspace or remove it."
            )

    def read(self, chunk: int) -> Floats | None:
        path = self._path(chunk)
        return np.load(path, allow_pickle=False) if path.exists() else None

    def write(self, chunk: int, vectors: Floats) -> None:
        if self._writes:
            draft = self._folder / f".{secrets.token_hex(4)}.draft.npy"
            np.save(draft, vectors)
            draft.replace(self._path(chunk))

    def _path(self, chunk: int) -> Path:
        return self._folder / f"vectors-{self._training}-{chunk:06}.npy"


def _embed(
    module: ServedVectors,
    tokens: Tokens,
    texts: Sequence[str],
    device: torch.device,
    report: Progress,
    store: _Vectors | None,
) -> Floats:
    rows = []
    for start in range(0, len(texts), CHUNK):
        chunk = None if store is None else store.read(start)
        if chunk is None:
            chunk = _embed_chunk(module, tokens.encode(texts[start : start + CHUNK]), tokens.pad_id, device)
            if store is not None:
                store.write(start, chunk)
        rows.append(chunk)
        report("embeddings", min(start + CHUNK, len(texts)), len(texts))
    return np.concatenate(rows)


def _embed_chunk(
    module: ServedVectors, token_ids: Sequence[Sequence[int]], pad_id: int, device: torch.device
) -> Floats:
    rows = np.empty((len(token_ids), int(module.encoder.config.hidden_size)))  # type: ignore[union-attr, arg-type]
    for batch in by_length([len(ids) for ids in token_ids], max_tokens=4096, max_texts=64):
        ids, mask = padded([token_ids[index] for index in batch], pad_id)
        with torch.inference_mode():
            rows[batch] = (
                module(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)).float().cpu().numpy()
            )
    return rows
