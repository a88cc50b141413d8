"""Systems and versions: settings that differ, figures of the latest run, what the artifact says of itself."""

import shutil

import pytest

from recsys.models import SystemVersion
from recsys.selectors.systems import Setting, card_of, dataset_sizes, differing, system_row, system_rows

pytestmark = pytest.mark.django_db


def test_every_system_is_there_in_order_with_its_versions(versions):
    rows = system_rows()
    assert [row.slug for row in rows][:2] == ["popularity", "bm25"]
    by_slug = {row.slug: row for row in rows}
    assert [row.version.pk for row in by_slug["bm25"].versions] == [versions["bm25"]]
    assert by_slug["bm25"].title == "BM25 over playlist titles" and "Robertson" in by_slug["bm25"].paper


def test_a_system_that_left_the_registry_is_still_told(version):
    SystemVersion.objects.filter(pk=version.pk).update(system="retired")
    row = system_row("retired")
    assert row is not None and row.title == "retired" and len(row.versions) == 1
    assert [row.slug for row in system_rows()][-1] == "retired"
    assert system_row("never-was") is None


def test_newest_versions_first(version):
    newer = SystemVersion.objects.create(
        system=version.system, fingerprint="n" * 64, dataset=version.dataset, artifact="gone"
    )
    row = system_row(version.system)
    assert [each.version for each in row.versions] == [newer, version]


def test_only_parameters_that_differ():
    assert differing("bm25", {"k1": 1.2, "b": 0.5, "stopwords": True}) == (Setting("b", 0.5, 0.0),)
    assert differing("bm25", {"new": 1}) == (Setting("new", 1, None),)
    assert differing("retired", {"x": 1}) == (Setting("x", 1, None),)


def test_figures_of_every_run_the_latest_first(version, make_run):
    older, newer = make_run(), make_run()
    row = system_row(version.system).versions[0]
    assert [line.run for line in row.runs] == [newer.pk, older.pk]
    assert row.latest.figures["hits@10"].value == pytest.approx(0.6)
    assert system_row("bm25").versions[0].latest is None


def test_a_list_costs_two_queries(versions, make_run, django_assert_num_queries):
    make_run()
    make_run("bm25", "retriever")
    with django_assert_num_queries(2):
        system_rows()


def test_the_artifact_speaks_for_itself(version):
    row = system_row(version.system).versions[0]
    assert row.problem == "" and row.trained_at is not None
    assert row.manifest.recipe.classifier == "" and "tokenizers" in row.manifest.libraries
    assert "after: Learning When to Personalize" in card_of(version)


def test_what_is_wrong_with_an_artifact_is_said(version, settings, tmp_path, toy_models):
    settings.MODELS_ROOT = tmp_path
    assert "there is no whole artifact here" in system_row(version.system).versions[0].problem
    assert card_of(version) == ""
    shutil.copytree(toy_models / "bm25", tmp_path / version.artifact)
    assert "another artifact stands here now" in system_row(version.system).versions[0].problem


def test_a_card_that_is_a_link_is_not_followed(version, settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    (tmp_path / "models" / version.artifact).mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "models" / version.artifact / "CARD.md").symlink_to(tmp_path / "secret")
    assert card_of(version) == ""


def test_sizes_of_data_sets(toy_dataset, django_assert_num_queries):
    with django_assert_num_queries(3):
        sizes = dataset_sizes([toy_dataset.pk, 999])
    assert sizes[toy_dataset.pk]["tracks"] == toy_dataset.tracks.count() and sizes[999] == {}
