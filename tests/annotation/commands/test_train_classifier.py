import io
import json
from argparse import ArgumentTypeError

import pytest
from django.core.management import CommandError, call_command

from annotation.management.commands.train_classifier import _override


@pytest.fixture
def run(queries, tmp_path):
    def run(**options: object) -> str:
        out = io.StringIO()
        defaults = {"queries": queries, "model": "tfidf", "out": tmp_path / "model", "seed": 7}
        call_command("train_classifier", stdout=out, **{**defaults, **options})
        return out.getvalue()

    return run


def test_trains_says_how_good_and_does_it_once(run, tmp_path, trained):
    first = run().splitlines()
    assert first[0] == f"{tmp_path / 'model'}: trained"
    assert first[1].endswith("seed 7")
    assert first[-4].startswith("accuracy")
    again = run().splitlines()
    assert again[0] == f"{tmp_path / 'model'}: nothing to do, the same classifier is here already"
    assert again[1:] == first[1:]


def test_writes_json_to_a_file_and_alone_to_standard_output(run, tmp_path, trained):
    run(json=tmp_path / "result.json")
    written = json.loads((tmp_path / "result.json").read_text())
    assert json.loads(run(json="-")) == written
    assert written["fingerprint"] == trained[1].fingerprint
    assert set(written["split"]) == {"train", "validation", "test"}
    for target in ("binary", "categories"):
        assert set(written[target]) == {"accuracy", "macro_f1", "roc_auc", "ece"}
        for figure in written[target].values():
            assert 0 <= figure["ci"][0] <= figure["ci"][1] <= 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": " "}, "`model` is empty; name tfidf, a preset"),
        ({"frozen": True}, "`tfidf` has no encoder"),
        ({"overrides": [("depth", 3)]}, "`tfidf` has no parameter 'depth'; it has c, iterations"),
        ({"queries": "nowhere.jsonl"}, "nowhere.jsonl: there is no such file"),
        ({"queries": "."}, "this is a directory; name a file"),
    ],
)
def test_refuses_in_one_line(run, tmp_path, options, words):
    with pytest.raises(CommandError, match=words) as refusal:
        run(**options)
    assert refusal.value.returncode == 2
    assert not (tmp_path / "model").exists()


def test_names_the_wrong_line(run, queries, tmp_path):
    with queries.open("a") as stream:
        stream.write('{"text": "x", "lang": "en", "annotations": []}\n')
    with pytest.raises(CommandError, match=r"queries\.jsonl, line 229, field annotations") as refusal:
        run()
    assert refusal.value.returncode == 2


def test_does_not_overwrite(run, tmp_path):
    run()
    with pytest.raises(CommandError, match="another classifier is here") as refusal:
        run(seed=8)
    assert refusal.value.returncode == 2


def test_a_hyper_parameter_is_read_as_what_it_looks_like(run, tmp_path):
    run(json=tmp_path / "result.json", overrides=[("c", 3)])
    assert json.loads((tmp_path / "result.json").read_text())["parameters"]["c"] == 3
    assert [_override(text) for text in ("c=3", "rate = 2e-5", "cased=true", "pooling=cls")] == [
        ("c", 3),
        ("rate", 2e-5),
        ("cased", True),
        ("pooling", "cls"),
    ]


@pytest.mark.parametrize("text", ["c", "=3", "c=", ""])
def test_what_is_no_hyper_parameter_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="is not NAME=VALUE, such as learning_rate=2e-5"):
        _override(text)


def test_the_curve_is_in_the_json_and_in_words(run, tmp_path):
    words = run(json=tmp_path / "result.json", curve=True)
    result = json.loads((tmp_path / "result.json").read_text())
    labels = [point["labels"] for point in result["curve"]["points"]]
    assert labels == sorted(set(labels))
    assert labels[-1] == result["split"]["train"]
    assert "200 more labels would change macro-F1 by about" in words
    assert (tmp_path / "model" / "curve.svg").read_text().startswith("<svg")
