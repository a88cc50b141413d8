import pytest

from annotation.answer_rows import AnswerError, AnswerRow, read_answers

CATEGORIES = ("travel", "noise")


def test_rows_with_and_without_a_reason_after_a_header():
    source = (
        '\ufefftext,language,category,why\r\n"on the road, at night",en,travel,a journey\r\n\r\nфывапр,ru,noise\r\n'
    )
    rows, errors = read_answers(source, categories=CATEGORIES)
    assert errors == []
    assert rows == [
        AnswerRow("on the road, at night", "en", "travel", "a journey"),
        AnswerRow("фывапр", "ru", "noise", ""),
    ]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("only text", AnswerError(1, "cells", "1")),
        ("a,en,travel,b,c", AnswerError(1, "cells", "5")),
        ("a,en,travel\n,en,travel", AnswerError(2, "text", "")),
        ("a,en,travel\n" + "x" * 2_001 + ",en,travel", AnswerError(2, "text", "x" * 40)),
        ("a,English,travel", AnswerError(1, "language", "English")),
        ("a,en,trips", AnswerError(1, "category", "trips")),
        ("a,en,travel\n\na,en,noise", AnswerError(3, "twice", "a")),
        ("a\x00,en,travel", AnswerError(1, "text", "a\x00")),
        ('"a,en,travel', AnswerError(1, "csv", "")),
        ("", AnswerError(0, "none", "")),
        ("text,language,category", AnswerError(0, "none", "")),
    ],
)
def test_what_is_wrong_is_named_by_its_line(source, error):
    assert read_answers(source, categories=CATEGORIES)[1] == [error]


def test_every_wrong_line_is_named():
    _, errors = read_answers("a,en,trips\nb,en,travel\nc,xx1,noise\n", categories=CATEGORIES)
    assert [(error.line, error.fault) for error in errors] == [(1, "category"), (3, "language")]


def test_too_many_rows():
    source = "\n".join(f"q{number},en,noise" for number in range(1_001))
    assert read_answers(source, categories=CATEGORIES)[1] == [AnswerError(0, "rows", "1001")]


def test_the_same_words_in_two_languages_are_two_questions():
    assert len(read_answers("solo,en,noise\nsolo,it,noise", categories=CATEGORIES)[0]) == 2
