import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.taxonomy import CATEGORY_KEYS, DEFAULT_TAXONOMY, TaxonomyError, parse_taxonomy, read_taxonomy

ABSENT = object()


def with_change(document, path, value):
    """Return a copy of the document with one field replaced, or left out."""
    changed = copy.deepcopy(document)
    *way, last = path
    place = changed
    for step in way:
        place = place[step]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return changed


def many(document, number, keys):
    category = document["categories"][0]
    categories = [{**category, "slug": f"c{n}", "key": keys[n] if n < len(keys) else None} for n in range(number)]
    return {**document, "categories": categories}


CATEGORY = ("categories", 0)
REFUSALS = [
    (("colour",), "red", r"^taxonomy: unknown field 'colour'; use slug, version, title, categories, halves\.$"),
    (("title",), ABSENT, r"^taxonomy: title is missing; add it\.$"),
    (("title",), {}, r'^title: give one text per language, such as \{"en": \.\.\.\}, not \{\}\.$'),
    (("title",), "Errands", r"^title: give one text per language"),
    (("title", "English"), "Errands", r"^title: 'English' is no language; use a code such as en, ru or pt-BR\.$"),
    (("title", "en"), " ", r"^title\.en: give a text, not ' '\.$"),
    (("title", "en"), "x" * 101, r"^title\.en: 101 characters are more than 100; shorten the text\.$"),
    (("title", "en"), "a\nb", r"^title\.en: the control character '\\n' cannot be shown; take it out\.$"),
    (("title", "en"), "\ud800", r"^title\.en: the control character '\\ud800'"),
    (("slug",), "My errands", r"^slug: give at most 50 lower-case Latin letters .*, not 'My errands'\.$"),
    (("slug",), "a" * 51, r"^slug: give at most 50"),
    (("slug",), "a--b", r"^slug: give at most 50"),
    (("slug",), "errands\n", r"^slug: give at most 50"),
    (("version",), 0, r"^version: give a whole number from 1 to 32767, not 0\.$"),
    (("version",), True, r"^version: .* not True\.$"),
    (("version",), "3", r"^version: .* not '3'\.$"),
    (("version",), 32_768, r"^version: .* not 32768\.$"),
    (("halves",), None, r"^halves: give an object with personalised, not-personalised, not None\.$"),
    (("halves",), {"personalised": {"en": "Yes"}}, r"^halves: not-personalised is missing; add it\.$"),
    (
        ("halves",),
        {"personalised": {"en": "Yes"}, "not-personalised": {"en": "No"}},
        r"^halves: no category says whether it is personalised; leave the halves out or say it\.$",
    ),
    (("categories",), {}, r"^categories: give a list of 2 to 40 categories, not \{\}\.$"),
    (("categories",), [], r"^categories: give a list of 2 to 40 categories, not 0\.$"),
    (("categories", 1), 7, r"^categories\[1\]: give an object with slug, key, .*, not 7\.$"),
    ((*CATEGORY, "slug"), ABSENT, r"^categories\[0\]: slug is missing; add it\.$"),
    ((*CATEGORY, "slug"), "leaving", r"^categories: the slug 'leaving' stands 2 times; each needs one of its own\.$"),
    ((*CATEGORY, "slug"), "Счёт", r"^category 'Счёт', slug: give at most 50"),
    ((*CATEGORY, "hint"), "x", r"^category 'billing': unknown field 'hint'; use slug, key, "),
    ((*CATEGORY, "title"), ABSENT, r"^category 'billing': title is missing; add it\.$"),
    ((*CATEGORY, "key"), ABSENT, r"^category 'billing': key is missing; add it\.$"),
    ((*CATEGORY, "key"), None, r"^category 'billing', key: give it a free one of 1 3 4 5 .* n m\.$"),
    ((*CATEGORY, "key"), "2", r"^categories: the key '2' stands 2 times; each needs one of its own\.$"),
    ((*CATEGORY, "key"), "Q", r"^category 'billing', key: give one lower-case Latin letter or digit, not 'Q'\.$"),
    ((*CATEGORY, "key"), "qw", r"^category 'billing', key: give one lower-case .* not 'qw'\.$"),
    ((*CATEGORY, "key"), "й", r"^category 'billing', key: give one lower-case .* not 'й'\.$"),
    ((*CATEGORY, "key"), ";", r"^category 'billing', key: give one lower-case .* not ';'\.$"),
    ((*CATEGORY, "key"), "", r"^category 'billing', key: give one lower-case .* not ''\.$"),
    ((*CATEGORY, "key"), 1, r"^category 'billing', key: give one lower-case .* not 1\.$"),
    ((*CATEGORY, "key"), "g", r"^category 'billing', key: 'g' is the key of the command 'guideline'; choose another"),
    ((*CATEGORY, "key"), "?", r"^category 'billing', key: '\?' is the key of the command 'keys'"),
    ((*CATEGORY, "personalised"), "yes", r"^category 'billing', personalised: give true, false or null, not 'yes'\.$"),
    ((*CATEGORY, "personalised"), 1, r"^category 'billing', personalised: give true, false or null, not 1\.$"),
    (
        (*CATEGORY, "personalised"),
        True,
        r"^category 'leaving', personalised: say true or false, or null for every category\.$",
    ),
    ((*CATEGORY, "definition"), {}, r"^category 'billing', definition: give one text per language"),
    ((*CATEGORY, "definition", "en"), "x" * 2001, r"definition\.en: 2001 characters are more than 2000; shorten"),
    ((*CATEGORY, "not_this", "en"), None, r"^category 'billing', not_this\.en: give a text, not None\.$"),
    ((*CATEGORY, "examples"), {}, r"^category 'billing', examples: give one text per language"),
    ((*CATEGORY, "examples", "en"), ["one"], r"examples\.en: give a list of 2 queries or more, not \['one'\]\.$"),
    ((*CATEGORY, "examples", "en"), ["one", ""], r"examples\.en\[1\]: give a text, not ''\.$"),
    ((*CATEGORY, "examples", "en"), ["one", "one"], r"examples\.en: the same query stands there twice; give another"),
    ((*CATEGORY, "examples", "en"), "one, two", r"examples\.en: give a list of 2 queries or more, not 'one, two'\.$"),
]


