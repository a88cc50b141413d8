import pytest
from django.core.management import CommandError, call_command

from annotation.public import promoted_classifier
from annotation.services.classifier_records import record_run

pytestmark = pytest.mark.django_db


def test_puts_a_finished_run_to_use(trained_folders, settings, tmp_path, capsys):
    settings.MODELS_ROOT = tmp_path / "models"
    run, _ = record_run(directory=trained_folders[0], name="One")
    call_command("promote_classifier", str(run.pk))
    assert capsys.readouterr().out == f"Run {run.pk}, One, is in use: {run.directory}\n"
    assert promoted_classifier().run == run.pk


def test_what_cannot_be_is_one_line(trained_folders, settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    with pytest.raises(CommandError, match="There is no run 77"):
        call_command("promote_classifier", "77")
    run, _ = record_run(directory=trained_folders[0])
    (run.directory / "CARD.md").unlink()
    with pytest.raises(CommandError, match=r"CARD\.md: this file of the classifier is missing"):
        call_command("promote_classifier", str(run.pk))
