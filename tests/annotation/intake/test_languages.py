import pytest

from annotation.intake.columns import Columns
from annotation.intake.errors import IntakeError
from annotation.intake.languages import guess_language, language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ru", "ru"),
        ("RU", "ru"),
        ("ru_RU", "ru-RU"),
        ("zh-hant-tw", "zh-Hant-TW"),
        (" en ", "en"),
        ("kk-cyrl", "kk-Cyrl"),
    ],
)
def test_usual_spelling(written, code):
    assert language_code(written) == code


@pytest.mark.parametrize("written", ["russian", "r", "12", "русский", "en-", "u-48151623", "a@b"])
def test_no_code(written):
    assert language_code(written) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("для бега", "ru"),
        ("running", "en"),
        ("песни The Weeknd для бега", "ru"),
        ("songs like Кино for running", "en"),
        ("café del mar", "en"),
        ("2024 !!!", "und"),
        ("🎧", "und"),
        ("ランニング", "und"),
        ("ランニングのための曲 jazz", "und"),
    ],
)
def test_guess_by_script(text, language):
    assert guess_language(text) == language


def test_a_stated_language_comes_before_the_guess_and_after_the_file(stage):
    rows = stage("query,lang\nдля бега,\nlofi,en\n", columns=Columns(default_language="uk_UA"))
    assert [(row.language, row.guessed) for row in rows] == [("uk-UA", False), ("en", False)]


def test_a_stated_language_must_be_a_code(stage):
    with pytest.raises(IntakeError, match="'Klingon of the north' is not a code"):
        stage("query\nlofi\n", columns=Columns(default_language="Klingon of the north"))
