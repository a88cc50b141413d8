import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recsys.data.reading import read_dataset


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    about = {"name": "tiny", "version": "1", "licence": "CC0-1.0", "source": "a test", "languages": ["en"]}
    (folder / "dataset.json").write_text(json.dumps(about))
    tags = {"genres": ["rock"], "moods": ["dark"], "themes": []}
    tracks = [
        {"id": f"t{n}", "title": f"Song {n}", "artists": [f"A{n % 7}"], "year": 1980 + n, **tags} for n in range(30)
    ]
    (folder / "tracks.jsonl").write_text("".join(json.dumps(track) + "\n" for track in tracks))
    return folder


def run(*args: object, **options: object) -> str:
    out = io.StringIO()
    call_command("simulate_listeners", *args, stdout=out, **options)
    return out.getvalue()


def test_writes_listeners_that_the_reader_accepts(folder):
    assert "8 listeners with" in run(folder, listeners=8)
    dataset = read_dataset(folder)
    assert len(dataset.listeners) == 8
    assert {event.listener for event in dataset.interactions} <= {listener.id for listener in dataset.listeners}
    assert dataset.listeners[0].description_en.startswith("Rock of the")


def test_the_same_seed_writes_the_same_bytes_elsewhere(folder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    run(folder, listeners=5)
    run(folder, listeners=5, out=out)  # the listeners that are there already play no part
    for name in ("interactions.csv", "listeners.jsonl"):
        assert (out / name).read_bytes() == (folder / name).read_bytes()
    run(folder, listeners=5, seed=1, out=out)
    assert (out / "interactions.csv").read_bytes() != (folder / "interactions.csv").read_bytes()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"listeners": 0}, "at least 1"),
        ({"seed": -1}, "at least 0"),
        ({"out": "nowhere"}, "there is no such folder"),
    ],
)
def test_refuses_bad_options(folder, options, words):
    arguments = [f"--{name}={value}" for name, value in options.items()]
    with pytest.raises(CommandError, match=words) as error:
        run(str(folder), *arguments)
    assert error.value.returncode == 2
    assert not (folder / "interactions.csv").exists()
