"""The lead's pages about queries: every role, every format, nothing before the confirmation, no name on the disk."""

import gzip
import json
import sqlite3
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotation import uploads
from annotation.models import Assignment, Intake, Item, Query
from annotation.services import intake as services
from annotation.views import intake as views

pytestmark = pytest.mark.django_db
LOG = "user_id,query\nанна@example.org,для бега\nu2,lofi for work\nu2,\nu3,lofi for work\nu2,rainy day\nu2,van life\n"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def draft(make_campaign):
    return make_campaign(queries=0, opened=False)


@pytest.fixture
def give(client, lead, draft):
    """Give a file through the page; returns the answer."""
    client.force_login(lead)

    def give(content: str | bytes, *, name: str = "log.csv", **fields):
        data = content.encode() if isinstance(content, str) else content
        sent = {"file": SimpleUploadedFile(name, data), "per_user": "2", "labels": "on", "encoding": "utf-8", **fields}
        return client.post(reverse("annotation:intake", args=[draft.slug]), sent)

    return give


def confirm(client, intake: Intake):
    return client.post(reverse("annotation:intake_confirm", args=[intake.campaign.slug, intake.public_id]))


def page(client, intake: Intake) -> str:
    return client.get(reverse("annotation:intake_file", args=[intake.campaign.slug, intake.public_id])).content.decode()


def test_a_log_is_read_shown_confirmed_and_only_then_written(client, draft, give, home):
    answer = give(LOG)
    intake = Intake.objects.get()
    assert answer.status_code == 302
    assert answer.url.endswith(f"/{intake.public_id}/")
    assert (intake.state, intake.read, intake.kept, intake.name) == ("checked", 6, 3, "log.csv")
    assert (Query.objects.count(), Item.objects.count()) == (0, 0)
    shown = page(client, intake)
    assert "Add 3 queries" in shown
    assert '<th scope="row" class="number">4</th><td>The text is empty' in shown
    assert "1</strong> · beyond the most queries of one user" in shown

    confirm(client, intake)
    intake.refresh_from_db()
    assert (intake.state, intake.written, intake.options["result"]["items"]) == ("done", 3, 3)
    assert not list((home / "intakes").iterdir())
    assert set(Item.objects.values_list("query__language", flat=True)) == {"ru", "en"}
    assert {query.external_id for query in Query.objects.all()} >= {"line-2"}
    assert all(len(query.listener) == 32 and len(query.family) == 16 for query in Query.objects.all())
    assert "3 queries are new" in page(client, intake)


def test_no_name_of_a_user_is_stored_anywhere(give, home):
    give(LOG)
    for path in home.rglob("*"):
        assert not path.is_file() or "анна@example.org".encode() not in path.read_bytes()
    assert "анна" not in json.dumps(Intake.objects.get().report, ensure_ascii=False)


def test_the_waiting_file_is_for_nobody_else(give, home):
    give(LOG)
    (path,) = (home / "intakes").glob("*.sqlite3")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_confirming_twice_writes_once(client, give):
    give(LOG)
    intake = Intake.objects.get()
    confirm(client, intake)
    assert confirm(client, intake).status_code == 302
    assert (Item.objects.count(), Query.objects.count()) == (3, 3)


def test_the_same_file_twice_adds_nothing(client, give):
    for _ in range(2):
        give(LOG)
        confirm(client, Intake.objects.first())
    assert (Item.objects.count(), Query.objects.count()) == (3, 3)
    assert "0 queries are new" in page(client, Intake.objects.first())


def test_a_cancelled_file_leaves_nothing(client, draft, give, home):
    give(LOG)
    intake = Intake.objects.get()
    client.post(reverse("annotation:intake_cancel", args=[draft.slug, intake.public_id]))
    intake.refresh_from_db()
    assert (intake.state, intake.report) == ("cancelled", {})
    assert not list((home / "intakes").iterdir())
    assert confirm(client, intake).status_code == 409
    assert not Query.objects.exists()


def test_what_is_written_cannot_be_cancelled(client, draft, give):
    give(LOG)
    intake = Intake.objects.get()
    confirm(client, intake)
    assert client.post(reverse("annotation:intake_cancel", args=[draft.slug, intake.public_id])).status_code == 409


