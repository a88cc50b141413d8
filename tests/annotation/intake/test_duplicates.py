import pytest

from annotation.intake.duplicates import exact_key, family, near_key


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
