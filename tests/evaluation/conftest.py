"""A query-type classifier trained on the toy queries, recorded as a run, perhaps in use."""

import os
import shutil
from pathlib import Path

import pytest

from annotation.public import Spec, read_queries, train_classifier


def trained(queries: Path, folder: Path, seed: int) -> Path:
    train_classifier(Spec("tfidf", seed=seed), read_queries(queries))[0].save(folder)
    return folder


@pytest.fixture(scope="session")
def classifier_folder(toy_folder, tmp_path_factory) -> Path:
    return trained(toy_folder / "queries.jsonl", tmp_path_factory.mktemp("classifier") / "tfidf", 7)


@pytest.fixture(scope="session")
def other_classifier_folder(toy_folder, tmp_path_factory) -> Path:
    return trained(toy_folder / "queries.jsonl", tmp_path_factory.mktemp("classifier") / "other", 8)


@pytest.fixture
def classifier_run(versions, toy_models, classifier_folder, tmp_path, settings):
    """A finished run below a MODELS_ROOT of this test alone, which may be damaged."""
    from annotation.services.classifier_records import record_run

    models = tmp_path / "models"
    shutil.copytree(toy_models, models, copy_function=os.link)
    settings.MODELS_ROOT = models
    return record_run(directory=classifier_folder, name="Toy n-grams", data_name="toy")[0]


@pytest.fixture
def promoted(classifier_run):
    """The run, in use before a study of the same test opens; ask for it before `study`."""
    from annotation.services.classifier_promotion import promote

    promote(run=classifier_run, by=None)
    return classifier_run


@pytest.fixture
def told_study(promoted, study):
    """An open study whose classifier is the promoted one."""
    return study


@pytest.fixture
def told_participant(told_study, participant):
    return participant


QUERIES = ("for running", "for a romantic mood", "для концентрации на работе", "Victory Day", "songs like the Beatles")


@pytest.fixture
def judge_study():
    """Judgments of two systems by simulated people, as rows, so that nothing has to be played."""
    import uuid
    from datetime import timedelta

    from evaluation.models import Judgment, Participant, Side, Trial
    from playoff.common.clock import database_now

    def judge(study, *, people=8, each=10, told=True):
        from evaluation.services.classification import classify_trials

        now = database_now()
        systems = list(study.systems.order_by("name"))
        for number in range(people * each):
            person, _ = Participant.objects.get_or_create(
                study=study, platform_id=f"p{number % people}", defaults={"language": "en", "consent_sha256": "c"}
            )
            trial = Trial.objects.create(
                study=study,
                participant=person,
                number=number,
                idempotency_key=uuid.uuid4().hex,
                query=f"{QUERIES[number // people % len(QUERIES)]} {number}",
                query_language="en",
                state="judged",
                sampler="test",
                pair_probability=1,
                side_probability=0.5,
                created_at=now,
                deadline=now,
            )
            for name, system in zip("ab", systems if number % 2 else systems[::-1], strict=True):
                Side.objects.create(trial=trial, name=name, system=system, state="ready", tracks=[], playlist=[])
            judgment = Judgment.objects.create(trial=trial, choice=("a", "b", "equivalent", "a")[number % 7 % 4])
            Judgment.objects.filter(pk=judgment.pk).update(created_at=now + timedelta(seconds=number))
        if told:
            classify_trials(study_id=study.pk)
        return study

    return judge
