"""Training the small static encoder on a data set: a minute's work for one core, repeatable to the bit."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from recsys.core.errors import ArtifactError
from recsys.core.recommender import Progress
from recsys.core.seeding import stream
from recsys.data.catalogue import track_text
from recsys.data.dataset import Dataset
from recsys.training.contrastive import Adam, Floats, bags, info_nce
from recsys.training.static_encoder import StaticEncoder
from recsys.training.text import sound
from recsys.training.tokenizer import coarser, token_ids, train_tokenizer
from recsys.training.wishes import WishSource

logger = logging.getLogger(__name__)
CHECKPOINT = "encoder.safetensors"
_STATE = ("embeddings", "first", "second")


@dataclass(frozen=True, slots=True)
class StaticEncoderParams:
    """How the static encoder is made.

    Attributes:
        dimensions: of a vector.
        pieces: most pieces the tokenizer may have.
        epochs: passes over all tracks and all names of tags.
        wishes: queries per track and epoch.
        batch: queries per step.
        rate: of Adam, falling in a line to a tenth.
        temperature: of InfoNCE.
        coarse: share of the steps on shorter pieces, so that unseen forms of words find their parts known.
    """

    dimensions: int = 128
    pieces: int = 12000
    epochs: int = 20
    wishes: int = 4
    batch: int = 512
    rate: float = 0.02
    temperature: float = 0.1
    coarse: float = 0.25


def train_static_encoder(
    dataset: Dataset,
    *,
    seed: int,
    params: StaticEncoderParams | None = None,
    workspace: Path | None = None,
    progress: Progress | None = None,
) -> StaticEncoder:
    """Train an encoder on the wishes that the data set suggests.

    Args:
        workspace: folder for a checkpoint per epoch; one that lies there is continued, to the same result.
    """
    params = params or StaticEncoderParams()
    source = WishSource(dataset)
    texts = [sound(track_text(track, dataset.tag_names)) for track in dataset.tracks]
    tokenizer = train_tokenizer({*texts, *map(sound, source.texts())}, size=params.pieces)
    tokenizers = [tokenizer, coarser(tokenizer, 0.5), coarser(tokenizer, 0.25)]
    size = tokenizer.get_vocab_size()
    track_bags = [bags(token_ids(level, texts), size) for level in tokenizers]
    embeddings = stream(seed, "encoder", "start").normal(0, 0.1, (size, params.dimensions)).astype(np.float32)
    optimiser = Adam.like(embeddings)
    first = _resume(workspace, embeddings, optimiser)
    for epoch in range(first, params.epochs):
        rng = stream(seed, "encoder", "epoch", epoch)
        wishes = source.draw(rng, per_track=params.wishes)
        starts = range(0, len(wishes), params.batch)
        losses: list[float] = []
        for start in starts:
            done = (epoch + len(losses) / len(starts)) / params.epochs
            batch = wishes.part(slice(start, start + params.batch))
            level = 0 if rng.random() >= params.coarse else int(rng.integers(1, len(tokenizers)))
            queries = bags(token_ids(tokenizers[level], [sound(text) for text in batch.texts]), size)
            loss, gradient = info_nce(
                embeddings, queries, track_bags[level][batch.tracks], source.also_right(batch), params.temperature
            )
            optimiser.step(embeddings, gradient, params.rate * (1 - 0.9 * done))
            losses.append(loss)
        logger.debug("encoder.epoch epoch=%d loss=%.4f", epoch + 1, np.mean(losses))
        if workspace is not None:
            _save(workspace, embeddings, optimiser, epoch + 1)
        if progress is not None:
            progress("encoder", epoch + 1, params.epochs)
    return StaticEncoder(tokenizer, embeddings)


def _resume(workspace: Path | None, embeddings: Floats, optimiser: Adam) -> int:
    if workspace is None or not (workspace / CHECKPOINT).is_file():
        return 0
    try:
        state = load_file(workspace / CHECKPOINT)
        embeddings[:], optimiser.first[:], optimiser.second[:] = (state[name] for name in _STATE)
        epoch, optimiser.steps = map(int, state["counts"])
    except (SafetensorError, KeyError, ValueError) as error:
        raise ArtifactError(
            f"{workspace / CHECKPOINT}: this checkpoint is damaged; remove {workspace.parent} and train again."
        ) from error
    return epoch


def _save(workspace: Path, embeddings: Floats, optimiser: Adam, epoch: int) -> None:
    draft = workspace / f"{CHECKPOINT}.draft"
    state = dict(zip(_STATE, (embeddings, optimiser.first, optimiser.second), strict=True))
    save_file({**state, "counts": np.array([epoch, optimiser.steps])}, draft)
    draft.replace(workspace / CHECKPOINT)
