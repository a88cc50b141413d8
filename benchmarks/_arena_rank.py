"""What arena-rank needs for the judgments in a file. Run by `ratings.py` in an environment that has arena-rank.

    python benchmarks/_arena_rank.py JUDGMENTS.npz REPLICATES

Prints CPU seconds as JSON: `fit`, with its judgment-level interval, and `bootstrap`, so many replicates one by one.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def cpu(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def main() -> None:
    import jax
    import numpy as np
    import pandas as pd
    from arena_rank.models.bradley_terry import BradleyTerry, fit_single_bootstrap_sample
    from arena_rank.utils.data_utils import PairDataset

    file, replicates = sys.argv[1], int(sys.argv[2])
    loaded = np.load(file)
    systems = int(loaded["systems"])
    words = np.array(["model_b", "tie", "model_a"], dtype=object)
    frame = pd.DataFrame(
        {
            "model_a": loaded["first"],
            "model_b": loaded["second"],
            "winner": words[(2 * loaded["score"]).astype(int)],
        }
    )

    def fit() -> tuple[BradleyTerry, PairDataset]:
        data = PairDataset.from_pandas(frame)
        model = BradleyTerry(systems)
        found = model.compute_ratings_and_cis(data, ci_method="sandwich")
        jax.block_until_ready(found["ratings"])
        return model, data

    seconds, (model, data) = cpu(fit)

    def bootstrap() -> None:
        # what its own bootstrap does in worker processes, whose time would not be counted here
        total = data.counts.sum()
        drawn = jax.random.multinomial(
            jax.random.PRNGKey(0),
            int(total),
            data.counts / total,
            shape=(replicates, len(data.counts)),
            dtype=model.dtype,
        )
        for counts in drawn:
            jax.block_until_ready(fit_single_bootstrap_sample(counts, model, data)["ratings"])

    print(json.dumps({"fit": seconds, "bootstrap": cpu(bootstrap)[0]}))


if __name__ == "__main__":
    main()
