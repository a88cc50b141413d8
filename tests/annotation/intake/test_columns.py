import pytest

from annotation.intake.columns import Columns
from annotation.intake.errors import IntakeError


def test_usual_names_are_found_without_case():
    found = Columns().found_in(["ID", " Запрос", "uid", "locale", "Choice", "completed_by", "lead_time", "time"])
    assert found == Columns(
        id="ID",
        text=" Запрос",
        user="uid",
        language="locale",
        label="Choice",
        annotator="completed_by",
        seconds="lead_time",
    )


def test_what_is_stated_wins_and_the_first_alias_before_the_others():
    assert Columns(text="q").found_in(["text", "q"]).text == "q"
    assert Columns().found_in(["q", "text", "session_id", "user_id"]) == Columns(text="text", user="user_id")


@pytest.mark.parametrize(
    ("columns", "names", "words"),
    [
        (Columns(text="phrase"), ["text"], "no column 'phrase' for the text; the file has 'text': name one of them"),
        (Columns(), ["text", "text"], "column 'text' stands 2 times; rename all but one"),
        (Columns(), ["phrase", "when"], "No column is named text or query; the file has 'phrase', 'when': say which"),
    ],
)
def test_refusals(columns, names, words):
    with pytest.raises(IntakeError, match=words):
        columns.found_in(names).check_against(names)


def test_a_first_row_taken_for_a_header_is_not_quoted():
    with pytest.raises(IntakeError, match="the file has column 1, column 2, 'jazz': say") as refusal:
        Columns().check_against(["user-4815", "anna@example.org", "jazz"])
    assert "4815" not in str(refusal.value)
