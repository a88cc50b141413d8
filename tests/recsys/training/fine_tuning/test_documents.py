from recsys.training.fine_tuning.documents import TitleDocuments, distinct, key


def test_a_track_is_the_distinct_titles_of_its_training_playlists(few):
    """The example of Text2Tracks, section 4, is "rock, metal, guitar solos"."""
    assert TitleDocuments(few, limit=9).all() == ["Night drive, jazz", "Night drive", "night  DRIVE", "jazz", "", ""]


def test_one_title_can_be_left_out_and_a_limit_be_set(few):
    documents = TitleDocuments(few, limit=1)
    assert documents.of(0) == "Night drive"
    assert documents.of(0, without=key("NIGHT drive")) == "jazz"
    assert documents.of(1, without=key("Night drive")) == ""


def test_distinct_texts_and_their_places():
    assert distinct(["b", "a", "b"]) == (["b", "a"], [0, 1, 0])
    assert distinct([]) == ([], [])
