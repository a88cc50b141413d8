import pytest
from django.urls import reverse

from annotation.models import Label, Query

pytestmark = pytest.mark.django_db


@pytest.fixture
def label():
    query = Query.objects.create(dataset="sample", dataset_version="1", external_id="q1", text="run", language="en")
    return Label.objects.create(query=query, annotator="a1", category="sports-activity")


@pytest.mark.parametrize("name", ["query", "label"])
def test_everything_is_read_only(admin_client, label, name):
    pk = label.query_id if name == "query" else label.pk
    assert b"run" in admin_client.get(reverse(f"admin:annotation_{name}_changelist") + "?q=run").content
    assert admin_client.get(reverse(f"admin:annotation_{name}_change", args=[pk])).status_code == 200
    assert admin_client.get(reverse(f"admin:annotation_{name}_add")).status_code == 403
    assert admin_client.post(reverse(f"admin:annotation_{name}_delete", args=[pk])).status_code == 403
    assert admin_client.post(reverse(f"admin:annotation_{name}_change", args=[pk]), {}).status_code == 403


def test_rows_have_names(label):
    assert str(label.query) == "run"
    assert str(label) == "a1: sports-activity"
