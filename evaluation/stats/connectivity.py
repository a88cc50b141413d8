"""Whether judgments can put systems on one scale, and whether finite ratings exist."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from evaluation.stats.arrays import BoolArray, FloatArray, IntArray
from evaluation.stats.cells import Cells


def beaten_or_tied(cells: Cells, counts: FloatArray, n_systems: int) -> BoolArray:
    """Who beat or tied whom at least once.

    Args:
        cells: gives the pairs.
        counts: shape (replicates, 3, rows), as `Cells.weighted` gives it.
        n_systems: number of systems.

    Returns:
        Shape (replicates, systems, systems); [r, i, j] says that i beat or tied j in replicate r.
    """
    graph = np.zeros((len(counts), n_systems, n_systems), dtype=np.bool_)
    wins, losses, ties = counts[:, 0] > 0, counts[:, 1] > 0, counts[:, 2] > 0
    for row, (i, j) in enumerate(zip(cells.left.tolist(), cells.right.tolist(), strict=True)):
        graph[:, i, j] |= wins[:, row] | ties[:, row]
        graph[:, j, i] |= losses[:, row] | ties[:, row]
    return graph


def strongly_connected(graph: BoolArray) -> BoolArray:
    """Whether every system can be reached from every other, for each graph of a stack.

    References:
        L. R. Ford, "Solution of a ranking problem from binary comparisons", Amer. Math. Monthly 64(8), 1957: this is
        when the Bradley–Terry likelihood has a finite maximum.
    """
    n_systems = graph.shape[-1]
    reach = (graph | np.eye(n_systems, dtype=np.bool_)).astype(np.float32)
    for _ in range(max(1, int(np.ceil(np.log2(max(n_systems, 2)))))):
        reach = np.minimum(reach @ reach, 1.0)
    return np.asarray((reach > 0).all(axis=(-2, -1)))


def components(cells: Cells, n_systems: int) -> list[list[int]]:
    """Groups of judged systems that some chain of judgments connects, each sorted, the first system's group first."""
    labels = _labels(cells.left, cells.right, n_systems)
    judged = np.union1d(cells.left, cells.right)
    groups: dict[int, list[int]] = {}
    for system in judged.tolist():
        groups.setdefault(int(labels[system]), []).append(system)
    return list(groups.values())


def layers(graph: BoolArray) -> list[list[int]]:
    """Strongly connected groups of one graph, shape (systems, systems), those that beat most others first."""
    _, labels = connected_components(csr_array(graph), directed=True, connection="strong")
    groups = [np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)]
    reach = (graph | np.eye(len(graph), dtype=np.bool_)).astype(np.float64)
    for _ in range(len(graph).bit_length()):
        reach = np.minimum(reach @ reach, 1.0)
    return sorted(groups, key=lambda group: (-reach[group[0]].sum(), group))


def single_judgment_bridges(cells: Cells, n_systems: int) -> list[tuple[int, int]]:
    """Pairs judged once without whose one judgment the systems would fall apart."""
    codes = cells.left * n_systems + cells.right
    pairs, place = np.unique(codes, return_inverse=True)
    judged = np.bincount(place, cells.totals.sum(axis=0))
    whole = len(components(cells, n_systems))
    left, right = np.divmod(pairs, n_systems)
    bridges = []
    for index in np.flatnonzero(judged == 1):
        kept = np.arange(len(pairs)) != index
        labels = _labels(left[kept], right[kept], n_systems)
        if len(np.unique(labels[np.union1d(left, right)])) > whole:
            bridges.append((int(left[index]), int(right[index])))
    return bridges


def has_finite_maximum(design: FloatArray, counts: FloatArray) -> bool:
    """Whether the likelihood (Davidson's, Rao and Kupper's, or Bradley and Terry's) has a finite maximum, exactly.

    It has none if the parameters can be moved for ever in some direction along which no observed outcome becomes less
    likely. Wins, losses and ties have the linear predictors d/2, -d/2 and log nu; an outcome does not become less
    likely if its predictor stays the largest of the three, so the directions form a cone, and a linear programme
    finds whether it holds more than zero. Ford's condition is not enough here: ties among few judgments can pull
    log nu to infinity, and judgments that all fall to the side shown first do the same to the position term. In the
    Rao–Kupper model the directions are the same: wins need d >= log kappa, losses -d >= log kappa and ties log kappa >=
    |d|, which is the cone above with 2 log nu in place of log kappa.

    Args:
        design: shape (rows, parameters), d = design @ parameters, of full column rank.
        counts: shape (3, rows), wins, losses, ties, as `Likelihood.recount` gives them.

    References:
        A. Albert and J. A. Anderson, "On the existence of maximum likelihood estimates in logistic regression
        models", Biometrika 71(1), 1984.
    """
    wins, losses, ties = design[counts[0] > 0], -design[counts[1] > 0], design[counts[2] > 0]
    decisive = np.concatenate([wins, losses])
    parts = [np.column_stack([decisive, np.zeros(len(decisive))])]
    if len(ties):
        tied = np.concatenate([-ties / 2, ties / 2])
        parts += [
            np.column_stack([decisive / 2, -np.ones(len(decisive))]),
            np.column_stack([tied, np.ones(len(tied))]),
        ]
    slack = np.concatenate(parts)
    bounds = [(-1.0, 1.0)] * design.shape[1] + [(-1.0, 1.0) if len(ties) else (0.0, 0.0)]
    solution = linprog(-slack.sum(axis=0), A_ub=-slack, b_ub=np.zeros(len(slack)), bounds=bounds, method="highs")
    return bool(-solution.fun < 1e-7)


def _labels(left: IntArray, right: IntArray, n_systems: int) -> IntArray:
    graph = csr_array((np.ones(len(left)), (left, right)), shape=(n_systems, n_systems))
    labels: IntArray = connected_components(graph, directed=False)[1]
    return labels
