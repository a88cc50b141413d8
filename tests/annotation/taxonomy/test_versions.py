import copy

import pytest

from annotation.taxonomy import Change, TaxonomyError, changes, check_successor, parse_taxonomy


@pytest.fixture
def changed(document):
    """Return what `changes` finds after a function has changed the next version of the document."""

    def after(change):
        newer = copy.deepcopy(document)
        newer["version"] += 1
        change(newer, newer["categories"][0])
        old, new = parse_taxonomy(document), parse_taxonomy(newer)
        check_successor(old, new)
        return changes(old, new)

    return after


def test_a_new_number_alone_changes_nothing(changed):
    assert changed(lambda taxonomy, billing: None) == ()
    assert changed(lambda taxonomy, billing: taxonomy["categories"].reverse()) == ()


def test_a_definition_that_says_something_else_outdates_labels(changed):
    (found,) = changed(lambda taxonomy, billing: billing["definition"].update(en="Money was charged."))
    assert found == Change("billing", "definition", ("definition.en",))
    assert found.outdates_labels and found.fields == ("definition",) and found.languages == ("en",)
    for hint in ({"en": "Refunds are “Leaving”."}, {}):
        (found,) = changed(lambda taxonomy, billing, hint=hint: billing.update(not_this=hint))
        assert found == Change("billing", "definition", ("not_this.en",))


def test_the_half_a_category_belongs_to_is_part_of_what_it_means(document):
    for category in document["categories"]:
        category["personalised"] = True
    newer = copy.deepcopy(document)
    newer["categories"][1]["personalised"] = False
    (found,) = changes(parse_taxonomy(document), parse_taxonomy(newer))
    assert found == Change("leaving", "definition", ("personalised",))
    assert found.outdates_labels and found.languages == ()


def test_examples_that_come_or_go_are_changes_of_their_own(changed):
    (found,) = changed(lambda taxonomy, billing: billing["examples"]["en"].append("refund"))
    assert found == Change("billing", "examples", ("examples.en",))
    assert not found.outdates_labels


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda taxonomy, billing: billing["title"].update(en="Bills"), "title.en"),
        (lambda taxonomy, billing: billing["definition"].update(en="Money was charged — or was not"), "definition.en"),
        (lambda taxonomy, billing: billing["definition"].update(ru="Списали деньги или нет."), "definition.ru"),
        (lambda taxonomy, billing: billing["title"].pop("de"), "title.de"),
        (lambda taxonomy, billing: billing["examples"]["en"].reverse(), "examples.en"),
    ],
)
def test_names_translations_order_and_punctuation_are_wording(changed, change, place):
    (found,) = changed(change)
    assert found == Change("billing", "wording", (place,))
    assert not found.outdates_labels


def test_the_gravest_change_names_the_kind_and_all_places_are_told(changed):
    def everything(taxonomy, billing):
        billing["title"]["de"] = "Geld"
        billing["examples"]["en"][0] = "refund"
        billing["definition"]["en"] = "Refunds."

    (found,) = changed(everything)
    assert found == Change("billing", "definition", ("title.de", "definition.en", "examples.en"))
    assert found.fields == ("title", "definition", "examples") and found.languages == ("de", "en")


def test_categories_that_come_and_go(changed):
    def replace(taxonomy, billing):
        taxonomy["categories"][0] = {**billing, "slug": "refunds", "key": "3"}

    assert changed(replace) == (Change("billing", "removed"), Change("refunds", "added"))


def test_a_key_stays_with_its_category(document):
    old = parse_taxonomy(document)
    newer = copy.deepcopy(document)
    newer["version"] = 4
    newer["categories"][0]["key"] = "q"
    with pytest.raises(TaxonomyError, match=r"category 'billing', key: '1' became 'q', and hands .*give it '1' again"):
        check_successor(old, parse_taxonomy(newer))
    assert changes(old, parse_taxonomy(newer)) == (Change("billing", "wording", ("key",)),)


def test_versions_grow_within_one_taxonomy(document):
    old = parse_taxonomy(document)
    for version in (2, 3):
        with pytest.raises(TaxonomyError, match=f"version {version} must be above 3, the one there is; raise it"):
            check_successor(old, parse_taxonomy({**document, "version": version}))
    with pytest.raises(TaxonomyError, match="'other' is no version of 'errands'; keep the slug, or start"):
        check_successor(old, parse_taxonomy({**document, "version": 4, "slug": "other"}))
