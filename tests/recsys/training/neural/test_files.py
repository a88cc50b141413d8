"""What is read from a model's files, and what is left to sentence-transformers."""

import json

import pytest

from recsys.training.neural.files import Description, describe, write_description

ABOUT = Description(pooling="last", max_length=77, query="wish: ", track="track: ")


@pytest.mark.parametrize("pooling", ["mean", "cls", "last"])
def test_what_is_written_is_read(pooling, tmp_path):
    about = Description(pooling=pooling, max_length=77, query="wish: ", track="")
    write_description(tmp_path, about, 8)
    assert describe(str(tmp_path)) == about


def test_a_plain_model_says_nothing(tmp_path):
    assert describe(str(tmp_path)) == Description(pooling="auto", max_length=None, query="", track="")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}),
        ("1_Pooling/config.json", {"include_prompt": False}),
        ("sentence_bert_config.json", {"do_lower_case": True}),
        ("sentence_bert_config.json", {"model_args": {"attn_implementation": "eager"}}),
        ("sentence_bert_config.json", {"transformer_task": "fill-mask"}),
    ],
)
def test_what_only_sentence_transformers_understands_is_left_to_it(name, change, tmp_path):
    write_description(tmp_path, ABOUT, 8)
    path = tmp_path / name
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert describe(str(tmp_path)) is None


@pytest.mark.parametrize("kinds", [["Transformer"], ["Transformer", "Pooling", "Dense"], ["StaticEmbedding"]])
def test_other_modules_are_left_to_it(kinds, tmp_path):
    write_description(tmp_path, ABOUT, 8)
    modules = [{"idx": n, "name": str(n), "path": f"{n}", "type": f"x.{kind}"} for n, kind in enumerate(kinds)]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    assert describe(str(tmp_path)) is None
