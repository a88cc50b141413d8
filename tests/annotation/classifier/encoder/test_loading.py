"""Loading encoders: pooling, length, and one sentence for whatever is wrong."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from annotation.classifier.encoder.loading import SAMPLES, check_ids, load_encoder
from annotation.classifier.encoder.presets import find_source
from annotation.classifier.errors import ClassifierError

ROOT = Path(__file__).resolve().parents[4]


def load(folder, *, pooling="auto", max_length=4096, frozen=False):
    return load_encoder(find_source(str(folder)), pooling=pooling, max_length=max_length, frozen=frozen)


@pytest.fixture
def copy(encoders, tmp_path):
    """Copies the folder of an architecture: `copy("bert")`."""

    def make(name):
        return shutil.copytree(encoders[name], tmp_path / name)

    return make


@pytest.mark.parametrize(
    ("name", "positions"),
    [("bert", 64), ("roberta", 40), ("modernbert", 256), ("sentence-bert", 48)],
)
def test_texts_are_cut_to_what_the_model_reads(encoders, name, positions):
    loaded = load(encoders[name])
    assert loaded.tokens.max_length == positions
    assert max(map(len, loaded.tokens.encode(SAMPLES))) == positions
    assert max(map(len, load(encoders[name], max_length=9).tokens.encode(SAMPLES))) == 9


@pytest.mark.parametrize(("name", "pad_id"), [("bert", 0), ("roberta", 1), ("modernbert", 1)])
def test_ids_are_those_of_transformers(encoders, name, pad_id):
    from transformers import AutoTokenizer

    loaded = load(encoders[name])
    theirs = AutoTokenizer.from_pretrained(encoders[name])
    length = loaded.tokens.max_length
    assert loaded.tokens.encode(SAMPLES) == [
        theirs(t, truncation=True, max_length=length)["input_ids"] for t in SAMPLES
    ]
    assert loaded.tokens.pad_id == pad_id
    check_ids(loaded.tokens, loaded.expected, name)
    with pytest.raises(ClassifierError, match="changes when it is stored"):
        check_ids(loaded.tokens, [[1]] * len(SAMPLES), name)


@pytest.mark.parametrize(
    ("name", "frozen", "pooling"),
    [
        ("bert", False, "mean"),
        ("modernbert", False, "mean"),
        ("sentence-bert", False, "mean"),
        ("sentence-bert", True, "mean"),
    ],
)
def test_pooling_is_what_the_files_say(encoders, name, frozen, pooling):
    assert load(encoders[name], frozen=frozen).pooling == pooling
    assert load(encoders[name], pooling="cls").pooling == "cls"


def test_the_files_of_both_generations_name_the_pooling(copy):
    folder = copy("sentence-bert")
    for stated in ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, {"pooling_mode": "cls"}):
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(stated))
        assert load(folder, frozen=True).pooling == "cls"
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode": "lasttoken"}')
    with pytest.raises(ClassifierError, match="its pooling 'lasttoken' is not known here; set `pooling`"):
        load(folder)
    assert load(folder, pooling="mean").pooling == "mean"


def test_modernbert_names_its_pooling_in_its_configuration(copy):
    folder = copy("modernbert")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"classifier_pooling": "cls"}))
    assert load(folder).pooling == "cls"
    assert load(folder, frozen=True).pooling == "mean"


def test_the_untrained_pooler_is_gone(encoders):
    names = [name for name, _ in load(encoders["bert"]).encoder.named_parameters()]
    assert names
    assert not [name for name in names if "pooler" in name]


def test_weights_in_half_precision_are_trained_in_single(copy):
    import torch
    from transformers import AutoModel

    folder = copy("bert")
    AutoModel.from_pretrained(folder).to(torch.bfloat16).save_pretrained(folder)
    assert {weight.dtype for weight in load(folder).encoder.parameters()} == {torch.float32}


def test_a_tokenizer_that_transformers_swaps_is_followed_as_stored(copy):
    from tokenizers import Tokenizer

    folder = copy("bert")
    config = json.loads((folder / "tokenizer_config.json").read_text())
    # a lower-casing tokenizer of the model's own type, over a file that keeps capitals
    config |= {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    loaded = load(folder)
    stored = Tokenizer.from_file(str(folder / "tokenizer.json"))
    stored.no_truncation()
    stored.no_padding()
    assert loaded.tokens.encode(["The Beatles"]) == [stored.encode("The Beatles").ids]
    assert loaded.notes == [
        "transformers reads the model's tokenizer.json as another tokenizer; the file was followed."
    ]


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_broken_folder_is_one_sentence(copy, name):
    folder = copy("bert")
    (folder / name).write_bytes(b"half")
    with pytest.raises(ClassifierError, match=r"^The encoder bert cannot be loaded \(.*\); name the hub id") as error:
        load(folder)
    assert "\n" not in str(error.value)


def test_missing_weights_are_refused(copy):
    from safetensors.torch import load_file, save_file

    folder = copy("bert")
    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(
        ClassifierError, match=r"1 of its weights are missing, encoder\.layer\.1\.output\.dense\.weight"
    ):
        load(folder)


def test_a_hub_id_that_cannot_be_fetched_is_one_sentence(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    source = find_source("nobody/no-such-encoder")
    with pytest.raises(ClassifierError, match=r"^The encoder nobody/no-such-encoder cannot be loaded \(") as error:
        load_encoder(source, pooling="auto", max_length=64)
    assert "\n" not in str(error.value)
    assert "the folder of one, or one of the presets rubert, " in str(error.value)


HUB = """
import json
from annotation.classifier.encoder.loading import load_encoder
from annotation.classifier.encoder.presets import find_source
loaded = load_encoder(find_source("somebody/tiny-encoder"), pooling="auto", max_length=512, frozen=True)
print(json.dumps([loaded.pooling, loaded.tokens.max_length, loaded.notes]))
"""


def test_a_hub_id_is_read_from_the_hub_s_cache(encoders, tmp_path):
    revision = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--somebody--tiny-encoder"
    snapshot = shutil.copytree(encoders["sentence-bert"], repository / "snapshots" / revision)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)
    (snapshot / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}')
    environment = {"PATH": os.environ["PATH"], "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", HUB], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["cls", 48, [f"Its revision on the hub is {revision}."]]


def test_what_is_no_text_encoder_is_refused(tmp_path, copy):
    from transformers import T5Config, T5Model, ViTConfig, ViTModel

    sizes = {"d_model": 16, "d_ff": 16, "num_layers": 1, "num_heads": 2, "d_kv": 8, "vocab_size": 50}
    T5Model(T5Config(**sizes)).save_pretrained(tmp_path / "t5")
    with pytest.raises(ClassifierError, match="t5 cannot be trained: it has a decoder"):
        load(tmp_path / "t5")
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    ViTModel(ViTConfig(image_size=8, patch_size=4, **sizes)).save_pretrained(tmp_path / "vit")
    with pytest.raises(ClassifierError, match="vit cannot be trained: it does not read text"):
        load(tmp_path / "vit")


def test_code_that_comes_with_a_model_is_not_run(copy):
    folder = copy("bert")
    ran = folder / "ran"
    (folder / "evil.py").write_text(f"open({str(ran)!r}, 'w')\n")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ClassifierError, match="cannot be loaded"):
        load(folder)
    assert not ran.exists()
