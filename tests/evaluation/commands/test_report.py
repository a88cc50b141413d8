"""`report` and `create_study`, as they are called: exit codes, one line, files."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from evaluation.models import Study
from evaluation.services.generation import generate
from evaluation.services.judgments import record_judgment
from evaluation.services.trials import submit_query
from playoff.common.commands import InputError
from tests.conftest import WISH

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def judged(participant):
    trial, _ = submit_query(participant=participant, query=WISH, idempotency_key="k")
    for side in trial.sides.all():
        generate(side_id=side.pk)
    record_judgment(trial=trial, choice="a")
    return trial


@pytest.mark.django_db
class TestReport:
    def test_writes_every_file_and_the_same_bytes_twice(self, judged, tmp_path):
        digests = []
        for name in ("one", "two"):
            call_command("report", "pilot", out=tmp_path / name)
            files = {path.relative_to(tmp_path / name).as_posix(): path for path in (tmp_path / name).rglob("*.*")}
            digests.append({file: hashlib.sha256(path.read_bytes()).hexdigest() for file, path in files.items()})
            listed = (tmp_path / name / "MANIFEST").read_text().splitlines()
            assert dict(reversed(line.split("  ")) for line in listed) == digests[-1]
        assert digests[0] == digests[1]
        written = set(digests[0])
        assert {"report.html", "report.pdf", "report.json", "judgments.csv", "systems.csv", "pairs.csv"} <= written
        assert {
            "codebook.md",
            "codebook.json",
            "waiting.csv",
            "failures.csv",
            "over_time.csv",
            "by_side.csv",
        } <= written
        assert {"methods.en.txt", "methods.ru.txt", "tables/all.tex", "tables/ratings.tex"} <= written
        assert {"plots/ratings.svg", "plots/ratings.pdf", "plots/matrix.svg"} <= written

    @pytest.mark.parametrize(("language", "word"), [("en", "Ratings"), ("ru", "Рейтинги")])
    def test_in_both_languages(self, judged, tmp_path, language, word):
        call_command("report", "pilot", out=tmp_path, language=language)
        assert f'lang="{language}"' in (tmp_path / "report.html").read_text()
        assert word in (tmp_path / "report.html").read_text()
        assert word in (tmp_path / "tables" / "ratings.tex").read_text()

    def test_nothing_names_the_participant(self, judged, study, tmp_path):
        from evaluation.models import Participant

        assert Participant.objects.filter(study=study).update(platform_id="CANARY-77", listener="CANARY-77") == 1
        pseudonym = Participant.objects.get(study=study).public_id.hex
        call_command("report", "pilot", out=tmp_path)
        for path in tmp_path.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            assert b"CANARY" not in content, path
            assert path.name == "judgments.csv" or pseudonym.encode() not in content, path
        assert (tmp_path / "judgments.csv").read_text().splitlines()[1].startswith(f"{pseudonym},")

    def test_a_folder_that_cannot_be_is_refused_first(self, study, tmp_path):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(InputError, match="is not a directory"):
            call_command("report", "pilot", out=tmp_path / "file" / "below")
        assert (tmp_path / "file").read_text() == "mine"

    def test_analyze_says_the_same_of_the_exported_judgments(self, judged, tmp_path, capsys):
        call_command("report", "pilot", out=tmp_path)
        report = json.loads((tmp_path / "report.json").read_text())
        call_command("analyze", str(tmp_path / "judgments.csv"), json=str(tmp_path / "analysis.json"))
        analysis = json.loads((tmp_path / "analysis.json").read_text())
        assert set(analysis) <= set(report)
        for key in ("judgments", "participants", "ties", "elo_k", "systems", "pairs", "position_bias", "win_matrix"):
            assert analysis[key] == report[key], key

    def test_a_study_without_judgments_says_so(self, study, tmp_path):
        call_command("report", "pilot", out=tmp_path)
        report = json.loads((tmp_path / "report.json").read_text())
        assert report["judgments"] == 0 and report["warnings"]
        assert {system["name"] for system in report["systems"]} == {"popularity", "bm25"}

    def test_an_unknown_study_names_the_known(self, study, tmp_path):
        with pytest.raises(InputError, match="the studies are: pilot"):
            call_command("report", "nowhere", out=tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_the_file_is_one_and_needs_nothing(self, judged, tmp_path):
        call_command("report", "pilot", out=tmp_path)
        html = (tmp_path / "report.html").read_text()
        assert "<link" not in html and "<script" not in html and "src=" not in html


def create(consent: Path, systems: list[str]) -> None:
    given = [part for system in systems for part in ("--system", system)]
    call_command("create_study", "new", "--title", "New", "--consent", str(consent), "--open", *given)


@pytest.mark.django_db
class TestCreateStudy:
    @pytest.fixture
    def consent(self, tmp_path):
        path = tmp_path / "consent.txt"
        path.write_text("Ich bin einverstanden.", encoding="utf-8")
        return path

    def test_opens_a_study(self, versions, toy_models, consent):
        create(consent, [f"{name}={toy_models / name}" for name in ("popularity", "bm25")])
        assert Study.objects.get(slug="new").status == "open"

    def test_says_which_classifier_it_opened_with(self, promoted, consent, settings, capsys):
        systems = [f"{name}={settings.MODELS_ROOT / name}" for name in ("popularity", "bm25")]
        create(consent, systems)
        assert f"the classifier 'Toy n-grams' ({promoted.fingerprint[:12]})" in capsys.readouterr().out
        assert Study.objects.get(slug="new").classifier == promoted

    def test_says_that_there_was_none(self, versions, toy_models, consent, capsys):
        create(consent, [f"{name}={toy_models / name}" for name in ("popularity", "bm25")])
        assert "No classifier was in use" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("systems", "fragment"),
        [
            (["popularity"], "NAME=MODEL_DIR"),
            (["=x"], "NAME=MODEL_DIR"),
            (["a={models}/popularity", "a={models}/bm25"], "named 'a'"),
            (["a={models}/popularity"], "at least two systems"),
            (["a={models}/nothing", "b={models}/bm25"], "nothing"),
            (["a=/", "b={models}/bm25"], "below MODELS_ROOT"),
        ],
    )
    def test_refuses_and_changes_nothing(self, versions, toy_models, consent, systems, fragment):
        given = [system.format(models=toy_models) for system in systems]
        with pytest.raises(InputError, match=fragment):
            create(consent, given)
        assert not Study.objects.exists()


def test_without_tables_one_line_says_what_to_run(tmp_path):
    environment = {**os.environ, "PLAYOFF_HOME": str(tmp_path), "SECRET_KEY": "x", "ENV_FILE": os.devnull}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, str(ROOT / "manage.py"), "report", "demo", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert "manage.py migrate" in done.stderr
