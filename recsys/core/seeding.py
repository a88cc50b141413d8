"""Randomness by name: every use of chance has its own generator, so that adding one changes no other."""

import hashlib

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return the generator of one named use of chance, e.g. `stream(7, "encoder", "epoch", 3)`."""
    digest = hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest, dtype=np.uint32).tolist()])


def derived_seed(seed: int, *names: str | int) -> int:
    """Return a seed below 2**31 for a library that takes no generator."""
    return int(stream(seed, *names).integers(2**31))
