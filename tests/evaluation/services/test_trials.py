import pytest

from evaluation.errors import (
    IdempotencyKeyReusedError,
    QueryRefusedError,
    QueryRepeatedError,
    StudyNotOpenError,
    TrialInFlightError,
)
from evaluation.models import Side, Trial
from evaluation.sampling import SAMPLER, draw
from evaluation.services.generation import fail_side
from evaluation.services.participants import enrol
from evaluation.services.studies import close_study
from evaluation.services.trials import submit_query

pytestmark = pytest.mark.django_db


def submitted(participant, query="rain", key="k1"):
    return submit_query(participant=participant, query=query, idempotency_key=key)[0]


def failed(trial: Trial) -> None:
    fail_side(side_id=trial.sides.get(name="a").pk, attempt=0, reason="test")


def test_a_trial_stores_what_was_drawn_and_with_what_probability(participant, study):
    trial = submitted(participant, "для дождя")
    systems = list(study.systems.values_list("pk", flat=True))
    drawn = draw(seed=study.seed, number=0, systems=systems, firsts_before=[])
    assert (trial.state, trial.number, trial.sampler) == ("generating", 0, SAMPLER)
    assert (trial.pair_probability, trial.side_probability) == (1.0, 0.5)
    assert {side.name: side.system_id for side in trial.sides.all()} == {"a": drawn.first, "b": drawn.second}
    assert trial.query_language == "ru"


def test_the_same_key_is_the_same_trial(participant):
    first, new = submit_query(participant=participant, query="rain", idempotency_key="k")
    again, new_again = submit_query(participant=participant, query=" rain ", idempotency_key="k")
    assert (first, new, new_again) == (again, True, False)
    assert Trial.objects.count() == 1


def test_the_same_key_for_another_query_is_refused(participant):
    submitted(participant, "rain", "k")
    with pytest.raises(IdempotencyKeyReusedError):
        submitted(participant, "sun", "k")


def test_one_trial_in_flight(participant):
    trial = submitted(participant)
    with pytest.raises(TrialInFlightError) as refused:
        submitted(participant, "sun", "k2")
    assert refused.value.trial_id == str(trial.public_id)
    assert Trial.objects.count() == 1


def test_a_query_is_not_asked_twice(participant):
    trial = submitted(participant, "Rain  in May")
    Trial.objects.filter(pk=trial.pk).update(state=Trial.State.JUDGED)
    with pytest.raises(QueryRepeatedError):
        submitted(participant, "rain in may", "k2")


def test_after_a_failure_the_same_query_keeps_pair_sides_and_draw(participant, study):
    first = submitted(participant)
    failed(first)
    second = submitted(participant, "rain", "k2")
    assert second.replaces == first
    assert second.number == first.number
    assert [side.system_id for side in second.sides.all()] == [side.system_id for side in first.sides.all()]
    study.refresh_from_db()
    assert study.draws == 1


def test_another_query_after_a_failure_is_a_new_draw(participant):
    failed(submitted(participant))
    assert submitted(participant, "sun", "k2").number == 1


@pytest.mark.parametrize("query", ["", "   ", "\n", "x" * 501, "nul\x00", "half \ud83d"])
def test_what_is_no_query_is_refused(participant, query):
    with pytest.raises(QueryRefusedError):
        submitted(participant, query)
    assert Trial.objects.count() == 0


@pytest.mark.parametrize("query", ["ы", "x" * 500, "夜のドライブ 🌃", "<script>alert(1)</script>", "=1+1", "\u202eabc"])
def test_any_text_is_kept_to_the_letter(participant, query):
    assert Trial.objects.get(pk=submitted(participant, query).pk).query == query


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_key_has_bounds(participant, key):
    with pytest.raises(QueryRefusedError):
        submitted(participant, "rain", key)


def test_a_closed_study_takes_no_query(participant, study):
    close_study(study=study)
    with pytest.raises(StudyNotOpenError):
        submitted(participant)


def test_a_block_holds_every_pair_once_and_sides_balance(versions, study):
    """Three systems, six participants, twelve trials each: after every block the counts are equal."""
    from evaluation.services.studies import create_study, open_study

    names = ["popularity", "bm25", "retriever"]
    study = open_study(
        study=create_study(slug="three", title="Three", consent="c", systems={name: versions[name] for name in names})
    )
    people = [enrol(study=study, platform_id=f"p{number}", language="en", consent=True) for number in range(6)]
    for turn in range(12):
        for person in people:
            trial = submitted(person, f"query {turn}", f"k{turn}")
            Trial.objects.filter(pk=trial.pk).update(state=Trial.State.JUDGED)
    pairs: dict[frozenset[int], int] = {}
    balance: dict[tuple[int, frozenset[int]], int] = {}
    for trial in Trial.objects.filter(study=study).prefetch_related("sides"):
        a, b = (side.system_id for side in trial.sides.all())
        pairs[frozenset((a, b))] = pairs.get(frozenset((a, b)), 0) + 1
        key = (trial.participant_id, frozenset((a, b)))
        balance[key] = balance.get(key, 0) + (1 if a < b else -1)
    assert set(pairs.values()) == {24}
    assert all(abs(difference) <= 1 for difference in balance.values())


def test_a_broker_that_is_down_loses_no_trial(participant, monkeypatch, django_capture_on_commit_callbacks):
    from evaluation.tasks import generate_playlist

    def refuse(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(generate_playlist, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        trial = submitted(participant)
    assert trial.sides.filter(state=Side.State.QUEUED).count() == 2


def test_messages_carry_ids_only(participant, monkeypatch, django_capture_on_commit_callbacks):
    from evaluation.tasks import generate_playlist

    sent = []
    monkeypatch.setattr(generate_playlist, "apply_async", lambda arguments, **_: sent.append(arguments))
    with django_capture_on_commit_callbacks(execute=True):
        trial = submitted(participant, "a secret wish")
    assert sorted(sent) == sorted((side.pk,) for side in trial.sides.all())
