import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recsys.models import Dataset, Track

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    about = {"name": "tiny", "version": "1", "licence": "CC0-1.0", "source": "a test", "languages": ["en"]}
    (folder / "dataset.json").write_text(json.dumps(about))
    track = {"id": "t1", "title": "One", "artists": ["U2"], "genres": ["rock"], "moods": [], "themes": []}
    (folder / "tracks.jsonl").write_text(json.dumps(track))
    return folder


def run(*args: object, **options: object) -> str:
    out = io.StringIO()
    call_command("load_dataset", *args, stdout=out, **options)
    return out.getvalue()


def test_prints_what_was_read_added_and_skipped(folder):
    first, second = run(folder), run(folder)
    assert first.splitlines()[1:] == ["  read: 1 tracks", "  added: 1 tracks"]
    assert second.splitlines()[1:] == [
        "  read: 1 tracks",
        "  added: nothing",
        "  skipped: Everything: tiny 1 is loaded already, with the same content.",
    ]


def test_writes_json_to_a_file_and_alone_to_standard_output(folder, tmp_path):
    assert "read: 1 tracks" in run(folder, json=tmp_path / "summary.json")
    to_file = json.loads((tmp_path / "summary.json").read_text())
    assert (to_file["added"]["tracks"], to_file["dataset_id"]) == (1, Dataset.objects.get().pk)
    assert json.loads(run(folder, json="-"))["added"] == {}


def test_a_dry_run_writes_no_row(folder):
    assert "skipped: Everything: this was a dry run." in run(folder, dry_run=True)
    assert not Dataset.objects.exists()


def test_bad_input_is_one_sentence_and_exit_code_2(folder):
    with (folder / "tracks.jsonl").open("a") as stream:
        stream.write('\n{"id": "t1"}')
    with pytest.raises(
        CommandError, match=r"^tracks\.jsonl, line 2, field title: it is missing; add a string\.$"
    ) as error:
        run(folder)
    assert error.value.returncode == 2
    assert not Track.objects.exists()


def test_a_path_that_is_no_folder_is_bad_input(tmp_path):
    with pytest.raises(CommandError, match="nowhere does not exist; name a folder") as error:
        run(tmp_path / "nowhere")
    assert error.value.returncode == 2
