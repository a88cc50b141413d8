"""Fine-tuning: what is learned, what repeats, and what goes on after an end that was none."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotation.classifier.encoder.trainers import EncoderTrainer
from annotation.classifier.errors import ClassifierError
from annotation.classifier.scoring import TrainingStoppedError
from annotation.classifier.spec import Spec
from annotation.taxonomy import SLUGS
from tests.annotation.classifier.encoder.conftest import ARCHITECTURES, LEARNS, WORDS, silent, toy_examples

ROOT = Path(__file__).resolve().parents[4]
TEXTS = [example.text for example in toy_examples(3, seed=5)]


def trainer_of(folder: Path, target: str = "both", **overrides) -> EncoderTrainer:
    return EncoderTrainer.of(Spec(str(folder), target=target, overrides={**LEARNS, **overrides}))


def right(scorer, examples) -> tuple[float, float]:
    """Shares of right categories and right answers to "personalised or not"."""
    logits = scorer.logits([example.text for example in examples])
    categories = [SLUGS[column] for column in logits[:, :-1].argmax(axis=1)]
    personalised = logits[:, -1] > 0
    return (
        float(np.mean([ours == example.category for ours, example in zip(categories, examples, strict=True)])),
        float(np.mean([ours == example.personalised for ours, example in zip(personalised, examples, strict=True)])),
    )


def alike(one, other) -> bool:
    """Whether two scorers are the same but for the order in which threads added floats up: 1e-6 was seen."""
    return np.allclose(one.logits(TEXTS), other.logits(TEXTS), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_learns(fitted, toy, name):
    categories, binary = right(fitted[name][1], toy[1])
    assert categories > 0.7  # chance is a quarter
    assert binary > 0.8  # chance is a half


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_unseen_categories_are_out(fitted, name):
    logits = fitted[name][1].logits(TEXTS)
    assert logits.shape == (len(TEXTS), 20)
    seen = np.isfinite(logits).all(axis=0)
    assert {slug for slug, finite in zip(SLUGS, seen, strict=False) if finite} == set(WORDS)
    assert seen[-1]


@pytest.mark.parametrize("target", ["binary", "categories"])
def test_the_other_head_learns_on_what_it_is_given(encoders, toy, target):
    categories, binary = right(trainer_of(encoders["bert"], target).fit(*toy, seed=0, report=silent), toy[1])
    assert binary > 0.8 if target == "binary" else categories > 0.8
    assert categories > 0.35
    assert binary > 0.6


def test_the_same_seed_makes_the_same_scorer(encoders, toy, fitted):
    again = trainer_of(encoders["bert"]).fit(*toy, seed=0, report=silent)
    assert alike(again, fitted["bert"][1])
    other = trainer_of(encoders["bert"]).fit(*toy, seed=1, report=silent)
    assert not np.allclose(again.logits(TEXTS)[:, -1], other.logits(TEXTS)[:, -1])


def test_accumulation_changes_nothing_but_rounding(encoders, toy):
    # this architecture has no dropout, which would fall differently on smaller parts
    whole, parts = (
        trainer_of(encoders["modernbert"], epochs=2, dropout=0.0, accumulation=parts).fit(*toy, seed=0, report=silent)
        for parts in (1, 3)
    )
    assert np.abs(whole.logits(TEXTS)[:, -1] - parts.logits(TEXTS)[:, -1]).max() < 1e-3


def test_reports_every_step_and_the_figures_of_every_epoch(encoders, toy):
    steps = []
    trainer_of(encoders["bert"], epochs=2, patience=0).fit(*toy, seed=0, report=lambda *step: steps.append(step))
    assert [done for _, done, _ in steps[:-3]] == [1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 11, 12, 12]
    assert {total for _, _, total in steps[:-3]} == {12}
    assert steps[-3:] == [
        (f"how to serve: {name}", done, 3) for done, name in enumerate(("onnx", "torch", "onnx-int8"))
    ]
    assert steps[6][0].startswith("epoch 1 of 2, validation macro-F1 binary 0.")
    assert "loss categories" in steps[6][0]


def test_patience_ends_training_and_keeps_the_best_epoch(encoders, toy):
    figures = []
    trainer = trainer_of(encoders["bert"], target="binary", epochs=60, patience=2)
    # every fourth validation query is labelled wrongly, so that who learns on and on is punished
    wrong = {"travel": "children", "romantic": "children", "children": "travel", "public-places": "travel"}
    checked = [
        replace(example, annotations=(("a", wrong[example.category]),)) if number % 4 == number // 4 % 4 else example
        for number, example in enumerate(toy[1])
    ]
    toy = (toy[0], checked)
    scorer = trainer.fit(*toy, seed=0, report=lambda step, *_: figures.append(step) if "validation" in step else None)
    assert 3 <= len(figures) < 60
    best = max(float(words.split("binary ")[1].split(",")[0]) for words in figures)
    logits = scorer.logits([example.text for example in toy[1]])[:, -1]
    from sklearn.metrics import f1_score

    kept = f1_score([example.personalised for example in toy[1]], logits > 0, average="macro")
    assert kept == pytest.approx(best, abs=1e-3)
    assert f"{len(figures)} of at most 60 epochs; epoch {len(figures) - 2} is kept" in " ".join(trainer.notes)


def test_a_stopped_fit_goes_on_to_the_same_end(encoders, toy, fitted, tmp_path):
    trainer = trainer_of(encoders["bert"])
    for stop_at in (4, 9, 18):  # in the middle of an epoch, too

        def report(step, done, total, stop_at=stop_at):
            if done == stop_at:
                raise TrainingStoppedError("enough")

        with pytest.raises(TrainingStoppedError, match="enough"):
            trainer.fit(*toy, seed=0, report=report, workspace=tmp_path / "work")
        (checkpoint,) = (tmp_path / "work").iterdir()
        assert checkpoint.name.startswith(f"checkpoint-{stop_at:09}")
    steps = []
    resumed = trainer.fit(*toy, seed=0, report=lambda step, done, _: steps.append(done), workspace=tmp_path / "work")
    assert steps[0] in (18, 19)
    assert alike(resumed, fitted["bert"][1])
    steps.clear()
    again = trainer.fit(*toy, seed=0, report=lambda *step: steps.append(step), workspace=tmp_path / "work")
    assert {
        step for step, *_ in steps if not step.startswith("how to serve")
    } == set()  # a finished training is not trained again
    assert alike(again, resumed)


KILLED = """
import os, pickle, signal, sys
from pathlib import Path
from annotation.classifier.encoder.trainers import EncoderTrainer
from annotation.classifier.spec import Spec
from tests.annotation.classifier.encoder.conftest import LEARNS, toy_examples

