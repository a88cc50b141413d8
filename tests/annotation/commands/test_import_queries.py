"""The door for large logs: report first, nothing written for an unusable file, goes on after any interruption."""

import gzip
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotation.models import Assignment, Intake, Item, Query
from annotation.services import intake_reading, intake_writing

pytestmark = pytest.mark.django_db
LOG = "user_id,query\nanna@example.org,для бега\nu2,lofi for work\nu2,rainy day\nu2,van life\n"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def campaign(make_campaign):
    return make_campaign(queries=0, opened=False, slug="pilot")


@pytest.fixture
def log(tmp_path):
    def make(content: str | bytes = LOG, name: str = "log.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return make


def test_a_log_is_added(campaign, log, capsys, home):
    call_command("import_queries", "pilot", log())
    assert Item.objects.filter(campaign=campaign).count() == 3
    out = capsys.readouterr().out
    assert "log.csv: csv, 4 rows, 3 kept" in out
    assert "left out: 1 user-cap" in out
    assert "added: 3 queries, 0 labels, 0 gold questions; 0 were here already" in out
    assert not list((home / "intakes").iterdir())
    assert Intake.objects.get().state == "done"


def test_options(campaign, log):
    content = "phrase;who\nLoFi!;u1\nlofi;u2\nvan life;u1\nrain;u1\n".encode("utf-16")
    options = {"column": ["text=phrase", "user=who"], "encoding": "utf-16", "language": "de", "drop_near": True}
    call_command("import_queries", "pilot", log(content), per_user=0, **options)
    assert set(Item.objects.values_list("query__text", "query__language")) == {
        ("LoFi!", "de"), ("van life", "de"), ("rain", "de"),
    }  # fmt: skip


def test_the_report_as_json(campaign, log, tmp_path, capsys):
    call_command("import_queries", "pilot", log(gzip.compress(LOG.encode())), "--dry-run", "--json", "-")
    assert json.loads(capsys.readouterr().out)["kept"] == 3
    assert (Intake.objects.count(), Query.objects.count()) == (0, 0)


def test_labels_become_votes(campaign, log):
    call_command("import_queries", "pilot", log('{"text": "one", "label": "travel"}\n', "labelled.jsonl"))
    assert Assignment.objects.votes().get().category == "travel"


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"a,b\n1,2\n", {}, "No column is named text or query"),
        (b"query\n", {}, "The file has no rows"),
        (b"query\n\xef\n\xf0\n", {}, "The file is not UTF-8"),
        (LOG, {"column": ["phrase=query"]}, "write FIELD=NAME"),
        (LOG, {"language": "Klingon!"}, "is not a code"),
        (LOG, {"resume": True}, "there is nothing to resume"),
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(campaign, log, home, content, options, sentence):
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("import_queries", "pilot", log(content), **options)
    assert refusal.value.returncode == 2
    assert (Intake.objects.count(), Query.objects.count()) == (0, 0)
    assert not list(home.glob("intakes/*"))


def test_an_unknown_campaign_and_a_missing_file_are_refused(campaign, log, tmp_path):
    with pytest.raises(CommandError, match="no campaign 'other'"):
        call_command("import_queries", "other", log())
    with pytest.raises(CommandError, match="no such file"):
        call_command("import_queries", "pilot", str(tmp_path / "none.csv"))


def test_rows_with_a_fault_are_left_out_only_after_a_yes(campaign, log, capsys):
    path = log(LOG + "u9,\n")
    with pytest.raises(CommandError, match="1 rows have a fault") as refusal:
        call_command("import_queries", "pilot", path)
    assert refusal.value.returncode == 2
    assert "line 6: the text is empty" in capsys.readouterr().out
    assert not Query.objects.exists()
    call_command("import_queries", "pilot", path, "--resume", "--yes")
    assert Item.objects.count() == 3


def test_a_second_call_without_resume_begins_anew(campaign, log):
    path = log(LOG + "u9,\n")
    for _ in range(2):
        with pytest.raises(CommandError, match="have a fault"):
            call_command("import_queries", "pilot", path)
    assert Intake.objects.count() == 1


def test_reading_goes_on_after_an_interruption(campaign, log, monkeypatch):
    from annotation.intake import reading

    monkeypatch.setattr(reading, "BATCH", 100)
    path = log("query\n" + "".join(f"text {number}\n" for number in range(350)))
    calls = []

    def interrupted(state):
        calls.append(state.rows)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake_reading, "_watched", lambda *_: interrupted)
        with pytest.raises(KeyboardInterrupt):
            call_command("import_queries", "pilot", path)
        assert Intake.objects.get().state == "reading"
        call_command("import_queries", "pilot", path, "--resume")
    assert calls == [100, 200, 300, 350]
    assert Item.objects.count() == 350


def test_writing_goes_on_after_an_interruption(campaign, log, monkeypatch):
    monkeypatch.setattr(
        intake_writing.write_on, "__kwdefaults__", {**intake_writing.write_on.__kwdefaults__, "batch": 50}
    )
    path = log("query\n" + "".join(f"text {number}\n" for number in range(120)))
    written = intake_writing.write_rows
    calls = []

    def dying(**kwargs):
        calls.append(len(kwargs["rows"]))
        done = written(**kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(intake_writing, "write_rows", dying)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_queries", "pilot", path)
    assert Item.objects.count() == 50
    with pytest.raises(CommandError, match="half written"):
        call_command("import_queries", "pilot", path)
    call_command("import_queries", "pilot", path, "--resume")
    assert calls == [50, 50, 50, 20]
    assert (Item.objects.count(), Query.objects.count()) == (120, 120)
    assert Intake.objects.get().options["result"]["items"] == 120
