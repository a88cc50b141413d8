from annotation.selectors.board import board, key_caps, revisions
from annotation.taxonomy import DEFAULT_TAXONOMY, parse_taxonomy


def renamed(**changes):
    document = DEFAULT_TAXONOMY.to_document()
    document["version"] = 2
    travel = next(each for each in document["categories"] if each["slug"] == "travel")
    travel.update(changes)
    return parse_taxonomy(document)


def test_two_halves_lie_as_on_the_keyboard():
    left, right = board(DEFAULT_TAXONOMY, "en")
    assert [choice.cap for choice in left.choices] == list("QWEASDZXC")
    assert [choice.cap for choice in right.choices] == list("UIOPHJKLNM")
    assert (left.columns, right.columns) == (3, 4)
    assert all(len(choice.examples) == 2 and choice.definition and choice.not_this for choice in left.choices)


def test_russian_prints_on_the_same_places():
    english, russian = (
        [(choice.code, choice.cap) for half in board(DEFAULT_TAXONOMY, language) for choice in half.choices]
        for language in ("en", "ru")
    )
    assert [code for code, _ in english] == [code for code, _ in russian]
    assert dict(russian)["KeyQ"] == "Й"
    assert key_caps("ru")["KeyD"] == "В"


def test_one_block_where_there_are_no_halves():
    document = DEFAULT_TAXONOMY.to_document()
    document["halves"] = {}
    for category in document["categories"]:
        category["personalised"] = None
    (only,) = board(parse_taxonomy(document), "en")
    assert (only.name, len(only.choices)) == ("all", 19)


def test_a_revision_shows_both_definitions_only_where_they_differ():
    (moved,) = revisions(DEFAULT_TAXONOMY, renamed(definition={"en": "By train.", "ru": "На поезде."}), "en")
    assert (moved.kind, moved.after) == ("definition", "By train.")
    assert moved.before
    (worded,) = revisions(DEFAULT_TAXONOMY, renamed(title={"en": "Trips", "ru": "Поездки"}), "en")
    assert (worded.kind, worded.title, worded.before, worded.after) == ("wording", "Trips", "", "")
