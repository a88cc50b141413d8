import pytest

from recsys.training.tokenizer import coarser, token_ids, train_tokenizer

TEXTS = [
    "грустные песни о любви",
    "грустная музыка",
    "sad songs",
    "sad music for rain",
    "песни для бега",
    "Beyoncé",
] * 3


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, size=300)


def test_the_same_texts_give_the_same_tokenizer_in_any_order(tokenizer):
    assert train_tokenizer(TEXTS[::-1], size=300).to_str() == tokenizer.to_str()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Грустные", "грустные"), ("ёж", "еж"), ("Beyoncé", "beyonce"), ("sad, songs!", "sad songs"), ("ｓａｄ", "sad")],
)
def test_spellings_of_a_word_are_one(tokenizer, one, other):
    assert token_ids(tokenizer, [one]) == token_ids(tokenizer, [other])


def test_short_i_keeps_its_breve(tokenizer):
    assert token_ids(train_tokenizer(["мой", "мои"] * 5, size=100), ["мой"]) != token_ids(tokenizer, ["мои"])


def test_an_unseen_form_has_pieces_that_the_seen_ones_have_in_coarser_parts():
    tokenizer = train_tokenizer(["грустные", "грустный", "грустно", "грустная"] * 3, size=24)
    [unseen] = token_ids(tokenizer, ["грустную"])
    shares = [step / 20 for step in range(20)]
    parts = {piece for share in shares for piece in token_ids(coarser(tokenizer, share), ["грустные"])[0]}
    assert set(unseen) & parts


def test_coarser_pieces_are_more_and_of_the_same_vocabulary(tokenizer):
    coarse = coarser(tokenizer, 0.25)
    assert coarse.get_vocab() == tokenizer.get_vocab()
    [fine_ids], [coarse_ids] = token_ids(tokenizer, ["грустные песни"]), token_ids(coarse, ["грустные песни"])
    assert len(coarse_ids) > len(fine_ids)


def test_nothing_to_read_gives_no_token(tokenizer):
    assert token_ids(tokenizer, ["", "  ", "🎄!?"]) == [[], [], []]
