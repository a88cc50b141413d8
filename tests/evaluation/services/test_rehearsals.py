"""A rehearsal is a study of its own: real playlists, simulated judgments, closed for good."""

import pytest

from evaluation.models import Judgment, Side, Study, Trial
from evaluation.rehearsal import Plan, RehearsalError
from evaluation.sampling import draw
from evaluation.services import rehearsals
from evaluation.services.exports import judgment_records
from evaluation.services.reports import report_files, study_report
from evaluation.services.studies import open_study
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db
QUERIES = ["for running", "slow dancing in the living room", "songs like the Beatles", "Victory Day", "для сна"]
PLAN = Plan(participants=6, judgments_each=4, unanswered=0.2, seed=1)


@pytest.fixture
def rehearsed(study):
    return rehearsals.rehearse(study=study, slug="dry", plan=PLAN, queries=QUERIES)


def test_is_closed_marked_and_apart(study, rehearsed):
    assert (rehearsed.status, rehearsed.rehearsal) == (Study.Status.CLOSED, True)
    assert rehearsed.participants.count() == 6
    assert not study.trials.exists()
    assert [system.name for system in rehearsed.systems.all()] == [system.name for system in study.systems.all()]
    with pytest.raises(InvalidInputError, match="simulated participants only"):
        open_study(study=rehearsed)


def test_playlists_are_the_systems_own_and_draws_can_be_replayed(rehearsed):
    trials = list(rehearsed.trials.prefetch_related("sides").order_by("number"))
    assert len(trials) == 24 == rehearsed.draws
    systems = list(rehearsed.systems.values_list("pk", flat=True))
    before: dict[int, list[tuple[int, int]]] = {}
    for trial in trials:
        first, second = (side.system_id for side in trial.sides.all())
        seen = before.setdefault(trial.participant_id, [])
        again = draw(seed=rehearsed.seed, number=trial.number, systems=systems, firsts_before=seen)
        assert (again.first, again.second) == (first, second)
        seen.append((first, second))
    assert not Side.objects.filter(trial__study=rehearsed).exclude(state="ready").exists()
    assert all(side.playlist and side.tracks for trial in trials for side in trial.sides.all())


def test_judgments_come_after_what_they_judge(rehearsed):
    judgments = Judgment.objects.filter(trial__study=rehearsed).select_related("trial")
    assert all(judgment.created_at > judgment.trial.visible_from for judgment in judgments)
    assert all(rehearsed.opened_at < judgment.created_at < rehearsed.closed_at for judgment in judgments)
    states = set(rehearsed.trials.values_list("state", flat=True))
    assert states <= {Trial.State.JUDGED, Trial.State.EXPIRED, Trial.State.IDENTICAL}
    assert {Trial.State.JUDGED, Trial.State.EXPIRED} <= states


def test_the_seed_of_the_plan_decides_what_is_said_of_a_trial(study, rehearsed):
    again = rehearsals.rehearse(study=study, slug="again", plan=PLAN, queries=QUERIES)
    asked = [list(one.trials.order_by("number").values_list("query", flat=True)) for one in (rehearsed, again)]
    assert asked[0] == asked[1]
    assert len(judgment_records(again)) > 0


def test_a_system_that_fails_leaves_nothing(study, monkeypatch):
    def broken(**_):
        raise RuntimeError("no model")

    monkeypatch.setattr(rehearsals.recsys, "playlist_for", broken)
    with pytest.raises(RuntimeError):
        rehearsals.rehearse(study=study, slug="dry", plan=PLAN, queries=QUERIES)
    assert not Study.objects.filter(slug="dry").exists()


def test_refuses_a_taken_name_and_too_few_queries(study):
    with pytest.raises(InvalidInputError, match="already"):
        rehearsals.rehearse(study=study, slug=study.slug, plan=PLAN, queries=QUERIES)
    with pytest.raises(RehearsalError, match="as many different queries"):
        rehearsals.rehearse(study=study, slug="dry", plan=PLAN, queries=QUERIES[:2])
    assert Study.objects.count() == 1


def test_its_report_says_everywhere_that_nobody_judged(rehearsed):
    report = study_report(study=rehearsed, replicates=100)
    assert report.as_json()["study"]["rehearsal"] is True
    files = report_files(report)
    assert "nobody judged" in files["methods.en.txt"].decode()
    assert "репетиция" in files["methods.ru.txt"].decode()
    assert "participants are simulated" in files["report.html"].decode()
