import json

from annotation.intake.rows import Label

LINES = [
    {"text": "jazz", "label": "travel", "annotator": "a"},
    {"text": "rock"},
    {"text": "jazz", "label": "noise", "annotator": "b"},
    {"text": "jazz", "label": "noise", "annotator": "a"},
    *({"text": f"query {number}"} for number in range(1_200)),
]
CONTENT = "\n".join(map(json.dumps, LINES))


def test_a_text_that_is_kept_once_has_all_its_labels_the_last_of_an_annotator(stage):
    rows = stage(CONTENT, known_categories=["travel", "noise"], choice={"drop_exact": True})
    assert [row.text for row in rows[:3]] == ["jazz", "rock", "query 0"]
    assert sorted(rows[0].labels) == [Label("a", "noise", None), Label("b", "noise", None)]
    assert rows[1].labels == ()


def test_a_text_that_is_kept_again_keeps_its_own_labels(stage):
    rows = stage(CONTENT, known_categories=["travel", "noise"])
    assert [row.labels for row in rows[:4]] == [
        (Label("a", "travel", None),),
        (),
        (Label("b", "noise", None),),
        (Label("a", "noise", None),),
    ]


def test_pages_give_every_row_once(stage, staging):
    rows = stage(CONTENT, known_categories=["travel", "noise"], choice={"drop_exact": True})
    pages, after = [], 0
    while page := list(staging.kept_rows(after=after, limit=701)):
        pages += page
        after = page[-1].number
    assert pages == rows
    assert len(rows) == 1_202
