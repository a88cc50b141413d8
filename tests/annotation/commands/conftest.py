"""The little set of labelled queries as a file."""

import json

import pytest


@pytest.fixture
def queries(little, tmp_path):
    path = tmp_path / "queries.jsonl"
    rows = [
        {
            "id": example.id,
            "text": example.text,
            "lang": example.language,
            "annotations": [{"annotator": a, "category": c} for a, c in example.annotations],
        }
        for example in little
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
