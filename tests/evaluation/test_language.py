import pytest

from evaluation.language import query_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("для ночной поездки по городу", "ru"),
        ("for a night drive", "en"),
        ("песни The Beatles под дождь", "ru"),
        ("songs like Кино from the 80s", "en"),
        ("ёж", "ru"),
        ("", ""),
        ("668!!! 🥺", ""),
        ("夜のドライブ", ""),
        ("مساء", ""),
    ],
)
def test_language_by_letters(text, language):
    assert query_language(text) == language
