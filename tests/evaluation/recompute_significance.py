"""Recompute the significance table of a report from its judgments.csv, with numpy and scipy alone: as a reader would.

python recompute_significance.py judgments.csv prints a JSON line per pair: the sign-flip test by participant and
Mann-Whitney by judgment, each with its p-value corrected by Holm.
"""

import csv
import itertools
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu


def holm(ps):
    order, running, result = np.argsort(ps, kind="stable"), 0.0, np.empty(len(ps))
    for rank, at in enumerate(order):
        running = max(running, min(1.0, ps[at] * (len(ps) - rank)))
        result[at] = running
    return result.tolist()


def sign_flip(differences):
    signs = np.array(list(itertools.product((1, -1), repeat=len(differences))))
    return float((np.abs(signs @ differences) >= abs(differences.sum()) - 1e-9).mean())


score = {"a": 1.0, "tie": 0.5, "b": 0.0}
pairs = {}
for row in csv.DictReader(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()):
    a, b = (row[side].removeprefix("'") for side in ("system_a", "system_b"))
    value = score[row["outcome"]] if a < b else 1 - score[row["outcome"]]
    pairs.setdefault((min(a, b), max(a, b)), {}).setdefault(row["participant"], []).append(value)
names = sorted(pairs)
flips = [sign_flip(np.array([np.mean(values) - 0.5 for values in pairs[pair].values()])) for pair in names]
scores = [np.concatenate(list(pairs[pair].values())) for pair in names]
naive = [mannwhitneyu(x, 1 - x, method="asymptotic").pvalue if np.ptp(np.r_[x, 1 - x]) else 1.0 for x in scores]
keys = ("a", "b", "p", "p_holm", "mann_whitney_p", "mann_whitney_p_holm")
for (a, b), *values in zip(names, flips, holm(flips), naive, holm(naive), strict=True):
    sys.stdout.write(json.dumps(dict(zip(keys, (a, b, *values), strict=True))) + "\n")
