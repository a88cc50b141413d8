"""Writing is whole or not at all, whoever dies and whoever comes second."""

import io
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from annotation import intake_tasks
from annotation.models import Assignment, Intake, Item, Query
from annotation.services import intake as services
from annotation.services import intake_rows, intake_waking, intake_writing
from annotation.services.intake_files import listener_secret, staging_path
from annotation.services.intake_reading import IntakeOptions, begin_intake, known_categories, read_intake
from annotation.services.intake_writing import write_on
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def draft(make_campaign):
    return make_campaign(queries=0, opened=False, overlap=2, overlap_share=0.5)


@pytest.fixture
def checked(draft):
    """A file that waits for the lead: `checked(rows=25)`."""

    def make(rows: int = 25, content: str = "", **options) -> Intake:
        content = content or "id,query\n" + "".join(f"q{number},text {number}\n" for number in range(rows))
        stream = io.BytesIO(content.encode())
        begun = begin_intake(
            campaign=draft, by=None, name="log.csv", size=1, options=IntakeOptions(**options), door="command"
        )
        return read_intake(intake=begun, stream=stream)

    return make


@pytest.fixture
def confirmed(checked):
    def make(*args, **options) -> Intake:
        return services.confirm(intake=checked(*args, **options), seconds=0)

    return make


def texts() -> list[str]:
    return sorted(Item.objects.values_list("query__text", flat=True))


def expected(rows: int) -> list[str]:
    return sorted(f"text {number}" for number in range(rows))


def test_a_slice_writes_batches_and_the_next_one_goes_on(confirmed):
    intake = confirmed(25)
    places = []
    while (intake := write_on(intake_id=intake.pk, seconds=0, batch=10)).state == "writing":
        places.append((intake.position, intake.written, Item.objects.count()))
    assert places == [(10, 10, 10), (20, 20, 20), (25, 25, 25)]
    assert texts() == expected(25)
    assert not staging_path(intake).exists()


@pytest.mark.parametrize("where", ["queries", "items", "counted"])
def test_a_death_in_a_batch_loses_and_doubles_nothing(confirmed, monkeypatch, where):
    intake = confirmed(25)
    write_on(intake_id=intake.pk, seconds=0, batch=10)

    class DiedError(Exception):
        pass

    def dying(function, after: bool):
        def wrapped(*args, **kwargs):
            if after:
                function(*args, **kwargs)
            raise DiedError

        return wrapped

    with monkeypatch.context() as patch:
        if where == "counted":
            patch.setattr(intake_rows.Written, "added_to", dying(intake_rows.Written.added_to, after=False))
        else:
            name = "_queries" if where == "queries" else "insert_missing"
            patch.setattr(intake_rows, name, dying(getattr(intake_rows, name), after=True))
        with pytest.raises(DiedError):
            write_on(intake_id=intake.pk, seconds=9, batch=10)
    intake.refresh_from_db()
    assert (intake.position, intake.written) == (10, 10)
    assert (Query.objects.count(), Item.objects.count()) == (10, 10)
    intake = write_on(intake_id=intake.pk, seconds=60, batch=10)
    assert (intake.state, intake.written, intake.options["result"]["items"]) == ("done", 25, 25)
    assert texts() == expected(25)


def test_a_second_writer_that_comes_too_late_leaves_without_a_trace(confirmed):
    intake = confirmed(25)
    late = intake_writing._of_file(intake_writing._intake(intake.pk), 10)
    behind = intake_writing._intake(intake.pk)
    write_on(intake_id=intake.pk, seconds=0, batch=10)
    with pytest.raises(intake_writing._Moved):
        intake_writing._write(behind, late)
    assert Item.objects.count() == 10


def test_a_message_whose_place_is_passed_ends(confirmed, monkeypatch):
    intake = confirmed(25)
    sent = []
    monkeypatch.setattr(intake_waking, "wake_worker", lambda intake: sent.append(intake.position))
    write_on(intake_id=intake.pk, seconds=0, batch=10)
    intake_tasks.write_intake(intake.pk, 0)
    assert (sent, Item.objects.count()) == ([], 10)
    intake_tasks.write_intake(intake.pk, 10)
    assert (sent, texts()) == ([], expected(25))


def test_what_fell_asleep_is_woken_once(confirmed, monkeypatch):
    intake = confirmed(25)
    sent = []
    monkeypatch.setattr(intake_waking, "wake_worker", lambda intake: sent.append(intake.pk))
    assert intake_waking.wake() == {"woken": 0, "forgotten": 0}
    Intake.objects.update(moved_at=timezone.now() - timedelta(seconds=11))
    assert intake_waking.wake() == {"woken": 1, "forgotten": 0}
    assert intake_waking.wake() == {"woken": 0, "forgotten": 0}
    assert sent == [intake.pk]