TASKS = [
    {
        "id": number,
        "data": {"text": f"task {number}"},
        "annotations": [
            {
                "completed_by": person,
                "lead_time": 2.5,
                "ground_truth": number == 1,
                "result": [{"type": "choices", "value": {"choices": ["Travel"]}}],
            }
            for person in (10, 11)
        ],
    }
    for number in (1, 2)
]
FORMATS = {
    "csv": LOG.encode(),
    "tsv": LOG.replace(",", "\t").encode(),
    "gzip": gzip.compress(LOG.encode()),
    "json-lines": b'{"query": "one", "user": 1}\n{"query": "two"}\n{"query": "three"}',
    "json": b'[{"text": "one"}, {"text": "two"}, {"text": "three"}]',
    "doccano": b'{"id": 1, "data": "one", "label": ["travel"]}\n{"id": 2, "data": "two", "label": []}\n'
    b'{"id": 3, "data": "three", "label": ["noise"]}',
    "label-studio": json.dumps([*TASKS, {"id": 3, "data": {"text": "three"}}]).encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(client, give, name):
    give(FORMATS[name])
    confirm(client, Intake.objects.get())
    assert Item.objects.count() == 3


def test_labels_of_label_studio_become_votes(client, give):
    give(json.dumps(TASKS))
    intake = Intake.objects.get()
    assert "4 labels by 2 annotators" in page(client, intake)
    confirm(client, intake)
    votes = Assignment.objects.votes()
    assert sorted(votes.values_list("item__query__external_id", "annotator__pseudonym", "category", "seconds")) == [
        ("1", "10", "travel", 2.5),
        ("1", "11", "travel", 2.5),
        ("2", "10", "travel", 2.5),
        ("2", "11", "travel", 2.5),
    ]
    assert set(Item.objects.values_list("labelled", "wanted")) == {(2, 2)}


def test_labels_of_doccano_become_votes(client, give):
    give(FORMATS["doccano"], name="admin.jsonl")
    confirm(client, Intake.objects.get())
    assert sorted(Assignment.objects.votes().values_list("item__query__text", "category")) == [
        ("one", "travel"),
        ("three", "noise"),
    ]


def test_labels_can_be_left_out(client, give):
    give(json.dumps(TASKS), labels="")
    confirm(client, Intake.objects.get())
    assert not Assignment.objects.exists()
    assert Item.objects.count() == 2


def test_a_known_answer_becomes_a_gold_question_where_that_is_wished(client, give):
    give(json.dumps(TASKS), gold="on")
    confirm(client, Intake.objects.get())
    assert sorted(Item.objects.values_list("kind", "answer", "labelled")) == [("gold", "travel", 0), ("work", "", 2)]


@pytest.mark.parametrize(
    ("content", "fields", "sentence"),
    [
        (b"", {}, "The file is empty"),
        (b"a,b\n1,2\n", {}, "No column is named text or query"),
        (b"PK\x03\x04....", {}, "zip archive"),
        ("query\nдля бега\n".encode("cp1251"), {}, "The file is not UTF-8"),
        (b"query\n", {}, "The file has no rows"),
        (b"query\nlofi\n", {"text": "phrase"}, "There is no column"),
        (b"query\nlofi\n", {"default_language": "Klingon!"}, "is no language"),
        (b"query\nlofi\n", {"per_user": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(give, home, content, fields, sentence):
    answer = give(content, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Intake.objects.exists()
    assert not list((home / "intakes").glob("*")) if (home / "intakes").exists() else True


def test_a_file_without_a_good_row_is_shown_but_cannot_be_confirmed(client, give):
    give("query,user\n,a\n,b\n")
    intake = Intake.objects.get()
    assert "No row of this file can be used" in page(client, intake)
    assert confirm(client, intake).status_code == 400


def test_a_file_too_large_is_not_kept(give, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 100_000)
    answer = give("query\n" + "lofi\n" * 100_000)
    assert answer.status_code == 422
    assert "import_queries campaign-1 FILE" in answer.content.decode()
    assert not Intake.objects.exists()


def test_a_file_with_too_many_rows_is_sent_to_the_command(give, monkeypatch):
    monkeypatch.setattr(views, "PAGE_BOUNDS", views.Bounds(rows=2, seconds=30))
    answer = give(LOG)
    assert answer.status_code == 422
    assert "import_queries CAMPAIGN FILE" in answer.content.decode()
    assert not Intake.objects.exists()


def test_the_upload_has_no_name_on_the_disk(rf):
    handler = uploads.NamelessUploadHandler(rf.get("/"))
    handler.new_file("file", "log.csv", "text/csv", None)
    handler.receive_data_chunk(b"query\n", 0)
    assert isinstance(handler.file.name, int) or not Path(str(handler.file.name)).exists()
    upload = handler.file_complete(6)
    assert upload is not None
    assert upload.read() == b"query\n"


def test_a_form_from_elsewhere_is_refused(lead, draft):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    sent = {"file": SimpleUploadedFile("log.csv", LOG.encode()), "encoding": "utf-8"}
    assert client.post(reverse("annotation:intake", args=[draft.slug]), sent).status_code == 403
    assert not Intake.objects.exists()


def test_the_rest_waits_in_words_when_there_is_no_worker(client, give):
    give("query\n" + "".join(f"query {number}\n" for number in range(600)))
    intake = services.confirm(intake=Intake.objects.get(), seconds=0)
    shown = page(client, intake)
    assert "No worker is running" in shown
    assert 'hx-trigger="every 1s"' in shown


def test_a_living_worker_is_trusted(client, give, home):
    give(LOG)
    services.confirm(intake=Intake.objects.get(), seconds=0)
    (home / "worker-heartbeat").touch()
    assert "No worker is running" not in page(client, Intake.objects.get())


def test_a_data_set_is_added_with_one_click(client, lead, draft, make_queries):
    make_queries(5, dataset="other")
    make_queries(3, dataset="sample")
    make_queries(4, dataset="zebra")
    client.force_login(lead)
    url = reverse("annotation:intake", args=[draft.slug])
    shown = client.get(url).content.decode()
    assert [shown.count(f'<span dir="auto">{name}</span>') for name in ("other", "sample", "zebra")] == [1, 1, 1]
    for _ in range(2):
        answer = client.post(
            reverse("annotation:intake_dataset", args=[draft.slug]), {"dataset": "sample", "version": "1"}
        )
        assert answer.status_code == 302
    assert set(Item.objects.values_list("query__dataset", flat=True)) == {"sample"}
    assert Item.objects.count() == 3
    answer = client.post(reverse("annotation:intake_dataset", args=[draft.slug]), {"dataset": "none"})
    assert answer.status_code == 400


def test_the_page_says_what_is_in(client, lead, make_campaign):
    campaign = make_campaign(queries=5)
    client.force_login(lead)
    url = reverse("annotation:intake", args=[campaign.slug])
    for shown in (client.get(url), client.get(reverse("annotation:intake_content", args=[campaign.slug]))):
        assert "<dd>5</dd>" in shown.content.decode()


def test_a_large_campaign_is_counted_after_the_page_is_there(client, lead, make_campaign, monkeypatch):
    campaign = make_campaign(queries=5)
    monkeypatch.setattr(views.reads, "COUNTED_AT_ONCE", 4)
    client.force_login(lead)
    url = reverse("annotation:intake", args=[campaign.slug])
    assert 'hx-trigger="load"' in client.get(url).content.decode()
    assert "<dd>5</dd>" in client.get(url + "?count").content.decode()


def test_an_intake_of_another_campaign_is_not_found(client, give, make_campaign):
    give(LOG)
    intake = Intake.objects.get()
    other = make_campaign(queries=1)
    assert client.get(reverse("annotation:intake_file", args=[other.slug, intake.public_id])).status_code == 404
    assert client.post(reverse("annotation:intake_confirm", args=[other.slug, intake.public_id])).status_code == 404
    assert not Query.objects.filter(dataset="log.csv").exists()


ROUTES = [
    ("get", "intake"), ("post", "intake"), ("get", "intake_content"), ("post", "intake_dataset"),
    ("get", "intake_file"), ("post", "intake_confirm"), ("post", "intake_cancel"),
]  # fmt: skip
WITH_ID = ("intake_file", "intake_confirm", "intake_cancel")


@pytest.mark.parametrize(("method", "name"), ROUTES)
@pytest.mark.parametrize("role", ["stranger", "outsider", "annotator", "researcher", "lead", "superuser"])
def test_only_a_lead_comes_in(client, make_user, draft, method, name, role):
    intake = Intake.objects.create(campaign=draft, name="log.csv", state="done", options={}, kept=1)
    if role != "stranger":
        flags = {"outsider": {}, "superuser": {"is_superuser": True}}.get(role, {f"is_{role}": True})
        client.force_login(make_user(role, **flags))
    args = [draft.slug, intake.public_id] if name in WITH_ID else [draft.slug]
    answer = getattr(client, method)(reverse(f"annotation:{name}", args=args))
    if role == "stranger":
        assert (answer.status_code, "/login/" in answer.url) == (302, True)
    elif role in ("lead", "superuser"):
        assert answer.status_code in (200, 302, 400, 409, 422)
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("name", ["intake_confirm", "intake_cancel", "intake_dataset"])
def test_writing_needs_a_post(client, lead, draft, name):
    client.force_login(lead)
    args = [draft.slug, uuid.uuid4()] if name in WITH_ID else [draft.slug]
    assert client.get(reverse(f"annotation:{name}", args=args)).status_code == 405


def test_the_staging_file_has_pseudonyms_only(give, home):
    give(LOG)
    (path,) = (home / "intakes").glob("*.sqlite3")
    with sqlite3.connect(path) as connection:
        users = {row[0] for row in connection.execute("SELECT user FROM row")}
    assert all(len(user) == 16 for user in users)
