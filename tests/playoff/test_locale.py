"""The Russian catalogue is complete, agrees with the sources' placeholders, and is compiled."""

import re
from pathlib import Path

import polib
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "platform" / "playoff" / "locale"
LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
PLURALS = {"ru": 4}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|<kbd>")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(FOLDER / language / "LC_MESSAGES" / "django.po"))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated(language: str) -> None:
    assert [entry.msgid for entry in catalogue(language) if not all(translations(entry)) or entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_all_there(language: str) -> None:
    po = catalogue(language)
    assert po.metadata["Plural-Forms"].startswith(f"nplurals={PLURALS[language]};")
    assert [entry.msgid for entry in po if entry.msgid_plural and len(entry.msgstr_plural) != PLURALS[language]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    for entry in catalogue(language):
        expected = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in translations(entry):
            assert sorted(PLACEHOLDER.findall(text)) == expected, entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_up_to_date(language: str) -> None:
    compiled = polib.mofile(str(FOLDER / language / "LC_MESSAGES" / "django.mo"))
    assert {entry.msgid: translations(entry) for entry in compiled} == {
        entry.msgid: translations(entry) for entry in catalogue(language)
    }
