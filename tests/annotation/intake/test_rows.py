import re

import pytest

from annotation.intake.fields import RawLabel, RawRow
from annotation.intake.pseudonyms import Pseudonyms
from annotation.intake.rows import Label, Problem, Row, Rules, check_row, fold

PSEUDONYMS = Pseudonyms(b"x" * 32)
CATEGORIES = {fold("travel"): "travel", fold("Работа и учёба"): "work-study", fold("work-study"): "work-study"}
RULES = Rules(PSEUDONYMS, CATEGORIES, "imported", quoting=True)


def check(text: object = "for running", rules: Rules = RULES, **fields) -> Row | Problem:
    return check_row(7, 9, RawRow(text, **fields), rules)


def test_a_full_row():
    labels = (RawLabel("a1", "Travel", "2.5"), RawLabel(None, " РАБОТА и учёба ", None), RawLabel(5, ["travel"], 3))
    assert check(" for running\n", user=" u1 ", language="en_GB", id=12, labels=labels, answer="travel") == Row(
        number=7,
        line=9,
        id="12",
        text="for running",
        language="en-GB",
        user=PSEUDONYMS.user("u1"),
        labels=(Label("a1", "travel", 2.5), Label("imported", "work-study", None), Label("5", "travel", 3.0)),
        answer="travel",
    )


def test_what_a_row_lacks():
    assert check("для бега") == Row(7, 9, "line-9", "для бега", "ru", guessed=True)
    assert check(rules=Rules(PSEUDONYMS, None, "x", by_line=False)).id == "row-7"
    assert check(labels=(RawLabel("a", " ", None), RawLabel("b", [], None)), answer="").labels == ()


@pytest.mark.parametrize("nobody", ["", " ", "NULL", "null", "None", "nan", "\\N", "-", None])
def test_nobody_is_no_user(nobody):
    assert check(user=nobody).user is None


def test_numbers_name_users_too():
    assert check(user=12).user == check(user="12").user


def test_labels_can_be_left_unread():
    rules = Rules(PSEUDONYMS, None, "imported")
    row = check(rules=rules, labels=(RawLabel("a", "whatever", "x"),), answer="whatever")
    assert (row.labels, row.answer) == ((), None)


def test_the_last_label_of_an_annotator_counts():
    row = check(labels=(RawLabel("a", "travel", None), RawLabel("a", "work-study", None)))
    assert row.labels == (Label("a", "work-study", None),)


@pytest.mark.parametrize("text", ["a\tb\nc", "שיר לריצה", "👩‍👩‍👧 party", "\u202bשיר\u202c", "<b>&"])
def test_texts_that_people_type(text):
    assert check(text).text == text


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"text": None}, "text-missing", "there is no text; add one"),
        ({"text": 1984}, "text-type", "the text is not a string; put it in quotes"),
        ({"text": " \n"}, "text-empty", "the text is empty; write at least one character"),
        ({"text": "\u200b\ufeff"}, "text-empty", "the text is empty"),
        ({"text": "x" * 2_001}, "text-long", "the text has 2001 characters; shorten it to 2000"),
        ({"text": "ab\x00"}, "control-character", "character 3 is U\\+0000, which no text holds; remove it"),
        ({"text": "a\x85b"}, "control-character", r"character 2 is U\+0085"),
        ({"text": "\ud83d"}, "control-character", r"character 1 is U\+D83D"),
        ({"language": "russian"}, "language", 'the language "russian" is not a code such as ru or en-GB; correct it'),
        ({"language": 5}, "language", "the language 5 is not a code"),
        ({"user": ["u"]}, "user-type", "the user is neither a string nor a number; write one of them"),
        ({"user": True}, "user-type", "the user is neither"),
        ({"id": "x" * 201}, "id-long", "the id has 201 characters; shorten it to 200"),
        ({"id": 1.5}, "id-type", "the id is neither a string nor a whole number"),
        ({"id": "a\x00"}, "id-control", "the id holds a control character"),
        ({"labels": [RawLabel("a", "jazz", None)]}, "unknown-category", 'the category "jazz" is not known; use one of'),
        ({"labels": [RawLabel("a", 3, None)]}, "unknown-category", "the category 3 is not known"),
        ({"labels": [RawLabel("a", [[0, 5, "x"]], None)]}, "unknown-category", r"the category \[0, 5"),
        ({"labels": [RawLabel("a", ["travel", "work-study"], None)]}, "several-categories", "several .*; keep one"),
        ({"labels": [RawLabel("a", "travel#work-study", None)]}, "several-categories", "several categories stand"),
        ({"labels": [RawLabel("a", '{"choices": ["a", "b"]}', None)]}, "several-categories", "several categories"),
        ({"labels": [RawLabel({}, "travel", None)]}, "annotator-type", "the annotator is neither"),
        ({"labels": [RawLabel("a", "travel", "soon")]}, "seconds", 'the time "soon" is not a number of seconds'),
        (
            {"labels": [RawLabel("a", "travel", -1)]},
            "seconds",
            "the time -1 is not a number of seconds; write 0 or more$",
        ),
        ({"labels": [RawLabel("a", "travel", float("nan"))]}, "seconds", "the time NaN is not"),
        ({"answer": "jazz"}, "unknown-category", 'the category "jazz" is not known; use one of travel, work-study$'),
    ],
)
def test_problems(fields, kind, words):
    found = check(**fields)
    assert (found.number, found.line, found.kind) == (7, 9, kind)
    assert re.match(words, found.sentence), found.sentence


def test_values_are_quoted_only_where_no_user_can_stand():
    rules = Rules(PSEUDONYMS, CATEGORIES, "imported")
    for fields in ({"language": "u-48151623"}, {"labels": [RawLabel("a", "u-48151623", None)]}):
        assert "4815" not in check(rules=rules, **fields).sentence
