import pytest
from django.urls import reverse

from annotation.classifier.dataset import Example
from annotation.models import Assignment
from annotation.public import import_labelled_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def label():
    examples = [Example("q1", "run", "en", (("a1", "sports-activity"),))]
    import_labelled_queries(dataset="sample", version="1", queries=examples)
    return Assignment.objects.get()


@pytest.mark.parametrize("name", ["query", "assignment"])
def test_everything_is_read_only(admin_client, label, name):
    pk = label.item.query_id if name == "query" else label.pk
    assert b"run" in admin_client.get(reverse(f"admin:annotation_{name}_changelist") + "?q=run").content
    assert admin_client.get(reverse(f"admin:annotation_{name}_change", args=[pk])).status_code == 200
    assert admin_client.get(reverse(f"admin:annotation_{name}_add")).status_code == 403
    assert admin_client.post(reverse(f"admin:annotation_{name}_delete", args=[pk])).status_code == 403
    assert admin_client.post(reverse(f"admin:annotation_{name}_change", args=[pk]), {}).status_code == 403


def test_rows_have_names(label):
    assert str(label.item.query) == "run"
    assert str(label) == f"{label.annotator_id}: sports-activity"
