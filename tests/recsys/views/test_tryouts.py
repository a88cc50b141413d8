"""The try-it box: asking, waiting, looking, refusals by the field; one's own only."""

import re
import uuid

import pytest
from django.utils import timezone

from recsys.models import SystemVersion, Tryout
from recsys.services.tryout_answering import answer_tryout

pytestmark = pytest.mark.django_db
BASE = "/research/tryouts/"


@pytest.fixture
def visit(client, researcher):
    client.force_login(researcher)

    def visit(path="", data=None, **headers):
        response = client.get(BASE + path, **headers) if data is None else client.post(BASE + path, data, **headers)
        return response, re.sub(r"\s+", " ", response.content.decode())

    return visit


@pytest.fixture
def form(version):
    def form(**values):
        return {"query": "rain", "version": version.pk, "k": 5, "key": uuid.uuid4().hex, **values}

    return form


def answered(row) -> str:
    answer_tryout(tryout_id=row.pk)
    return f"{row.public_id}/"


class TestAsk:
    def test_the_box_offers_versions_and_listeners(self, visit, version, listener):
        _, text = visit()
        assert f'<option value="{version.pk}" selected>retriever-cr-dp · {version.fingerprint[:8]}' in text
        assert '<optgroup label="BM25 over playlist titles">' in text and f'value="{listener}"' in text

    def test_a_version_and_a_query_may_come_with_the_address(self, visit, versions):
        _, text = visit(f"?version={versions['bm25']}&query=sun")
        assert f'<option value="{versions["bm25"]}" selected>' in text and 'value="sun"' in text
        assert visit("?version=x&query=")[0].status_code == 200

    def test_asks_and_goes_there(self, visit, form, listener, researcher):
        response, _ = visit(data=form(listener=listener))
        row = Tryout.objects.get()
        assert response["Location"] == f"{BASE}{row.public_id}/"
        assert (row.asked_by, row.query, row.listener, row.k) == (researcher, "rain", listener, 5)

    def test_two_side_by_side(self, visit, form, versions):
        response, _ = visit(data=form(beside=versions["bm25"]))
        rows = {row.version.system: row for row in Tryout.objects.all()}
        first, second = rows["retriever-cr-dp"], rows["bm25"]
        assert response["Location"] == f"{BASE}{first.public_id}/{second.public_id}/"
        answered(first)
        answered(second)
        _, text = visit(f"{first.public_id}/{second.public_id}/")
        assert text.count('<li> <span class="tried-place"') == 10

    def test_a_double_click_is_one_row_and_a_change_another(self, visit, form):
        given = form()
        assert visit(data=given)[0]["Location"] == visit(data=given)[0]["Location"]
        visit(data={**given, "query": "sun"})  # gone back to, changed and sent with its old key
        assert Tryout.objects.count() == 2

    @pytest.mark.parametrize(
        ("values", "field", "said"),
        [
            ({"query": " "}, "query", "This field is required."),
            ({"query": "x" * 501}, "query", "at most 500 characters"),
            ({"query": "a\0b"}, "query", "Null characters are not allowed."),
            ({"version": 999_999}, "version", "Select a valid choice"),
            ({"version": ""}, "version", "This field is required."),
            ({"k": 0}, "k", "greater than or equal to 1"),
            ({"k": 101}, "k", "less than or equal to 100"),
            ({"k": "many"}, "k", "Enter a whole number."),
            ({"listener": "nobody-we-know"}, "listener", "The data set toy 2 knows no listener “nobody-we-know”."),
            ({"listener": "a\0b"}, "listener", "Null characters are not allowed."),
        ],
    )
    def test_refusals_stand_by_the_field(self, visit, form, values, field, said):
        response, text = visit(data=form(**values))
        assert response.status_code == 422 and not Tryout.objects.exists()
        assert re.search(rf'id="id_{field}_error">[^<]*{re.escape(said)}', text)

    def test_the_same_version_twice_is_refused(self, visit, form, version):
        response, text = visit(data=form(beside=version.pk))
        assert response.status_code == 422 and 'id="id_beside_error">This is the same version' in text

    def test_a_listener_that_the_second_data_set_lacks(self, visit, form, version, listener, toy_dataset):
        other = type(toy_dataset).objects.create(name="other", version="1", fingerprint="o")
        beside = SystemVersion.objects.create(system="bm25", fingerprint="o" * 64, dataset=other, artifact="o")
        response, text = visit(data=form(beside=beside.pk, listener=listener))
        assert response.status_code == 422 and "The data set other 1 knows no listener" in text

    def test_a_broken_key_is_replaced(self, visit, form):
        assert visit(data=form(key=""))[0].status_code == 302

    def test_without_scripts_a_look_at_listeners_asks_nothing(self, visit, form, listener):
        response, text = visit(data=form(look="1", words=listener, query="kept"))
        assert response.status_code == 200 and not Tryout.objects.exists()
        assert 'value="kept"' in text and f'value="{listener}"' in text and text.count('name="listener"') == 2
        assert "<noscript><button" in text

    def test_without_versions_there_is_nothing_to_try(self, visit, db):
        assert "There is no system version to try yet" in visit()[1]
        assert visit(data={"query": "rain", "version": 1, "k": 5})[0].status_code == 422