def test_a_file_that_nobody_confirmed_is_forgotten_after_a_month(checked):
    intake = checked(5)
    Intake.objects.update(moved_at=timezone.now() - timedelta(days=29))
    assert intake_waking.wake()["forgotten"] == 0
    Intake.objects.update(moved_at=timezone.now() - timedelta(days=31))
    assert intake_waking.wake()["forgotten"] == 1
    intake.refresh_from_db()
    assert (intake.state, intake.report) == ("cancelled", {})
    assert not staging_path(intake).exists()


def test_rows_that_are_gone_are_said_to_be_gone(confirmed):
    intake = confirmed(5)
    staging_path(intake).unlink()
    intake = write_on(intake_id=intake.pk)
    assert intake.state == "failed"
    assert "no longer on this server" in intake.message


def test_half_of_the_items_want_two_labels(confirmed):
    write_on(intake_id=confirmed(400).pk, seconds=60)
    twice = Item.objects.filter(wanted=2).count()
    assert 140 < twice < 260  # 6 standard deviations around 200
    assert Item.objects.filter(wanted=1).count() == 400 - twice


def test_a_query_that_is_a_gold_question_here_stays_one(checked, draft):
    content = "id,query,label\nq1,one,travel\nq2,two,noise\n"
    first = services.confirm(intake=checked(content=content, labels=False))
    Item.objects.filter(query__external_id="q1").update(kind="gold", answer="travel", planned=0, wanted=0)
    Intake.objects.filter(pk=first.pk).delete()
    again = services.confirm(intake=checked(content=content))
    assert again.options["result"] == {"queries": 0, "items": 0, "labels": 1, "gold": 0}
    assert list(Assignment.objects.values_list("item__query__external_id", "category")) == [("q2", "noise")]


def test_the_same_file_read_otherwise_is_another_version(checked):
    both = "text,query\none,two\n"
    from annotation.intake.columns import Columns

    for column in ("text", "query"):
        services.confirm(intake=checked(content=both, columns=Columns(text=column)))
    assert texts() == ["one", "two"]
    assert Query.objects.values("dataset_version").distinct().count() == 2


def test_a_data_set_between_others_is_added_batch_by_batch(draft, make_queries):
    make_queries(5, dataset="other")
    wanted, between, more = (make_queries(5, dataset=name) for name in ("wanted", "third", "fourth"))
    Query.objects.filter(pk__in=[query.pk for query in more]).update(dataset="wanted", external_id=F("text"))
    make_queries(5, dataset="last")
    assert wanted[-1].pk < between[0].pk < more[0].pk
    intake = services.add_dataset(campaign=draft, by=None, dataset="wanted", version="1", seconds=0)
    places = []
    while (intake := write_on(intake_id=intake.pk, seconds=0, batch=4)).state == "writing":
        places.append(intake.written)
    assert places == [4, 8, 10]
    assert set(Item.objects.values_list("query__dataset", flat=True)) == {"wanted"}


def test_titles_and_slugs_name_categories(draft):
    names = known_categories(draft.taxonomy.taxonomy)
    travel = draft.taxonomy.taxonomy.by_slug["travel"]
    assert {names[travel.slug], names[travel.title("ru")], names[travel.title("en")]} == {"travel"}


def test_the_secret_follows_the_key(settings):
    before = listener_secret()
    assert len(before) == 32
    settings.SECRET_KEY = "another"
    assert listener_secret() != before


def test_a_file_of_faults_cannot_be_confirmed(checked):
    intake = checked(content="query,x\n,1\n")
    with pytest.raises(InvalidInputError, match="No row of this file"):
        services.confirm(intake=intake)


def test_a_batch_costs_the_same_number_of_queries(confirmed, django_assert_max_num_queries):
    intake = confirmed(600)
    with django_assert_max_num_queries(14):
        write_on(intake_id=intake.pk, seconds=0, batch=500)


@pytest.mark.parametrize("order", ["random", "oldest"])
def test_items_are_what_the_service_of_items_makes(draft, order):
    from annotation.services.items import work_item

    draft.order = order
    fields = [
        field.attname for field in Item._meta.local_concrete_fields if not field.generated and field.attname != "id"
    ]
    for query, row in zip(range(50, 90), intake_rows.work_rows(draft, range(50, 90)), strict=True):
        made = work_item(draft, query)
        assert [getattr(row, name) for name in fields] == [getattr(made, name) for name in fields]
