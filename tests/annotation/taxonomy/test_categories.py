import hashlib
import json
import pickle

import pytest

from annotation.taxonomy import DEFAULT_TAXONOMY, TaxonomyError, Translations, parse_taxonomy


def test_a_text_falls_back_to_its_language_then_english_then_the_first():
    texts = Translations((("de", "Ruhe"), ("en", "calm"), ("ru", "покой")))
    assert [texts.get(language) for language in ("ru", "ru-RU", "en", "fr")] == ["покой", "покой", "calm", "calm"]
    assert Translations((("de", "Ruhe"), ("ru", "покой"))).get("fr") == "Ruhe"
    assert Translations().get("en") is None


def test_categories_speak_the_language_asked_for(document):
    billing, leaving = parse_taxonomy(document).categories
    assert (billing.title("de"), leaving.title("de")) == ("Rechnung", "Leaving")
    assert billing.definition("ru") == "Money was charged, or was not."
    assert (billing.not_this("de"), leaving.not_this("en")) == ("Ending a contract is “Leaving”.", "")
    assert leaving.examples("ru") == ("cancel my plan", "delete my account")
    assert (billing.code, billing.key_cap("ru")) == ("Digit1", "1")


def test_a_taxonomy_is_asked_by_slug_and_by_key(document):
    taxonomy = parse_taxonomy(document)
    assert taxonomy.slugs == ("billing", "leaving")
    assert taxonomy.category("leaving") is taxonomy.by_key["2"]
    with pytest.raises(TaxonomyError, match=r"errands 3 has no category 'noise'; use one of billing, leaving\."):
        taxonomy.category("noise")


def test_halves_have_names_where_there_are_halves(document):
    taxonomy = parse_taxonomy(document)
    assert not taxonomy.is_split and taxonomy.half_title(True, "en") == ""
    assert DEFAULT_TAXONOMY.is_split
    assert DEFAULT_TAXONOMY.half_title(True, "en") == "Personalised"
    assert DEFAULT_TAXONOMY.half_title(False, "ru") == "Неперсонализированные"


def test_the_digest_is_of_the_content_and_not_of_its_layout(document):
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    taxonomy = parse_taxonomy(document)
    assert taxonomy.digest == hashlib.sha256(text.encode()).hexdigest()
    shuffled = dict(reversed([(name, value) for name, value in document.items() if name != "halves"]))
    assert parse_taxonomy(shuffled).digest == taxonomy.digest  # no halves are empty halves
    document["categories"].reverse()
    assert parse_taxonomy(document).digest != taxonomy.digest


def test_values_are_values(document):
    taxonomy = parse_taxonomy(document)
    for each in (taxonomy, DEFAULT_TAXONOMY):
        again = parse_taxonomy(json.loads(json.dumps(each.to_document())))
        assert again == each == pickle.loads(pickle.dumps(each))
        assert hash(again) == hash(each) and again.digest == each.digest
    assert taxonomy != DEFAULT_TAXONOMY
