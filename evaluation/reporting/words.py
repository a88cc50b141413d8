"""What reports say in each language. Core: pages have gettext, but files are also made where there is no Django."""

from collections.abc import Callable

from evaluation.reporting.words_en import ENGLISH
from evaluation.reporting.words_en_fit import ENGLISH_FIT
from evaluation.reporting.words_en_review import ENGLISH_REVIEW
from evaluation.reporting.words_ru import RUSSIAN
from evaluation.reporting.words_ru_fit import RUSSIAN_FIT
from evaluation.reporting.words_ru_review import RUSSIAN_REVIEW

LANGUAGES = {"en": ENGLISH | ENGLISH_FIT | ENGLISH_REVIEW, "ru": RUSSIAN | RUSSIAN_FIT | RUSSIAN_REVIEW}
Say = Callable[..., str]


def words(language: str) -> Say:
    """A function from a key and its values to the sentence.

    Raises:
        KeyError: The language is neither `en` nor `ru`, or there is no such key.
    """
    sentences = LANGUAGES[language]

    def say(key: str, **values: object) -> str:
        return sentences[key].format(**values) if values else sentences[key]

    return say
