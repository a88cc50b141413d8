import io
import json
from argparse import ArgumentTypeError

import pytest
from django.core.management import CommandError, call_command

from annotation.classifier.spec import Spec
from annotation.management.commands.compare_classifiers import _names, _targets, folder_of


@pytest.fixture
def run(queries, tmp_path):
    def run(**options: object) -> str:
        out = io.StringIO()
        defaults = {"queries": queries, "models": ["tfidf"], "targets": ["binary", "categories"],
                    "out": tmp_path / "table", "seed": 7}  # fmt: skip
        call_command("compare_classifiers", stdout=out, **{**defaults, **options})
        return out.getvalue()

    return run


def test_one_row_per_model_and_target_on_the_same_queries(run, tmp_path):
    words = run(json=tmp_path / "table.json")
    rows = json.loads((tmp_path / "table.json").read_text())
    assert [(row["model"], row["target"]) for row in rows] == [("tfidf", "binary"), ("tfidf", "categories")]
    assert rows[0]["difference"] is None
    second = rows[1]["difference"]
    assert second["value"] == pytest.approx(second["second"] - second["first"])
    assert second["first"] == pytest.approx(rows[0]["binary"]["macro_f1"]["value"])
    assert second["second"] == pytest.approx(rows[1]["binary"]["macro_f1"]["value"])
    assert rows[0]["queries"] == rows[1]["queries"]
    assert rows[0]["numbers"] > 20
    lines = words.splitlines()
    assert lines[2].startswith("| tfidf | ")
    assert " | binary | " in lines[2]
    assert " | categories | " in lines[3]
    assert f"{rows[0]['queries']} settled test queries" in lines[-1]


def test_what_is_trained_is_not_trained_again(run, tmp_path):
    run()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "table").rglob("*")}
    run()
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "table").rglob("*")} == before
    assert {path.name for path in (tmp_path / "table").iterdir()} == {"tfidf-binary", "tfidf-categories"}


def test_a_model_that_is_not_there_is_one_sentence(run, tmp_path):
    with pytest.raises(CommandError, match="there is no such folder") as refusal:
        run(models=["./nowhere"])
    assert refusal.value.returncode == 2


def test_folders_have_names_of_their_own():
    assert folder_of(Spec("a/b", "binary")) == "b-binary"
    assert folder_of(Spec("/models/mini/", "both", frozen=True)) == "mini-frozen-both"


@pytest.mark.parametrize(("read", "text"), [(_names, ""), (_names, "a,a"), (_targets, "all"), (_targets, "both,both")])
def test_lists_that_make_no_table_are_refused(read, text):
    with pytest.raises(ArgumentTypeError, match="does not name different"):
        read(text)