def report(step, done, total):
    if done == 21:
        os.kill(os.getpid(), signal.SIGKILL)

trainer = EncoderTrainer.of(Spec(sys.argv[1], overrides=LEARNS))
trainer.fit(toy_examples(24), toy_examples(10, seed=1), seed=0, report=report, workspace=Path(sys.argv[2]))
"""


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_killed_fit_goes_on_to_the_same_end(encoders, toy, fitted, tmp_path):
    done = run([sys.executable, "-c", KILLED, str(encoders["bert"]), str(tmp_path / "work")])
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list((tmp_path / "work").glob("checkpoint-*"))
    steps = []
    resumed = trainer_of(encoders["bert"]).fit(
        *toy, seed=0, report=lambda step, done, _: steps.append(done), workspace=tmp_path / "work"
    )
    assert steps[0] > 1
    assert alike(resumed, fitted["bert"][1])


def test_a_checkpoint_of_another_training_is_refused(encoders, toy, tmp_path):
    trainer = trainer_of(encoders["bert"], epochs=1)
    trainer.fit(*toy, seed=0, report=silent, workspace=tmp_path)
    with pytest.raises(ClassifierError, match="holds a checkpoint of another training"):
        trainer.fit(*toy, seed=1, report=silent, workspace=tmp_path)
    with pytest.raises(ClassifierError, match="another training"):
        trainer.fit(toy[0][1:], toy[1], seed=0, report=silent, workspace=tmp_path)
    with pytest.raises(ClassifierError, match="another training"):
        trainer_of(encoders["bert"], epochs=2).fit(*toy, seed=0, report=silent, workspace=tmp_path)


def test_a_damaged_checkpoint_is_named(encoders, toy, tmp_path):
    trainer = trainer_of(encoders["bert"], epochs=1)
    trainer.fit(*toy, seed=0, report=silent, workspace=tmp_path)
    (checkpoint,) = tmp_path.iterdir()
    for name in ("model.safetensors", "state.json"):
        (checkpoint / name).write_bytes(b"half")
        with pytest.raises(ClassifierError, match=rf"{checkpoint.name}: this checkpoint is damaged"):
            trainer.fit(*toy, seed=0, report=silent, workspace=tmp_path)


LAUNCHED = """
import sys
from pathlib import Path
import numpy as np, torch
from annotation.classifier.encoder.trainers import EncoderTrainer
from annotation.classifier.scoring import TrainingStoppedError
from annotation.classifier.spec import Spec
from tests.annotation.classifier.encoder.conftest import LEARNS, toy_examples

