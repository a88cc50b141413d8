from annotation.taxonomy import CATEGORY_KEYS, COMMAND_KEYS
from annotation.taxonomy.keys import key_cap, keyboard_code


def test_category_keys_are_letters_and_digits_but_for_the_commands():
    assert sorted(CATEGORY_KEYS) == sorted(set("abcdefghijklmnopqrstuvwxyz0123456789") - set("ftgb"))
    assert not set(CATEGORY_KEYS) & set(COMMAND_KEYS.values())


def test_keys_have_the_names_of_ui_events_and_the_caps_of_the_usual_layouts():
    # https://www.w3.org/TR/uievents-code/, and the Russian layout (ЙЦУКЕН) over it
    assert [keyboard_code(key) for key in "q1m"] == ["KeyQ", "Digit1", "KeyM"]
    assert [key_cap(key, "ru") for key in "qaz0p"] == ["Й", "Ф", "Я", "0", "З"]
    assert [key_cap(key, "en") for key in "qaz0p"] == ["Q", "A", "Z", "0", "P"]
    assert key_cap("m", "ru-RU") == "Ь"