class TestListeners:
    def test_found_by_words(self, visit, version, listener):
        response, text = visit(f"listeners/?version={version.pk}&words={listener}")
        assert response.status_code == 200 and text.count('name="listener"') == 2
        assert "Nobody is found." in visit(f"listeners/?version={version.pk}&words=zzzz")[1]

    def test_without_a_version_nobody_is_offered(self, visit, versions):
        assert visit("listeners/?version=x")[1].count('name="listener"') == 1
        assert visit("listeners/?version=%00&words=%00")[0].status_code == 200


class TestAnswer:
    def test_waits_and_looks_again_by_itself(self, visit, make_tryout):
        row = make_tryout()
        _, text = visit(f"{row.public_id}/")
        assert f'hx-get="{BASE}{row.public_id}/state/?seen=queued"' in text
        assert f'<noscript><meta http-equiv="refresh" content="2; url={BASE}{row.public_id}/"></noscript>' in text
        assert visit(f"{row.public_id}/state/?seen=queued")[0].status_code == 204
        Tryout.objects.update(started_at=timezone.now())
        assert "A worker is making the playlist." in visit(f"{row.public_id}/state/?seen=queued")[1]

    def test_a_worker_that_is_away_is_said(self, visit, make_tryout):
        row = make_tryout()
        Tryout.objects.update(created_at=timezone.now() - timezone.timedelta(seconds=9))
        _, text = visit(f"{row.public_id}/state/?seen=queued")
        assert "No worker has taken it yet" in text and "entrypoint.sh gpu-worker" in text and "hx-get" in text

    def test_nobody_waits_for_ever(self, visit, make_tryout, settings):
        row = make_tryout()
        Tryout.objects.update(
            created_at=timezone.now() - timezone.timedelta(seconds=settings.GENERATION_DEADLINE_S + 1)
        )
        _, text = visit(f"{row.public_id}/state/?seen=away")
        assert "No worker has answered in time." in text and "hx-get" not in text

    def test_the_score_taken_apart_in_words_and_numbers(self, visit, make_tryout, listener):
        row = make_tryout(listener=listener, query="songs I will like")
        _, text = visit(answered(row))
        row.refresh_from_db()
        first = row.answer["tracks"][0]
        assert f"<strong>{row.answer['alpha']:.0%}</strong> personal" in text
        assert f"(α = {row.answer['alpha']:.3f})" in text and "Type of the query:" in text
        for value in (first["score"], first["semantic"], first["collaborative"]):
            assert f"{value:.3f}" in text
        assert 'hx-get="/research/tryouts/listeners/' in text and "data-poll" not in text  # it can be asked again

    def test_a_fixed_exponent(self, visit, make_tryout, versions):
        row = make_tryout(versions=[SystemVersion.objects.get(pk=versions["retriever-cr"])])
        _, text = visit(answered(row))
        assert "The exponent is fixed: <strong>1.00</strong> for every query" in text
        assert "Nobody’s taste was asked for" in text

    def test_a_failure_is_one_sentence(self, visit, make_tryout, settings, tmp_path):
        settings.MODELS_ROOT = tmp_path
        _, text = visit(answered(make_tryout()))
        assert "there is no whole artifact here" in text and "Traceback" not in text

    def test_bars_keep_their_point_in_russian(self, visit, make_tryout, listener):
        _, text = visit(answered(make_tryout(listener=listener)), HTTP_ACCEPT_LANGUAGE="ru")
        assert re.search(r'<rect width="\d+\.\d" height="4"/>', text) and not re.search(r'width="\d+,', text)
        assert "Этот запрос" in text

    def test_the_latest_are_listed(self, visit, make_tryout):
        answered(make_tryout(query="first question"))
        _, text = visit()
        assert "first question" in text and '<span class="badge badge-good">done</span>' in text


class TestWhose:
    def test_another_researcher_s_is_not_there(self, client, make_tryout, make_user):
        row = make_tryout()
        client.force_login(make_user("colleague", is_researcher=True))
        for path in ("", "state/", f"{row.public_id}/"):
            assert client.get(f"{BASE}{row.public_id}/{path}").status_code == 404
        assert "rain" not in client.get(BASE).content.decode()

    def test_what_is_not_there(self, visit, db):
        for path in (f"{uuid.uuid4()}/", f"{uuid.uuid4()}/state/"):
            assert visit(path)[0].status_code == 404
