import json

import pytest
from django.core.management import CommandError, call_command

from evaluation.models import Study

pytestmark = pytest.mark.django_db
QUERIES = ["for running", "Victory Day", "для сна"]


@pytest.fixture
def queries(tmp_path):
    path = tmp_path / "queries.jsonl"
    path.write_text("".join(json.dumps({"text": query}) + "\n" for query in QUERIES))
    return path


def test_holds_a_rehearsal(study, queries, capsys):
    call_command("rehearse", study.slug, queries=queries, participants=3, judgments_per_participant=2)
    held = Study.objects.get(slug=f"{study.slug}-rehearsal")
    assert held.trials.count() == 6
    assert f"Rehearsal `{held.slug}`: 6 trials" in capsys.readouterr().out


def test_takes_lines_of_text(study, tmp_path):
    path = tmp_path / "queries.txt"
    path.write_text("\n".join(QUERIES))
    call_command("rehearse", study.slug, queries=path, slug="dry", participants=1, judgments_per_participant=3)
    assert set(Study.objects.get(slug="dry").trials.values_list("query", flat=True)) == set(QUERIES)


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ('{"query": "x"}\n', {}, "line 1: this is no JSON object with a `text`"),
        ('{"text": "x"}\n', {}, "need as many different queries, got 1"),
        ('{"text": "x"}\n', {"ties": 2.0}, "share of ties must be between 0 and 0.9"),
    ],
)
def test_refuses_in_one_sentence(study, queries, text, options, sentence):
    queries.write_text(text)
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("rehearse", study.slug, queries=queries, **options)
    assert refused.value.returncode == 2
    assert Study.objects.count() == 1


def test_names_the_studies_that_there_are(study, queries):
    with pytest.raises(CommandError, match=f"the studies are: {study.slug}"):
        call_command("rehearse", "nothing", queries=queries)
