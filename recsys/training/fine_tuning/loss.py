"""InfoNCE in torch; `recsys/training/contrastive.py` has the same with its gradient by hand."""

from torch import Tensor, arange
from torch.nn.functional import cross_entropy


def info_nce(
    queries: Tensor, tracks: Tensor, also_right: Tensor, temperature: float, *, both_directions: bool = False
) -> Tensor:
    """Return the mean over the queries of -log softmax(cosine / temperature) at each one's own track.

    Args:
        queries: vectors of length 1, shape (batch, dimensions).
        tracks: vectors of length 1, shape (batch + extra, dimensions); row i is right for query i, all others are
            wrong for it.
        also_right: shape (batch, batch + extra); where [i, j] is true, track j is right for query i too and is left
            out of its sum. The diagonal does not matter.
        temperature: divides the cosines; its inverse is the scale of MultipleNegativesRankingLoss.
        both_directions: whether each track is told from the queries of the others too; the loss is the mean of both.

    References:
        A. van den Oord, Y. Li, O. Vinyals, "Representation learning with contrastive predictive coding", 2018, eq. 4.
    """
    size = len(queries)
    own = arange(size, device=queries.device)
    left_out = also_right.clone()
    left_out[own, own] = False
    logits = (queries @ tracks.T / temperature).masked_fill(left_out, float("-inf"))
    loss = cross_entropy(logits, own)
    return (loss + cross_entropy(logits[:, :size].T, own)) / 2 if both_directions else loss
