"""Pages about systems: what they show, what they say when there is nothing, and what is not there."""

import re

import pytest

from recsys.models import SystemVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, researcher):
    client.force_login(researcher)

    def visit(path, **headers):
        response = client.get(path, **headers)
        return response, re.sub(r"\s+", " ", response.content.decode())

    return visit


class TestList:
    def test_an_empty_one_says_which_command_fills_it(self, visit, db):
        response, text = visit("/research/systems/")
        assert response.status_code == 200
        assert "BM25 over playlist titles" in text and "No version is registered yet." in text
        assert "manage.py train" in text and "manage.py evaluate" in text
        assert "There is no system version to try yet" in text and "<form class" not in text

    def test_versions_with_figures_and_intervals(self, visit, versions, make_run):
        run = make_run()
        _, text = visit("/research/systems/")
        assert "0.600<small>0.500–0.700</small>" in text and "0.300<small>0.200–0.400</small>" in text
        assert "2.5<small>p95 12</small>" in text and f"/research/offline-runs/{run.pk}/" in text
        assert text.count('class="system-head"') == len(visit("/api/v1/systems/")[0].json())

    def test_parameters_that_differ_and_artifacts_that_are_gone(self, visit, versions, settings, tmp_path):
        SystemVersion.objects.filter(pk=versions["bm25"]).update(parameters={"k1": 2.0, "b": 0.0})
        settings.MODELS_ROOT = tmp_path
        _, text = visit("/research/systems/")
        assert "<code>k1 = 2.0</code>" in text and "default 1.2" in text and "<code>b = 0.0</code>" not in text
        assert "artifact cannot be used" in text

    def test_cost_does_not_grow_with_versions(self, visit, version, django_assert_max_num_queries):
        SystemVersion.objects.bulk_create(
            SystemVersion(system="bm25", fingerprint=f"f{n}", dataset=version.dataset, artifact=f"a{n}")
            for n in range(30)
        )
        with django_assert_max_num_queries(9):
            visit("/research/systems/")

    def test_there_is_a_way_to_it(self, visit, db):
        assert 'href="/research/systems/"' in visit("/research/")[1]

    def test_in_russian(self, visit, versions):
        _, text = visit("/research/systems/", HTTP_ACCEPT_LANGUAGE="ru")
        assert "Системы и их версии" in text and "Learned from" not in text


class TestSystem:
    def test_everything_about_a_version(self, visit, version, make_run):
        make_run()
        make_run()
        response, text = visit(f"/research/systems/{version.system}/")
        assert response.status_code == 200
        for said in (version.fingerprint, version.code_version, "Card of the artifact", "eq. 1 and 3 to 6", "Remarks"):
            assert said in text
        assert text.count("0.600<small>") == 2  # one line for each run
        assert f'id="v{version.pk}"' in text and f"/research/tryouts/?version={version.pk}" in text

    def test_the_studies_that_use_it(self, visit, study):
        assert 'href="/research/studies/pilot/" dir="auto">Pilot</a>' in visit("/research/systems/bm25/")[1]
        assert "Used by" not in visit("/research/systems/retriever/")[1]

    def test_without_runs_or_versions_it_says_how_to_get_them(self, visit, versions):
        assert "There are no offline figures yet." in visit("/research/systems/bm25/")[1]
        SystemVersion.objects.filter(system="bm25").delete()
        assert "manage.py train bm25" in visit("/research/systems/bm25/")[1]

    def test_what_is_wrong_with_the_artifact(self, visit, version, settings, tmp_path):
        settings.MODELS_ROOT = tmp_path
        assert "there is no whole artifact here" in visit(f"/research/systems/{version.system}/")[1]

    def test_what_is_not_there(self, visit, db):
        assert visit("/research/systems/nothing/")[0].status_code == 404
