import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]


def recommend(*args, **options) -> str:
    out = io.StringIO()
    call_command("recommend", *args, stdout=out, **options)
    return out.getvalue()


def refusal(*args, **options) -> str:
    with pytest.raises(CommandError) as error:
        recommend(*args, **options)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("system", ["popularity", "bm25", "retriever", "retriever-cr", "retriever-cr-dp"])
def test_writes_the_agreed_json_alone_to_standard_output(toy_models, toy_folder, system):
    options = {"model": toy_models / system, "query": "ночная трасса", "listener": "listener-001", "k": 5}
    value = json.loads(recommend(system, json="-", **options))
    assert list(value) == ["system", "query", "listener", "seconds", "tracks"]
    assert (value["system"], value["query"], value["listener"]) == (system, "ночная трасса", "listener-001")
    assert 0 < value["seconds"] < 60
    assert len(value["tracks"]) == 5
    known = {json.loads(line)["id"]: json.loads(line) for line in (toy_folder / "tracks.jsonl").open()}
    for track in value["tracks"]:
        assert list(track) == ["id", "title", "artists", "score"]
        assert (track["title"], track["artists"]) == (known[track["id"]]["title"], known[track["id"]]["artists"])


def test_prints_a_list_and_writes_json_to_a_file(toy_models, tmp_path):
    path = tmp_path / "result.json"
    text = recommend("popularity", model=toy_models / "popularity", query="x", json=str(path))
    value = json.loads(path.read_text())
    assert value["listener"] is None
    assert len(text.splitlines()) == len(value["tracks"]) == 20
    assert value["tracks"][0]["title"] in text.splitlines()[0]


@pytest.mark.parametrize("query", ["", "x" * 2000, "🎄", "\ud800"])
def test_answers_any_text(toy_models, query):
    text = recommend("retriever-cr-dp", model=toy_models / "retriever-cr-dp", query=query, k=3)
    assert len(text.splitlines()) == 3
    value = recommend("retriever", model=toy_models / "retriever", query=query, listener=query, json="-")
    assert json.loads(value.encode())["query"] == query.replace("\ud800", "?")


def test_refuses_what_cannot_be_answered(toy_models, tmp_path):
    model = toy_models / "bm25"
    assert "available are" in refusal("jam-avg", model=model, query="x")
    assert "made by bm25, not by popularity" in refusal("popularity", model=model, query="x")
    assert "no whole artifact" in refusal("bm25", model=tmp_path / "nothing", query="x")
    assert "`k` must be between 1 and" in refusal("bm25", model=model, query="x", k=100_000)


def test_refuses_an_altered_artifact(toy_models, tmp_path):
    shutil.copytree(toy_models / "retriever", tmp_path / "m")
    with (tmp_path / "m" / "vectors.npy").open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        stream.write(b"\x7f")
    assert "altered after training" in refusal("retriever", model=tmp_path / "m", query="x")


def test_bad_input_is_one_line_on_standard_error_and_exit_code_2(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "recommend", "bm25", "--model", str(tmp_path), "--query", "x"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
