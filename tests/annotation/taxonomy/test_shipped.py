import pytest

from annotation.taxonomy import BY_SLUG, CATEGORIES, COMMAND_KEYS, DEFAULT_TAXONOMY, SLUGS, TAXONOMY_VERSION
from annotation.taxonomy.keys import LEFT_HAND

# Table 3 of "Learning When to Personalize", word for word
PERSONALISED = [
    ("Emotional state", "for a melancholic mood"),
    ("Sports and physical activity", "for running"),
    ("Home leisure", "for a cozy evening at home"),
    ("Work and study", "for concentration at work"),
    ("Life situation", "for exam preparation"),
    ("Travel", "for a night drive through the city"),
    ("Fantasy situation", "to imagine yourself as Marilyn Monroe"),
    ("Romantic context", "for a romantic mood"),
    ("Explicit taste-dependent requests", "punk rock for an evening mosh that I will like"),
]
OTHERS = [
    ("Cultural or historical context", "Victory Day"),
    ("Existing genres, styles, artists, or tracks", "the most popular song of Louis Armstrong"),
    ("Existing trends and charts", "TikTok trends 2025"),
    ("“In the style of X” requests", "songs in the style of the Beatles"),
    ("Children’s content", "for a children’s morning party"),
    ("Soundtracks and media", "songs from the cartoon N"),
    ("Concrete musical characteristics", "guitar in djent style"),
    ("Queries referencing other people or groups", "for a party with my father-in-law"),
    ("Public places", "for a coffee shop"),
    ("Noise or random strings", "fjdhk.!!668!"),
]
# ours are in the singular, as a category is what one query is
IN_THE_SINGULAR = {
    "Explicit taste-dependent requests": "Explicit taste-dependent request",
    "“In the style of X” requests": "“In the style of X” request",
    "Queries referencing other people or groups": "Query referencing other people or groups",
}
# the data's, which never change
SLUGS_OF_THE_DATA = (
    *("emotional-state", "sports-activity", "home-leisure", "work-study", "life-situation", "travel", "fantasy"),
    *("romantic", "taste-dependent", "cultural-historical", "existing-entities", "trends-charts", "in-style-of"),
    *("children", "soundtracks-media", "musical-characteristics", "other-people", "public-places", "noise"),
)
KEYS = "qweasdzxcuiophjklnm"


@pytest.mark.parametrize(("personalised", "rows"), [(True, PERSONALISED), (False, OTHERS)])
def test_is_table_3_of_the_paper(personalised, rows):
    half = [category for category in CATEGORIES if category.personalised is personalised]
    titles = [IN_THE_SINGULAR.get(title, title) for title, _ in rows]
    assert [category.title("en") for category in half] == titles
    assert [category.examples("en")[0] for category in half] == [example for _, example in rows]


def test_slugs_and_keys_stay_for_ever():
    assert SLUGS == SLUGS_OF_THE_DATA == tuple(BY_SLUG) == DEFAULT_TAXONOMY.slugs
    assert "".join(category.key for category in CATEGORIES) == KEYS
    assert (DEFAULT_TAXONOMY.slug, DEFAULT_TAXONOMY.version) == ("personalisation", TAXONOMY_VERSION)


def test_each_half_lies_under_one_hand_and_no_key_means_two_things():
    assert {category.key in LEFT_HAND for category in CATEGORIES if category.personalised} == {True}
    assert {category.key in LEFT_HAND for category in CATEGORIES if not category.personalised} == {False}
    keys = [*COMMAND_KEYS.values(), *(category.key for category in CATEGORIES)]
    assert len(set(keys)) == len(keys) == len(COMMAND_KEYS) + 19


def test_both_languages_are_complete():
    texts = [(category.slug, field) for category in CATEGORIES for field in _translations(category)]
    assert {field.languages for _, field in texts} == {("en", "ru")}
    assert all(len(category.examples(language)) >= 2 for category in CATEGORIES for language in ("en", "ru"))
    for name in (DEFAULT_TAXONOMY.title, lambda ln: DEFAULT_TAXONOMY.half_title(True, ln)):
        assert name("en") and name("ru") and name("en") != name("ru")
    every = [query for category in CATEGORIES for ln in ("en", "ru") for query in category.examples(ln)]
    assert len(set(every)) == len(every) - 1  # noise is noise in both languages


def test_says_what_belongs_and_what_does_not_in_one_sentence_of_each_language():
    for category in CATEGORIES:
        for language in ("en", "ru"):
            for text in (category.definition(language), category.not_this(language)):
                assert text.endswith(".") and not text.endswith("..") and "  " not in text, category.slug
        english = category.definition("en")
        assert english.isascii() or "’" in english or "é" in english
        for text in (category.title("ru"), category.definition("ru"), category.not_this("ru")):
            assert any("а" <= letter <= "я" for letter in text.lower()) or "X" in text, category.slug


def test_hints_name_other_categories_by_their_titles():
    for language in ("en", "ru"):
        titles = {category.title(language).strip("“”«»").split("” ")[0] for category in CATEGORIES}
        for category in CATEGORIES:
            if category.slug == "noise":
                continue
            hint, own = category.not_this(language), category.title(language)
            assert any(title in hint for title in titles), (category.slug, language)
            assert f"“{own}”" not in hint and f"«{own}»" not in hint, (category.slug, language)


def _translations(category):
    return category.titles, category.definitions, category.hints, category.example_lists