@pytest.mark.parametrize(("path", "value", "words"), REFUSALS)
def test_refuses_in_one_sentence_that_names_the_place(document, path, value, words):
    with pytest.raises(TaxonomyError, match=words) as refusal:
        parse_taxonomy(with_change(document, path, value))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("value", [None, 3, "x", [], [{}], {}, {"slug": 1}])
def test_refuses_what_is_no_taxonomy_at_all(value):
    with pytest.raises(TaxonomyError, match=r"^(taxonomy|slug|categories)"):
        parse_taxonomy(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["en", "slug", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data())
def test_any_field_may_hold_anything_and_the_answer_is_a_taxonomy_or_a_sentence(data):
    document = {**DEFAULT_TAXONOMY.to_document(), "categories": DEFAULT_TAXONOMY.to_document()["categories"][:2]}
    category = document["categories"][0]
    where = data.draw(st.sampled_from([document, category, category["title"], category["examples"]]))
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(JSON)
    try:
        taxonomy = parse_taxonomy(document)
    except TaxonomyError as error:
        assert "\n" not in str(error)
    else:
        assert parse_taxonomy(json.loads(json.dumps(taxonomy.to_document()))) == taxonomy


def test_two_to_forty_categories_and_a_key_for_each_while_there_are_keys(document):
    keys = CATEGORY_KEYS
    assert len(keys) == 32
    assert len(parse_taxonomy(many(document, 32, keys)).by_key) == 32
    large = parse_taxonomy(many(document, 40, keys))
    assert len(large.categories) == 40 and len(large.by_key) == 32
    assert (large.categories[-1].key, large.categories[-1].code, large.categories[-1].key_cap("en")) == (None, None, "")
    with pytest.raises(TaxonomyError, match=r"category 'c31', key: give it a free one of m\."):
        parse_taxonomy(many(document, 32, keys[:31]))
    for number in (1, 41):
        with pytest.raises(TaxonomyError, match=f"give a list of 2 to 40 categories, not {number}"):
            parse_taxonomy(many(document, number, keys))


def test_halves_are_named_or_not_where_every_category_says_its_own(document):
    for category in document["categories"]:
        category["personalised"] = category["slug"] == "billing"
    assert parse_taxonomy(document).is_split
    document["halves"] = {"personalised": {"en": "Theirs"}, "not-personalised": {"en": "Ours"}}
    assert parse_taxonomy(document).half_title(False, "en") == "Ours"


def test_parsing_changes_nothing_in_the_document(document):
    before = copy.deepcopy(document)
    parse_taxonomy(document)
    assert document == before


def test_reads_a_file_with_or_without_byte_order_mark(document, tmp_path):
    path = tmp_path / "errands.json"
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(json.dumps(document, ensure_ascii=False), encoding)
        assert read_taxonomy(path) == parse_taxonomy(document)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"slug": "a",\n  nonsense}', r"is not JSON: .* at line 2; mend it there\.$"),
        ('{"slug": "счёт"}'.encode("cp1251"), r"is not UTF-8 at byte 10; save it as UTF-8\."),
        (b'{"slug": "a", "slug": "b"}', r"the field 'slug' stands 2 times in one object; keep one\.$"),
        (b"[" * 100_000, r"is nested too deeply; a taxonomy has four levels\.$"),
        (b'{"version": ' + b"9" * 5_000 + b"}", r"is not JSON: Exceeds the limit"),
        (b"[]", r"own\.json: taxonomy: give an object with slug, version, title, categories, not \[\]\.$"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path, content, words):
    path = tmp_path / "own.json"
    path.write_bytes(content)
    with pytest.raises(TaxonomyError, match=words) as refusal:
        read_taxonomy(path)
    assert str(refusal.value).startswith(str(path))


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(TaxonomyError, match=r"gone\.json cannot be read \(No such file or directory\); give the path"):
        read_taxonomy(tmp_path / "gone.json")
