"""Time the fine-tuning of MiniLM on the sample.

    python benchmarks/encoder_training.py [--dataset DIR] [--steps 3] [--json PATH]

Pairs per processor second of steps of 64 (title, track) pairs, with the tracks as titles of playlists and as metadata,
in one pass and with gradient caching in parts of 16; one thread, unless OMP_NUM_THREADS says otherwise. Gradient
caching costs a second pass forward and saves memory; the ratio is the figure to keep.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recsys.data.reading import read_dataset
from recsys.training.encoder import load_encoder
from recsys.training.fine_tuning.examples import ExampleSource
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.tuning import fine_tune
from recsys.training.pretrained import PACKAGED

SAMPLE = Path(__file__).resolve().parents[1] / "sample"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset", type=Path, default=SAMPLE)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    data = read_dataset(options.dataset)
    # without validation queries only the steps are timed
    data = replace(data, playlists=tuple(each for each in data.playlists if each.split != "val"), requests=())
    encoder = load_encoder(PACKAGED)
    rows = []
    for documents in ("playlists", "metadata"):
        for micro_batch in (64, 16):
            params = FineTuningParams(
                documents=documents,
                queries="titles",
                negatives=0,
                epochs=1,
                pairs=64 * options.steps,
                batch=64,
                micro_batch=micro_batch,
            )
            rows.append(timed(encoder, data, params))
            print(
                "{documents:<10} parts of {micro_batch:<3} {tokens:5.1f} tokens a track {rate:7.1f} pairs/s".format(
                    **rows[-1]
                )
            )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


def timed(encoder: Any, data: Any, params: FineTuningParams) -> dict[str, Any]:
    source = ExampleSource(data, params)
    drawn = source.draw(np.random.default_rng(0))
    mask = encoder.network.prepare(drawn.documents[:64], "track", length=params.length)["attention_mask"]
    started = time.process_time()
    fine_tune(encoder, data, params, seed=0)
    rate = params.pairs / (time.process_time() - started)
    return {
        "documents": params.documents,
        "micro_batch": params.micro_batch,
        "tokens": float(mask.sum(dim=1).float().mean()),
        "rate": rate,
    }


if __name__ == "__main__":
    main()
