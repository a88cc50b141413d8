import json
import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, researcher):
    client.force_login(researcher)

    def visit(path, **headers):
        response = client.get("/research/offline-runs/" + path, **headers)
        return response, re.sub(r"\s+", " ", response.content.decode())

    return visit


def test_an_empty_list_says_which_command_fills_it(visit):
    assert "manage.py evaluate" in visit("")[1]


def test_the_list(visit, make_run):
    run = make_run()
    _, text = visit("")
    assert f"Offline run {run.pk}" in text and "<code>popularity</code>" in text and "toy 2" in text


def test_a_run_as_a_page(visit, make_run, versions):
    response, text = visit(f"{make_run().pk}/")
    assert response.status_code == 200
    assert "0.500<small>0.400–0.600</small>" in text and "0.250" in text  # a figure without interval stands alone
    assert "intervals and tests are rough." in text
    assert "−0.250<small>−0.400 … −0.100</small>" in text and "0.012" in text and "they differ" in text
    assert "Travel" in text and "0.222<small>0.100–0.300</small>" in text and "few" in text
    assert f"/research/systems/popularity/#v{versions['popularity']}" in text
    assert "Путешествия" in visit(f"{make_run().pk}/", HTTP_ACCEPT_LANGUAGE="ru")[1]


def test_a_run_that_holds_no_more_than_figures(visit, make_run):
    run = make_run(
        result={"queries": 3, "systems": [{"system": "x", "fingerprint": "y", "mrr": {"value": 0.5, "ci": None}}]}
    )
    response, text = visit(f"{run.pk}/")
    assert response.status_code == 200 and "0.500" in text and "Pair by pair" not in text


def test_its_page_as_one_file(visit, toy_folder, toy_models):
    from recsys.services.offline import Order, evaluate_systems, record_run

    order = Order(dataset=toy_folder, systems=("bm25",), models=toy_models, replicates=100, timed=False)
    run = record_run(evaluate_systems(order))
    response, text = visit(f"{run.pk}/download/?format=html")
    assert response["Content-Disposition"] == f'attachment; filename="offline-run-{run.pk}.html"'
    assert "<style>" in text and "bm25" in text and '<html lang="en">' in text
    assert '<html lang="ru">' in visit(f"{run.pk}/download/?format=html", HTTP_ACCEPT_LANGUAGE="ru")[1]
    assert visit(f"{run.pk}/")[0].status_code == 200


def test_its_download(visit, make_run):
    run = make_run()
    response, _ = visit(f"{run.pk}/download/?format=json")
    assert json.loads(response.content) == run.result
    assert response["Content-Disposition"] == f'attachment; filename="offline-run-{run.pk}.json"'
    assert visit(f"{run.pk}/download/?format=exe")[0].status_code == 404


@pytest.mark.parametrize("path", ["999/", "999/download/", "99999999999999999999999/"])
def test_what_is_not_there(visit, path):
    assert visit(path)[0].status_code == 404
