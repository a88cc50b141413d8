from annotation.taxonomy import BY_SLUG, CATEGORIES, SLUGS, TAXONOMY_VERSION

# Table 3 of "Learning When to Personalize"; the slugs are the data's and never change
PERSONALISED = {
    "emotional-state",
    "sports-activity",
    "home-leisure",
    "work-study",
    "life-situation",
    "travel",
    "fantasy",
    "romantic",
    "taste-dependent",
}
OTHERS = {
    "cultural-historical",
    "existing-entities",
    "trends-charts",
    "in-style-of",
    "children",
    "soundtracks-media",
    "musical-characteristics",
    "other-people",
    "public-places",
    "noise",
}


def test_has_the_categories_of_the_paper():
    assert {category.slug for category in CATEGORIES if category.personalised} == PERSONALISED
    assert {category.slug for category in CATEGORIES if not category.personalised} == OTHERS
    assert len(CATEGORIES) == len(SLUGS) == len(BY_SLUG) == 19
    assert TAXONOMY_VERSION >= 1


def test_says_what_belongs_and_what_does_not_in_one_sentence_of_each_language():
    for category in CATEGORIES:
        for text in (category.definition_en, category.not_this_en, category.definition_ru, category.not_this_ru):
            assert text.endswith(".") and not text.endswith(".."), category.slug
            assert "  " not in text
        assert category.definition_en.isascii() or "’" in category.definition_en or "é" in category.definition_en
        for text in (category.title_ru, category.definition_ru, category.not_this_ru):
            assert any("а" <= letter <= "я" for letter in text.lower()) or "X" in text, category.slug


def test_hints_name_other_categories_by_their_titles():
    for language in ("en", "ru"):
        titles = {getattr(category, f"title_{language}").strip("“”«»").split("” ")[0] for category in CATEGORIES}
        for category in CATEGORIES:
            if category.slug == "noise":
                continue
            hint = getattr(category, f"not_this_{language}")
            assert any(title in hint for title in titles), (category.slug, language)
            own = getattr(category, f"title_{language}")
            assert f"“{own}”" not in hint and f"«{own}»" not in hint, (category.slug, language)
