"""`make_gold` and `export_labels`, as they are run."""

import hashlib
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotation.export.reading import read
from annotation.export.records import GOLD, VOTES
from annotation.models import GoldVersion
from annotation.services.imported_labels import ImportedLabel, place_labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelled(make_campaign):
    campaign = make_campaign(queries=12, overlap=2)
    queries = campaign.items.values_list("query", flat=True)
    place_labels(
        campaign=campaign, labels=[ImportedLabel(query, who, "travel") for query in queries for who in ("a1", "a2")]
    )
    return campaign


def run(*args, **options) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_gold_then_files(labelled, tmp_path):
    said = run("make_gold", labelled.slug, "v1", method="dawid-skene")
    version = GoldVersion.objects.get()
    assert said.startswith("12 queries: 12 unanimous")
    assert version.digest in said
    for format_ in ("csv", "jsonl", "parquet"):
        path = tmp_path / f"labels.{format_}"
        said = run("export_labels", labelled.slug, out=path, format=format_)
        assert hashlib.sha256(path.read_bytes()).hexdigest() in said
        with path.open("rb") as stream:
            assert len(list(read(stream, format_, schema=VOTES))) == 24
    gold = tmp_path / "gold.jsonl"
    run("export_labels", labelled.slug, out=gold, format="jsonl", gold="v1")
    assert hashlib.sha256(gold.read_bytes()).hexdigest() == version.digest  # the content hash is that of this file
    with gold.open("rb") as stream:
        assert len(list(read(stream, "jsonl", schema=GOLD))) == 12


def test_the_folder(labelled, tmp_path):
    run("make_gold", labelled.slug, "v1")
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        said = run("export_labels", labelled.slug, out=folder, format="datasets", gold="v1", licence="cc-by-4.0")
        assert GoldVersion.objects.get().digest in said
    paths = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(paths) >= 5
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in paths)
    assert 'license: "cc-by-4.0"' in (first / "README.md").read_text()


@pytest.mark.parametrize(
    ("args", "options", "said"),
    [
        (("make_gold", "nowhere", "v1"), {}, "the campaigns are: campaign-1"),
        (("make_gold", "campaign-1", "a b"), {}, "letters"),
        (("make_gold", "campaign-1", "v1"), {"minimum": 1.5}, "between 0 and 1"),
        (("export_labels", "campaign-1"), {"gold": "none"}, "no gold version"),
        (("export_labels", "campaign-1"), {"at": "soon"}, "must be a date"),
        (("export_labels", "campaign-1"), {"format": "datasets"}, "--gold"),
    ],
)
def test_refusals(labelled, tmp_path, args, options, said):
    if args[0] == "export_labels":
        options = {"out": tmp_path / "file", **options}
    with pytest.raises(CommandError, match=said) as refusal:
        run(*args, **options)
    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []
