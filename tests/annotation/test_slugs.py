import pytest

from annotation.slugs import suggested_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Autumn log, part 2", "autumn-log-part-2"),
        ("Щедрый объём ёлок", "shchedryy-obem-elok"),
        ("Café  Über!", "cafe-uber"),
        ("音楽", "campaign"),
        ("", "campaign"),
        ("a" * 80, "a" * 50),
        ("a" * 49 + " b", "a" * 49),
    ],
)
def test_titles_become_slugs(title, slug):
    assert suggested_slug(title) == slug


def test_a_taken_slug_is_numbered_and_stays_short():
    assert suggested_slug("Log", taken=frozenset({"log", "log-2"})) == "log-3"
    long = suggested_slug("a" * 60, taken=frozenset({"a" * 50}))
    assert long == "a" * 48 + "-2"
