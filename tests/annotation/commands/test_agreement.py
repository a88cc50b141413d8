import json
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotation.taxonomy import SLUGS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.csv"
    lines = ["item,annotator,label"]
    for item in range(60):
        lines += [f"q{item},ann,{SLUGS[item % 19]}", f"q{item},bob,{SLUGS[item % 17]}"]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def manage(manage_command):
    return partial(manage_command, "agreement")


@pytest.fixture
def refusal(refusal_of):
    return partial(refusal_of, "agreement")


def test_json_on_standard_output_is_all_there_is(manage, labels):
    code, out, err = manage(labels, "--json", "-", "--resamples", 100, "--seed", 3)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["seed"], found["resamples"], found["items"], found["votes"]) == (3, 100, 60, 120)
    assert {"value", "ci"} <= found["krippendorff_alpha"].keys() & found["cohen_kappa"][0].keys()
    assert [one["category"] for one in found["categories"]] == list(SLUGS)
    assert [one["category"] for one in found["binary"]["categories"]] == ["personalised", "not personalised"]


def test_a_wrong_line_ends_with_code_2_and_one_line(manage, labels):
    labels.write_text(labels.read_text() + "q60,ann\n")
    code, out, err = manage(labels)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "labels.csv, line 122: expected 3 fields" in err


def test_prints_tables_and_writes_the_file(labels, tmp_path, capsys):
    labels.write_text(labels.read_text() + f"q0,ann,{SLUGS[1]}\nq99,ann,{SLUGS[1]}\n")
    call_command("agreement", labels, resamples=100, json=tmp_path / "out.json")
    out = capsys.readouterr().out
    assert "121 votes by 2 annotators on 61 items, 60 of them with two votes or more" in out
    assert "Krippendorff's alpha" in out
    assert "personalised or not" in out
    assert "ann – bob" in out
    assert "! Votes replaced by a later one of the same annotator on the same item: 1." in out
    assert json.loads((tmp_path / "out.json").read_text())["replaced_votes"] == 1


def test_labels_of_ones_own_have_no_binary_figures(labels, tmp_path, capsys):
    labels.write_text("item,annotator,label,family\nq1,x,cat,f\nq1,y,dog,f\nq2,x,cat,g\nq2,y,cat,g\n")
    call_command("agreement", labels, resamples=50, json=tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text())
    assert (found["binary"], found["families"]) == (None, 2)
    assert "personalised or not" not in capsys.readouterr().out


def test_undefined_figures_are_explained(labels, capsys):
    labels.write_text("item,annotator,label\nq1,x,cat\nq2,y,dog\n")
    call_command("agreement", labels)
    assert "! No item has votes of two annotators; give some items to two of them." in capsys.readouterr().out


def test_binary_insists_on_the_taxonomy(refusal, labels):
    labels.write_text(labels.read_text() + "q60,ann,cat\n")
    assert "line 122: `label` 'cat' is no category of the taxonomy" in refusal(labels, "--binary")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--resamples", "1"], "at least 2"),
        (["--seed", "-1"], "at least 0"),
        (["--json", "nowhere/out.json"], "there is no directory nowhere"),
    ],
)
def test_refuses_wrong_options_in_one_line(refusal, labels, arguments, words):
    assert words in refusal(labels, *arguments)


def test_refuses_a_missing_file_and_a_folder(refusal, tmp_path):
    assert "there is no such file" in refusal(tmp_path / "none.csv")
    assert "this is a directory" in refusal(tmp_path)


def test_called_from_python_it_raises(tmp_path):
    with pytest.raises(CommandError, match=r"none\.csv"):
        call_command("agreement", tmp_path / "none.csv")