out, steps, stopped = Path(sys.argv[2]), [], False
trainer = EncoderTrainer.of(Spec(sys.argv[1], overrides={**LEARNS, "epochs": 3, "dropout": 0.0}))
parts = toy_examples(24), toy_examples(10, seed=1)

def stop(step, done, total):
    if done == 8:
        raise TrainingStoppedError("enough")

try:
    trainer.fit(*parts, seed=0, report=stop, workspace=out / "work")
except TrainingStoppedError:
    stopped = True
scorer = trainer.fit(*parts, seed=0, report=lambda *step: steps.append(step), workspace=out / "work")
rank = torch.distributed.get_rank()
logits = scorer.logits([example.text for example in toy_examples(3, seed=5)])
np.savez(out / f"{rank}.npz", steps=len(steps), stopped=stopped, logits=logits)
torch.distributed.destroy_process_group()
"""


def test_two_processes_end_like_one(encoders, toy, tmp_path):
    script = tmp_path / "train.py"
    script.write_text(LAUNCHED)
    # `accelerate launch` starts several processes on GPUs alone, by this very module
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    done = run([*launch, str(script), str(encoders["modernbert"]), str(tmp_path)])
    assert done.returncode == 0, done.stderr
    first, second = (np.load(tmp_path / f"{rank}.npz") for rank in (0, 1))
    assert np.allclose(first["logits"], second["logits"], rtol=0, atol=1e-5)
    # the first one reports, and all of them stop when it is asked to, and go on from there
    assert (first["steps"], second["steps"]) == (18 + 3 - 9 + 3, 0)
    assert first["stopped"]
    assert second["stopped"]
    # this architecture has no dropout, so that one process computes the same gradients
    alone = trainer_of(encoders["modernbert"], epochs=3, dropout=0.0).fit(*toy, seed=0, report=silent)
    assert np.abs(alone.logits(TEXTS)[:, -1] - first["logits"][:, -1]).max() < 1e-3


def test_a_loss_that_runs_away_is_refused(encoders, toy, tmp_path):
    import shutil

    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(encoders["bert"], tmp_path / "bert")
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.LayerNorm.weight"] *= float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ClassifierError, match=r"no longer a number after 0 steps; lower `learning_rate` \(0\.003\)"):
        trainer_of(folder).fit(*toy, seed=0, report=silent)


def test_what_cannot_be_trained_on_is_refused(encoders, toy):
    trainer = trainer_of(encoders["bert"])
    personalised = [example for example in toy[0] if example.personalised]
    with pytest.raises(ClassifierError, match=f"None of the {len(personalised)} queries .* as not personalised"):
        trainer.fit(personalised, toy[1], seed=0, report=silent)
    with pytest.raises(ClassifierError, match="Early stopping needs validation queries"):
        trainer.fit(toy[0], [], seed=0, report=silent)


def test_a_gpu_that_is_not_there_is_refused(encoders, toy):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is one")
    trainer = EncoderTrainer.of(Spec(str(encoders["bert"]), device="cuda", overrides=LEARNS))
    with pytest.raises(ClassifierError, match="PyTorch sees no CUDA device here; use cpu"):
        trainer.fit(*toy, seed=0, report=silent)


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["fp32", "fp16", "bf16"])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_learns_on_a_gpu_and_serves_on_the_cpu(encoders, toy, tmp_path, name, precision):
    overrides = {**LEARNS, "precision": precision, "accumulation": 2}
    trainer = EncoderTrainer.of(Spec(str(encoders[name]), device="cuda", overrides=overrides))

    def stop(step, done, total):
        if done == 9:
            raise TrainingStoppedError("enough")

    with pytest.raises(TrainingStoppedError):
        trainer.fit(*toy, seed=0, report=stop, workspace=tmp_path)
    categories, binary = right(trainer.fit(*toy, seed=0, report=silent, workspace=tmp_path), toy[1])
    assert categories > 0.7
    assert binary > 0.8


def test_a_full_gpu_has_a_remedy():
    import torch

    from annotation.classifier.encoder.devices import remedies

    with pytest.raises(ClassifierError, match="raise `accumulation`"), remedies():
        raise torch.OutOfMemoryError("CUDA out of memory")
