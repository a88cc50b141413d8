"""Time the query-type classifier on MiniLM, in every way it can be served, against plain torch in the same run.

    python benchmarks/classifier_serving.py [--queries 200] [--compile] [--training] [--json PATH]

Wall milliseconds of one alpha, p50 and p95; its processor milliseconds; texts per processor second in batches of 32;
on the CPU with one thread, unless OMP_NUM_THREADS says otherwise. The deviation is the largest difference of any
probability from torch in single precision, with heads trained on 400 other queries. int8 answers a batch text by text,
as in service. The ways take turns, query by query, so that a busy machine is as busy for each of them; the ratio, of
the processor times, is the figure to keep.
`--compile` adds torch.compile, which takes minutes to start. `--training` measures fine-tuning on 1 and 2 threads.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotation.classifier.encoder.embeddings import fit_heads
from annotation.classifier.encoder.export import export_onnx, probabilities, quantise
from annotation.classifier.encoder.labels import Labels
from annotation.classifier.encoder.loading import load_encoder
from annotation.classifier.encoder.network import ServedVectors
from annotation.classifier.encoder.params import EmbeddingsParams
from annotation.classifier.encoder.presets import find_source
from annotation.classifier.encoder.scorer import linear
from annotation.classifier.encoder.serving import OnnxRuntime, Runtime, TorchRuntime, outputs, threads
from annotation.classifier.encoder.tokens import Tokens
from annotation.classifier.encoder.trainers import EncoderTrainer
from annotation.classifier.reading import read_queries
from annotation.classifier.scoring import TrainingStoppedError
from annotation.classifier.spec import Spec

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "queries.jsonl"
BATCH, DIMENSIONS, ROUNDS = 32, 384, 3
TRAINED_ON = 400


def ways(module: ServedVectors, folder: Path, *, compiled: bool) -> dict[str, tuple[Runtime, float]]:
    """Return every way to serve, and the seconds to make it."""
    import torch

    def onnx() -> Runtime:
        export_onnx(module, folder / "fp32.onnx")
        return OnnxRuntime(folder / "fp32.onnx")

    def int8() -> Runtime:
        quantise(folder / "fp32.onnx", folder / "int8.onnx")
        return OnnxRuntime(folder / "int8.onnx")

    makers: dict[str, Callable[[], Runtime]] = {"torch fp32": lambda: TorchRuntime(module)}
    if compiled:
        # first, because exporting has been seen to change what it compiles to
        makers["torch.compile"] = lambda: TorchRuntime(torch.compile(module, dynamic=True))
    makers |= {"ONNX fp32": onnx, "ONNX int8": int8}
    made = {}
    for name, make in makers.items():
        started = time.perf_counter()
        runtime = make()
        for texts in (1, 2, BATCH):
            runtime.run(np.full((texts, 7), 100), np.ones((texts, 7), dtype=np.int64))
        made[name] = runtime, time.perf_counter() - started
    return made


def measure(tokens: Tokens, made: dict[str, tuple[Runtime, float]], examples: list) -> list[dict]:
    known = [example.text for example in examples[:TRAINED_ON]]
    vectors = outputs(made["torch fp32"][0], tokens, known, DIMENSIONS)
    labels = Labels.of(examples[:TRAINED_ON])
    weights, intercepts, _ = fit_heads(vectors, labels, EmbeddingsParams(c=0.1), seed=0, report=lambda *step: None)
    texts = [example.text for example in examples[TRAINED_ON:]]

    def answers(rows: np.ndarray) -> np.ndarray:
        return probabilities(linear(rows, weights, intercepts))

    single: dict[str, list[float]] = {name: [] for name in made}
    processor: dict[str, list[float]] = {name: [] for name in made}
    batched: dict[str, list[float]] = {name: [] for name in made}
    rows = {
        name: outputs(runtime, tokens, texts, DIMENSIONS, alone="int8" in name) for name, (runtime, _) in made.items()
    }
    for text in texts:
        for name, (runtime, _) in made.items():
            started, worked = time.perf_counter(), time.process_time()
            answers(outputs(runtime, tokens, [text], DIMENSIONS))
            processor[name].append((time.process_time() - worked) * 1e3)
            single[name].append((time.perf_counter() - started) * 1e3)
    for _ in range(ROUNDS):
        for first in range(0, len(texts) - BATCH + 1, BATCH):
            for name, (runtime, _) in made.items():
                worked = time.process_time()
                answers(outputs(runtime, tokens, texts[first : first + BATCH], DIMENSIONS, alone="int8" in name))
                batched[name].append(BATCH / (time.process_time() - worked))
    reference = answers(rows["torch fp32"])
    return [
        {
            "name": name,
            "p50_ms": statistics.median(single[name]),
            "p95_ms": float(np.quantile(single[name], 0.95)),
            "processor_ms": statistics.median(processor[name]),
            "texts_per_s": statistics.median(batched[name]),
            "deviation": float(np.abs(answers(rows[name]) - reference).max()),
            "ratio": statistics.median(processor["torch fp32"]) / statistics.median(processor[name]),
            "seconds_to_make": seconds,
        }
        for name, (_, seconds) in made.items()
    ]


def training_speed(examples: list, thread_count: int, steps: int = 12) -> dict[str, float]:
    """Return queries per second, and per processor second, of fine-tuning: between the first and the last step."""
    import torch

    torch.set_num_threads(thread_count)
    ticks: list[tuple[float, float]] = []

    def report(step: str, done: int, total: int) -> None:
        ticks.append((time.perf_counter(), time.process_time()))
        if done == steps:
            raise TrainingStoppedError("measured")

    trainer = EncoderTrainer.of(Spec("minilm", overrides={"patience": 0, "batch_size": BATCH}))
    with contextlib.suppress(TrainingStoppedError):
        trainer.fit(examples[: BATCH * steps], examples[:BATCH], seed=0, report=report)
    queries = (len(ticks) - 1) * BATCH
    wall, processor = (ended - began for began, ended in zip(ticks[0], ticks[-1], strict=True))
    return {"per_s": queries / wall, "per_processor_s": queries / processor}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=200, help="English queries of the sample (default 200)")
    parser.add_argument("--compile", action="store_true", help="torch.compile as well; minutes")
    parser.add_argument("--training", action="store_true", help="the speed of fine-tuning as well; a minute")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    examples = [example for example in read_queries(SAMPLE) if example.language == "en"]
    examples = examples[: TRAINED_ON + max(BATCH, options.queries)]
    loaded = load_encoder(find_source("minilm"), pooling="auto", max_length=128)
    module = ServedVectors(loaded.encoder, loaded.pooling).eval()
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(loaded.tokens, ways(module, Path(folder), compiled=options.compile), examples)
    print(f"all-MiniLM-L6-v2, {len(examples) - TRAINED_ON} English queries, {threads()} thread(s)\n")
    print("| served by | p50 ms | p95 ms | CPU ms | texts/s, 32 at once | deviation | faster than torch | s to make |")
    print("|---|" + "---:|" * 7)
    for row in rows:
        cells = [f"{row[name]:.1f}" for name in ("p50_ms", "p95_ms", "processor_ms")]
        cells += [f"{row['texts_per_s']:.0f}", f"{row['deviation']:.0e}"]
        cells += [f"{row[name]:.1f}" for name in ("ratio", "seconds_to_make")]
        print(f"| {row['name']} | {' | '.join(cells)} |")
    figures: dict[str, object] = {"serving": rows}
    if options.training:
        figures["training"] = {count: training_speed(examples, count) for count in (1, 2)}
        for count, speed in figures["training"].items():
            print(f"\nfine-tuning, {count} thread(s): {speed['per_s']:.0f} queries/s, ", end="")
            print(f"{speed['per_processor_s']:.0f} per processor second")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
