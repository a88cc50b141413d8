import pytest

from recsys.text.layout import other_layout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"), ("кщсл", "rock"), ("Vepsrf lkz ,tuf", "музыка для бега"), ("`krb", "елки"),
        ("Руфмн Ьуефд", "heavy metal"), ("gtcyb j k.,db", "песни о любви"), ("[jhjitt", "хорошее"),
        ("80-е", "80-t"), ("2000", "2000"), ("", ""),
    ],
)  # fmt: skip
def test_the_same_keys_in_the_other_layout(typed, meant):
    assert other_layout(typed) == meant


@pytest.mark.parametrize("text", ["съешь еще этих мягких французских булок, да выпей чаю", "the quick brown fox"])
def test_twice_is_the_text_itself(text):
    plain = text.replace(",", "")
    assert other_layout(other_layout(plain)) == plain
