"""InfoNCE beside two independent ones: sentence-transformers' and our own in numpy."""

import numpy as np
import pytest
import torch
from scipy import sparse

from recsys.training import contrastive
from recsys.training.fine_tuning.loss import info_nce

RNG = np.random.default_rng(0)


def vectors(rows, seed):
    found = torch.from_numpy(np.random.default_rng(seed).normal(size=(rows, 7)))
    return torch.nn.functional.normalize(found, dim=-1)


def test_is_multiple_negatives_ranking_loss():
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    queries, tracks, extra = vectors(5, 1), vectors(5, 2), vectors(5, 3)
    theirs = MultipleNegativesRankingLoss(None, scale=20.0)
    nothing = torch.zeros(5, 5, dtype=torch.bool)
    ours = info_nce(queries, tracks, nothing, 0.05)
    assert float(ours) == pytest.approx(float(theirs.compute_loss_from_embeddings([queries, tracks], None)))
    both = info_nce(queries, torch.cat([tracks, extra]), torch.zeros(5, 10, dtype=torch.bool), 0.05)
    assert float(both) == pytest.approx(float(theirs.compute_loss_from_embeddings([queries, tracks, extra], None)))


@pytest.mark.parametrize("both_directions", [True, False])
def test_is_what_numpy_computes_with_its_gradient(both_directions):
    embeddings = RNG.normal(size=(30, 7)).astype(np.float32)
    queries, tracks = (RNG.integers(0, 2, size=(rows, 30)).astype(np.float32) for rows in (6, 9))
    also = RNG.random((6, 9)) < 0.2
    loss, gradient = contrastive.info_nce(
        embeddings,
        sparse.csr_matrix(queries),
        sparse.csr_matrix(tracks),
        also,
        0.1,
        both_directions=both_directions,
    )
    weights = torch.from_numpy(embeddings).requires_grad_()
    q, t = (torch.nn.functional.normalize(torch.from_numpy(each) @ weights, dim=-1) for each in (queries, tracks))
    theirs = info_nce(q, t, torch.from_numpy(also), 0.1, both_directions=both_directions)
    theirs.backward()
    assert loss == pytest.approx(float(theirs.detach()), rel=1e-5)
    assert gradient == pytest.approx(weights.grad.numpy(), abs=1e-5)


def test_what_is_also_right_is_left_out_of_the_sum():
    """Two queries with the same track: without the mask each would push it away for the other."""
    queries, tracks = vectors(3, 1), vectors(3, 2)
    tracks[1] = tracks[0]
    also = torch.zeros(3, 3, dtype=torch.bool)
    also[0, 1] = also[1, 0] = True
    alone = -torch.log_softmax(queries[0] @ tracks[[0, 2]].T / 0.05, dim=0)[0]
    logits = queries[2] @ tracks.T / 0.05
    expected = [alone, -torch.log_softmax(queries[1] @ tracks[[1, 2]].T / 0.05, dim=0)[0]]
    expected.append(-torch.log_softmax(logits, dim=0)[2])
    assert float(info_nce(queries, tracks, also, 0.05)) == pytest.approx(float(torch.stack(expected).mean()))
