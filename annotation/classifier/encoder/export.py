"""Choosing how a trained encoder is served: every way is measured on this machine, and the fastest exact one stays."""

import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from scipy.special import expit, softmax

from annotation.classifier.artifacts import write_json
from annotation.classifier.encoder.loading import SAMPLES, Loaded, check_ids
from annotation.classifier.encoder.network import ServedLogits, ServedVectors
from annotation.classifier.encoder.serving import (
    ONNX,
    RUNTIMES,
    SERVING,
    Floats,
    OnnxRuntime,
    Runtime,
    Served,
    TorchRuntime,
    outputs,
)
from annotation.classifier.encoder.tokens import Tokens
from annotation.classifier.encoder.torch_files import write_module
from annotation.classifier.prediction import Progress
from annotation.taxonomy import SLUGS

TOLERANCE = 1e-3
"""By which no probability may differ from that of torch in single precision."""
LEAD = 0.9
"""A way must take less than this share of the time to push out the one before it: less is the machine's noise, and the
same training should end in the same files. The order is that of `_candidates`."""
COMPARED, TIMED, ROUNDS = 256, 16, 3

Logits = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One way to serve.

    Attributes:
        single_ms: median milliseconds of one text alone; None where it cannot be served so.
        batch_per_s: texts per second when asked together.
        deviation: largest difference of any probability from torch in single precision.
        why: why it is served or not.
    """

    runtime: str
    single_ms: float | None
    batch_per_s: float | None
    deviation: float | None
    why: str = ""


def choose_serving(
    module: ServedLogits | ServedVectors,
    loaded: Loaded,
    texts: Sequence[str],
    to_logits: Logits,
    *,
    name: str,
    description: dict[str, Any],
    report: Progress,
    only: tuple[str, list[dict[str, Any]]] | None = None,
) -> Served:
    """Write the served files into a temporary folder and open them.

    Args:
        texts: to compare and to time, e.g. the validation queries; at most 256 of them are used, evenly spread, and
            a few odd ones with them.
        to_logits: from the outputs of the module to logits as a scorer gives them.
        name: of the encoder, for messages.
        description: goes into `serving.json`.
        report: called before each way; for a large encoder each takes minutes.
        only: the runtime to take, and the measurements that spoke for it, where another process has measured.

    Raises:
        ClassifierError: The stored tokenizer differs from that of transformers.
    """
    module = module.cpu().float().eval()
    keeper = TemporaryDirectory(prefix="encoder-")
    folder = Path(keeper.name)
    loaded.tokens.write(folder)
    tokens = loaded.tokens
    shape = {"max_length": tokens.max_length, "pad_id": tokens.pad_id, "empty_id": tokens.empty_id}
    check_ids(Tokens.read(folder, **shape), loaded.expected, name)
    sample = [texts[index] for index in np.linspace(0, len(texts) - 1, min(len(texts), COMPARED)).astype(int)]
    # what no validation query may be: empty, and as long as the network reads
    sample += SAMPLES
    columns = _columns(module)
    measured = (
        only[1]
        if only
        else [asdict(each) for each in _measure(module, tokens, sample, columns, to_logits, folder, report)]
    )
    winner = only[0] if only else next(each["runtime"] for each in measured if each["why"].startswith("served"))
    _write_winner(winner, module, folder)
    write_json(
        folder / SERVING,
        {**description, "runtime": winner, "outputs": columns, "tokens": shape, "measurements": measured},
    )
    return Served.read(folder, keeper)


def probabilities(logits: Floats) -> Floats:
    """Return the 19 category probabilities and that of "personalised", shape (texts, 20)."""
    return np.column_stack([softmax(logits[:, : len(SLUGS)], axis=1), expit(logits[:, -1])])


def export_onnx(module: ServedLogits | ServedVectors, path: Path) -> None:
    """Write the module as a graph with any number of texts and tokens."""
    # of two texts of unlike length, so that the mask stays in the graph
    ids, mask = torch.ones(2, 6, dtype=torch.long), torch.ones(2, 6, dtype=torch.long)
    mask[1, 4:] = 0
    axes = {0: "texts", 1: "tokens"}
    # the exporter puts back the mode of the outermost module, and with it the dropout of those within
    module.eval()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # it warns of each constant that the trace takes in
        torch.onnx.export(
            module,
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["output"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "output": {0: "texts"}},
            opset_version=18,
            dynamo=False,
        )


def quantise(path: Path, to: Path) -> None:
    """Write the graph with the matrices in 8 bits; activations are scaled as they come."""
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    level = logging.root.level
    logging.root.setLevel(logging.ERROR)  # it recommends a preparation that changes nothing here
    try:
        quantize_dynamic(path, to, weight_type=QuantType.QInt8)
    finally:
        logging.root.setLevel(level)


def _measure(
    module: ServedLogits | ServedVectors,
    tokens: Tokens,
    texts: Sequence[str],
    columns: int,
    to_logits: Logits,
    folder: Path,
    report: Progress,
) -> list[Measurement]:
    exact, exact_per_second = _together(TorchRuntime(module), tokens, texts, columns)
    reference = probabilities(to_logits(exact))
    measured = []
    for number, (name, open_runtime) in enumerate(_candidates(module, folder)):
        report(f"how to serve: {name}", number, len(RUNTIMES))
        try:
            runtime = open_runtime()
            rows, per_second = exact, exact_per_second
            if name != "torch":
                rows, per_second = _together(runtime, tokens, texts, columns, alone=name == "onnx-int8")
        except Exception as error:  # a model that cannot be exported is served by torch; why is kept
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            measured.append(Measurement(name, None, None, None, f"out: it cannot be made ({reason[:200]})"))
            continue
        deviation = float(np.abs(probabilities(to_logits(rows)) - reference).max())
        milliseconds = _single(runtime, tokens, texts[:TIMED], columns)
        measured.append(Measurement(name, milliseconds, per_second, deviation))
    return _judged(measured)


def _candidates(module: ServedLogits | ServedVectors, folder: Path) -> Iterator[tuple[str, Callable[[], Runtime]]]:
    def onnx() -> Runtime:
        export_onnx(module, folder / ONNX)
        return OnnxRuntime(folder / ONNX)

    def int8() -> Runtime:
        quantise(folder / ONNX, folder / "int8.onnx")
        return OnnxRuntime(folder / "int8.onnx")

    yield "onnx", onnx
    yield "torch", lambda: TorchRuntime(module)
    yield "onnx-int8", int8


def _judged(measured: Sequence[Measurement]) -> list[Measurement]:
    """Give every measurement its reason."""
    best: Measurement | None = None
    for each in measured:
        if each.single_ms is None or each.deviation is None or not each.deviation <= TOLERANCE:
            continue
        if best is None or best.single_ms is None or each.single_ms < LEAD * best.single_ms:
            best = each
    assert best is not None, "torch deviates from itself"
    reasons = []
    for each in measured:
        if each.single_ms is None:
            why = each.why
        elif each is best:
            why = "served: the fastest for single texts of those that keep all probabilities"
        elif each.deviation is None or not each.deviation <= TOLERANCE:
            why = f"out: a probability moves by more than {TOLERANCE:g}"
        else:
            why = f"out: {best.runtime} is faster, or as fast and goes first"
        reasons.append(Measurement(each.runtime, each.single_ms, each.batch_per_s, each.deviation, why))
    return reasons


def _together(
    runtime: Runtime, tokens: Tokens, texts: Sequence[str], columns: int, *, alone: bool = False
) -> tuple[Floats, float]:
    """Return the outputs and the texts per second."""
    started = time.perf_counter()
    rows = outputs(runtime, tokens, texts, columns, alone=alone)
    return rows, len(texts) / (time.perf_counter() - started)


def _single(runtime: Runtime, tokens: Tokens, texts: Sequence[str], columns: int) -> float:
    spent = []
    for text in [*texts[:2], *list(texts) * ROUNDS]:
        started = time.perf_counter()
        outputs(runtime, tokens, [text], columns)
        spent.append((time.perf_counter() - started) * 1e3)
    return statistics.median(spent[2:])


def _write_winner(winner: str, module: ServedLogits | ServedVectors, folder: Path) -> None:
    """Leave the files of the winner alone in the folder, making those that are not there yet."""
    if winner == "torch":
        write_module(folder, module)
    elif not (folder / ONNX).exists():
        export_onnx(module, folder / ONNX)
    if winner == "onnx-int8":
        if not (folder / "int8.onnx").exists():
            quantise(folder / ONNX, folder / "int8.onnx")
        (folder / "int8.onnx").replace(folder / ONNX)
    (folder / "int8.onnx").unlink(missing_ok=True)
    if ONNX not in RUNTIMES[winner]:
        (folder / ONNX).unlink(missing_ok=True)


def _columns(module: ServedLogits | ServedVectors) -> int:
    if isinstance(module, ServedLogits):
        return len(SLUGS) + 1
    return int(module.encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
