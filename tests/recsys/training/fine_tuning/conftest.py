from dataclasses import replace

import pytest

from recsys.data.dataset import Playlist, Request
from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.params import FineTuningParams

SHORT = FineTuningParams(
    queries="titles",
    documents="playlists",
    epochs=2,
    patience=0,
    batch=16,
    micro_batch=8,
    pairs=48,
    negatives=1,
    negatives_from=2,
    negatives_to=20,
    length=16,
    validation_pool=40,
    rate=1e-3,
    checkpoint_steps=2,
)


@pytest.fixture(scope="session")
def short() -> FineTuningParams:
    """Two epochs of three steps, each in six parts."""
    return SHORT


@pytest.fixture(scope="session")
def source(toy, short):
    return ExampleSource(toy, short)


@pytest.fixture(scope="session")
def few(toy):
    """Six tracks, three of their playlists for training, one for validation, two requests."""
    tracks = tuple(replace(track, id=name) for track, name in zip(toy.tracks, "abcdef", strict=False))
    playlists = (
        Playlist("1", "Night drive", ("a", "b"), "train"),
        Playlist("2", "night  DRIVE", ("b", "c", "c"), "train"),
        Playlist("3", "jazz", ("a", "d"), ""),
        Playlist("4", "rain", ("e",), "val"),
        Playlist("5", "Jazz", ("f",), "val"),
        Playlist("6", "sun", ("f",), "test"),
    )
    requests = (
        Request("r1", ("something slow", "and sad"), ("d", "e"), split="train"),
        Request("r2", ("play loud",), ("f",), split="val"),
        Request("r3", ("hidden",), ("a",), split="test"),
    )
    return replace(toy, tracks=tracks, playlists=playlists, requests=requests, interactions=(), queries=())
