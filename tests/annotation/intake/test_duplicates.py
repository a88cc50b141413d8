import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotation.classifier.dataset import near_duplicate_key
from annotation.intake.duplicates import _folded, exact_key, family, near_key


@pytest.mark.parametrize(
    "other", ["моё утро", "МОЕ УТРО", "мое   утро!!!", "моё-утро", "моёёё утро", "мое\u0308 утро", "«Мое утро»"]
)
def test_near(other):
    assert near_key(other) == near_key("мое утро")
    assert family(other) == family("мое утро")
    assert exact_key(other) != exact_key("мое утро")


def test_far_and_short():
    assert near_key("моё утро") != near_key("твоё утро")
    assert near_key("!!!") != near_key("???")
    assert len(family("x")) == 16
    assert family("x") == (near_key("x") % (1 << 64)).to_bytes(8, "big").hex()


LETTERS = st.text() | st.text(alphabet="аееAaß12²½௰_-! \n\u0301\u0306Ⅳ①ﬁ")


@given(text=LETTERS.filter(lambda text: "ё" not in unicodedata.normalize("NFKC", text).casefold()))
@example(text="моеее утро 2000")
def test_without_yo_it_is_the_classifiers_key(text):
    assert _folded(text) == near_duplicate_key(text)


def test_yo_goes_before_letters_are_drawn_in():
    assert _folded("чьё её") == near_duplicate_key("чье ее") == "чье"
