"""The equations of "Learning When to Personalize" (Zvuk), over arrays.

The paper asks that both scores lie in (0, 1] "via monotonic transformations" and leaves these open; ours are
`semantic_score` here and `taste_scores` in `collaborative.py`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import RequestError

Vector = NDArray[np.float32]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The weights of eq. 6, each from 0 to 1.

    Attributes:
        query: q, of the query's vector.
        liked: p, of the mean vector of the liked tracks.
        disliked: n, of the mean vector of the disliked tracks.
    """

    query: float
    liked: float
    disliked: float

    def __post_init__(self) -> None:
        for name in ("query", "liked", "disliked"):
            if not 0 <= getattr(self, name) <= 1:
                raise RequestError(f"The expansion weight `{name}` must be between 0 and 1, got {getattr(self, name)}.")
        if not self.query + self.liked - self.disliked > 1e-9:  # in floats 0.2 + 0.1 - 0.3 is more than 0
            raise RequestError(
                f"The expansion weights must have query + liked - disliked above 0, got"
                f" {self.query} + {self.liked} - {self.disliked}; lower `disliked`."
            )

    def scaled(self, strength: float) -> "Expansion":
        """Return the weights with the listener's part at `strength` (above 0; more than 1 counts as 1) of its own."""
        strength = min(strength, 1.0)
        return Expansion(self.query, self.liked * strength, self.disliked * strength)


def mean_vector(vectors: Vector) -> Vector | None:
    """Return v_pos or v_neg: the mean of the rows, None where there is no row."""
    return vectors.mean(axis=0, dtype=np.float64).astype(np.float32) if len(vectors) else None


def expanded(query: Vector, liked: Vector | None, disliked: Vector | None, weights: Expansion) -> Vector:
    """Return v_exp of eq. 6, brought to length 1.

    The mean of no tracks is no vector, and its term falls away. The equation's own condition holds for what is left:
    where there are dislikes without likes and q - n is not above 0, the query stands for itself, as it does where the
    terms cancel each other. A query that says nothing (all zeros, as of an empty text) stays so: brought to length 1,
    the smallest trace of the likes would be all there is, and the limit of eq. 5 would not hold.
    """
    if not query.any():
        return query
    total = weights.query
    vector = weights.query * query.astype(np.float64)
    if liked is not None:
        vector = vector + weights.liked * liked
        total += weights.liked
    if disliked is not None:
        vector = vector - weights.disliked * disliked
        total -= weights.disliked
    length = np.linalg.norm(vector)
    if not total > 1e-9 or length < 1e-9:
        return query
    return (vector / length).astype(np.float32)  # dividing by q + p - n > 0 first would change no direction


def semantic_score(cosines: NDArray[np.floating], sharpness: float) -> Scores:
    """Return s_llm in (0, 1]: exp((cosine - 1) / sharpness).

    It rises with the cosine everywhere, so that no order changes, also where cosines are negative. `sharpness` is the
    fall of the cosine that weighs as much as a fall of s_cf by a factor e.
    """
    return np.exp((np.minimum(cosines.astype(np.float64), 1.0) - 1.0) / sharpness)


def fused(semantic: Scores, taste: Scores, alpha: float) -> Scores:
    """Return s_final of eq. 2 and 4: s_llm * s_cf ** alpha. With alpha 0 it is s_llm itself, eq. 5."""
    return semantic * taste**alpha
