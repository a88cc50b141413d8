"""Served scorers: the same after writing and reading, for any text, alone or in company, without torch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from annotation.classifier.encoder.scorer import EmbeddingsScorer, EncoderScorer
from annotation.classifier.encoder.serving import threads
from annotation.classifier.errors import ClassifierError
from annotation.taxonomy import CATEGORIES
from tests.annotation.classifier.encoder.conftest import ARCHITECTURES, silent
from tests.odd_texts import ODD_TEXTS

ROOT = Path(__file__).resolve().parents[4]
TEXTS = [*ODD_TEXTS, *(category.examples("ru")[0] for category in CATEGORIES), "cafe please", "for kids"]


def differences(ours, theirs) -> float:
    """The largest difference; minus infinity must meet minus infinity."""
    assert np.array_equal(np.isneginf(ours), np.isneginf(theirs))
    return float(np.abs(np.where(np.isfinite(ours), ours, 0) - np.where(np.isfinite(theirs), theirs, 0)).max())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_any_text_gets_an_answer_alone_and_in_company(fitted, name):
    scorer = fitted[name][1]
    together = scorer.logits(TEXTS)
    assert together.dtype == np.float64
    assert not np.isnan(together).any()
    assert np.isfinite(together[:, -1]).all()
    assert differences(together, np.concatenate([scorer.logits([text]) for text in TEXTS])) < 1e-5
    assert differences(together[::-1], scorer.logits(TEXTS[::-1])) < 1e-5
    assert scorer.logits([]).shape == (0, 20)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_reads_what_it_wrote(fitted, tmp_path, name):
    scorer = fitted[name][1]
    scorer.write(tmp_path)
    read = EncoderScorer.read(tmp_path)
    assert np.array_equal(read.logits(TEXTS), scorer.logits(TEXTS))
    again = tmp_path / "again"
    again.mkdir()
    read.write(again)
    names = {path.name for path in again.iterdir()}
    assert {"serving.json", "tokenizer.json"} < names
    assert all((again / each).read_bytes() == (tmp_path / each).read_bytes() for each in names)


def as_torch(scorer, folder: Path, trained) -> None:
    """Write a scorer as torch files."""
    from annotation.classifier.encoder.torch_files import write_module

    scorer.write(folder)
    description = json.loads((folder / "serving.json").read_text()) | {"runtime": "torch"}
    (folder / "serving.json").write_text(json.dumps(description))
    (folder / "model.onnx").unlink(missing_ok=True)
    write_module(folder, trained)


@pytest.fixture(scope="module")
def modules(encoders, toy):
    """A served module of each architecture with untrained heads, with what it was loaded from."""
    import torch

    from annotation.classifier.encoder.loading import load_encoder
    from annotation.classifier.encoder.network import Network, ServedLogits
    from annotation.classifier.encoder.presets import find_source

    made = {}
    for name, folder in encoders.items():
        loaded = load_encoder(find_source(str(folder)), pooling="auto", max_length=128)
        torch.manual_seed(0)
        network = Network(loaded.encoder, hidden_size=32, pooling=loaded.pooling, dropout=0.3, target="both")
        made[name] = loaded, ServedLogits(network).eval()
    return made


@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("runtime", ["torch", "onnx", "onnx-int8"])
def test_every_way_to_serve_answers_as_torch_does(modules, tmp_path, name, runtime):
    from annotation.classifier.encoder.export import choose_serving
    from annotation.classifier.encoder.serving import TorchRuntime, outputs

    loaded, module = modules[name]
    measured = [{"runtime": runtime, "single_ms": 1.0, "batch_per_s": 1.0, "deviation": 0.0, "why": "served"}]
    served = choose_serving(
        module,
        loaded,
        TEXTS,
        lambda rows: rows,
        name=name,
        description={"kind": "encoder", "pooling": loaded.pooling, "seen": [True] * 19, "categories": []},
        report=silent,
        only=(runtime, measured),
    )
    reference = outputs(TorchRuntime(module), loaded.tokens, TEXTS, 20)
    deviations = np.abs(served.outputs(TEXTS) - reference)
    # 8 bits are not meant to be exact, and whether they are exact enough is measured
    assert (deviations.mean() < 0.2) if runtime == "onnx-int8" else (deviations.max() < 1e-5)
    # int8 scales a batch at once, so each text goes alone
    assert np.abs(served.outputs(TEXTS[3:5]) - served.outputs(TEXTS)[3:5]).max() < 1e-5
    served.write(tmp_path)
    model = {"weights.safetensors", "config.json"} if runtime == "torch" else {"model.onnx"}
    assert {path.name for path in tmp_path.iterdir()} == {"serving.json", "tokenizer.json"} | model


def test_the_measurements_are_kept(fitted):
    description = fitted["bert"][1].served.description
    by_name = {each["runtime"]: each for each in description["measurements"]}
    assert set(by_name) == {"onnx", "torch", "onnx-int8"}
    assert by_name["torch"]["deviation"] == 0
    assert by_name["onnx"]["deviation"] < 1e-5
    assert by_name[description["runtime"]]["why"].startswith("served: ")
    assert all(each["single_ms"] > 0 and each["batch_per_s"] > 0 for each in by_name.values())
    assert "It is served by" in " ".join(fitted["bert"][0].notes)


PROGRAM = """
import sys, json
from pathlib import Path
from annotation.classifier.encoder.scorer import EmbeddingsScorer, EncoderScorer
scorer = {"encoder": EncoderScorer, "embeddings": EmbeddingsScorer}[sys.argv[2]].read(Path(sys.argv[1]))
logits = scorer.logits(json.loads(sys.argv[3]))
heavy = ("torch", "transformers", "accelerate", "sklearn", "onnx", "safetensors")
heavy = [name for name in heavy if name in sys.modules]
print(json.dumps([logits[:, -1].tolist(), heavy]))
"""


def test_an_onnx_scorer_needs_no_torch(fitted, tmp_path):
    scorer = fitted["roberta"][1]
    assert scorer.served.description["runtime"] == "onnx"
    scorer.write(tmp_path)
    texts = ["cafe please", "для детей"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "encoder", json.dumps(texts)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    log_odds, heavy = json.loads(done.stdout)
    assert heavy == []
    assert log_odds == pytest.approx(scorer.logits(texts)[:, -1].tolist(), abs=1e-5)


def test_a_trainer_costs_no_torch(encoders):
    program = (
        "import sys\n"
        "from annotation.classifier.encoder.trainers import EmbeddingsTrainer, EncoderTrainer\n"
        "from annotation.classifier.spec import Spec\n"
        "for trainer in (EncoderTrainer, EmbeddingsTrainer):\n"
        "    made = trainer.of(Spec(sys.argv[1]))\n"
        "    made.parameters, made.notes\n"
        "heavy = ('torch', 'transformers', 'accelerate', 'sklearn', 'onnx', 'onnxruntime', 'tokenizers')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(encoders["bert"])],
        cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.parametrize(("stated", "expected"), [(None, 1), ("3", 3), ("2,1", 2), ("0", 1), ("many", 1)])
def test_one_thread_unless_the_environment_says_more(monkeypatch, stated, expected):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if stated is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", stated)
    assert threads() == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.onnx", b"half"),
        ("model.onnx", None),
        ("tokenizer.json", b"{"),
        ("tokenizer.json", None),
        ("serving.json", b"{"),
        ("serving.json", b"{}"),
        ("serving.json", None),
    ],
)
def test_files_that_do_not_fit_are_refused(fitted, tmp_path, name, content):
    fitted["bert"][1].write(tmp_path)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises((OSError, KeyError, TypeError, ValueError)):
        EncoderScorer.read(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"categories": ["travel"]}, "other categories"),
        ({"kind": "embeddings"}, "another kind"),
        ({"outputs": 3}, "another number of outputs"),
        ({"runtime": "tpu"}, "unknown runtime 'tpu'"),
    ],
)
def test_another_description_is_refused(fitted, tmp_path, change, reason):
    fitted["bert"][1].write(tmp_path)
    path = tmp_path / "serving.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ValueError, match=reason):
        EncoderScorer.read(tmp_path)


def test_a_library_that_is_not_installed_is_named(fitted, tmp_path, monkeypatch):
    fitted["bert"][1].write(tmp_path)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ClassifierError, match=r"served by onnx, which is not installed .*; install the `ml` extra"):
        EncoderScorer.read(tmp_path)


def test_torch_files_that_do_not_fit_are_refused(modules, fitted, tmp_path):
    as_torch(fitted["bert"][1], tmp_path, modules["bert"][1])
    assert EncoderScorer.read(tmp_path).logits(["run"]).shape == (1, 20)
    other = tmp_path / "other"
    other.mkdir()
    as_torch(fitted["bert"][1], other, modules["modernbert"][1])
    (other / "config.json").write_bytes((tmp_path / "config.json").read_bytes())
    with pytest.raises(ValueError, match=r"weights\.safetensors"):
        EncoderScorer.read(other)
    (other / "weights.safetensors").write_bytes(b"half")
    with pytest.raises(ValueError, match=r"weights\.safetensors"):
        EncoderScorer.read(other)


def test_an_embeddings_scorer_refuses_another_head(tmp_path):
    np.savez(tmp_path / "head.npz", weights=np.zeros((4, 3)), intercepts=np.zeros(3))
    with pytest.raises(ValueError, match="other categories"):
        EmbeddingsScorer.read(tmp_path)
    (tmp_path / "head.npz").write_bytes(b"half")
    with pytest.raises(ValueError):
        EmbeddingsScorer.read(tmp_path)
