import logging

import pytest

from evaluation import tasks
from evaluation.services.participants import enrol
from evaluation.services.studies import close_study
from evaluation.services.warming import warm_open_studies, warm_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch) -> list[int]:
    """Studies that a worker was called to warm."""
    found: list[int] = []
    monkeypatch.setattr(tasks.warm_study, "delay", found.append)
    return found


def test_every_system_of_an_open_study_is_loaded(study, versions):
    assert warm_study(study_id=study.pk) == warm_open_studies() == 2


def test_a_closed_study_is_left_alone(study):
    close_study(study=study)
    assert warm_study(study_id=study.pk) == warm_open_studies() == 0


def test_a_damaged_system_is_logged_and_the_others_are_loaded(study, caplog, tmp_path, settings, toy_models):
    import shutil

    shutil.copytree(toy_models, tmp_path / "models")
    settings.MODELS_ROOT = tmp_path / "models"
    shutil.rmtree(tmp_path / "models" / "bm25")
    with caplog.at_level(logging.ERROR):
        assert warm_study(study_id=study.pk) == 1
    assert "warming.failed" in caplog.text


def test_who_enrols_makes_a_worker_load_where_that_is_asked_for(
    study, called, settings, django_capture_on_commit_callbacks
):
    for asked, expected in ((False, []), (True, [study.pk])):
        settings.WARM_ON_ENROL = asked
        with django_capture_on_commit_callbacks(execute=True):
            enrol(study=study, platform_id=f"listener-{asked}", language="en", consent=True)
        assert called == expected


def test_a_broker_that_is_down_keeps_nobody_out(study, settings, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(_study: int) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(tasks.warm_study, "delay", refuse)
    settings.WARM_ON_ENROL = True
    with django_capture_on_commit_callbacks(execute=True):
        assert enrol(study=study, platform_id="listener", language="en", consent=True).pk
