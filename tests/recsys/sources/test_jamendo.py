import pytest

from recsys.core.errors import SourceError
from recsys.data.writing import write_dataset
from recsys.sources.imported import Wanted
from recsys.sources.jamendo import import_tagged, words_of

HEADER = (
    "track_id\tartist_id\talbum_id\tduration_s\ttitle\tartist\tgenre_tags\tinstrument_tags\tmood_theme_tags\t"
    "audio_licence_url"
)


def rows(number: int, genre: str, instrument: str, mood: str, start: int) -> list[str]:
    return [f"t{n}\ta\tb\t12.5\tT {n}\tA\t{genre}\t{instrument}\t{mood}\tu" for n in range(start, start + number)]


@pytest.fixture
def folder(source_folder):
    lines = [
        HEADER,
        *rows(20, "darkambient|rock", "piano", "dark|film", 0),
        *rows(19, "hiphop", "", "happy", 100),
        *rows(1, "", "", "", 200),
    ]
    return source_folder(split0_test_tracks__tsv__gz="\n".join(lines) + "\n")


def test_tags_go_where_the_format_has_room(folder, tmp_path):
    imported = import_tagged(folder, Wanted())
    data = write_dataset(imported.dataset, tmp_path / "out", about=imported.about)
    track = data.tracks[0]
    assert (track.genres, track.moods) == (("darkambient", "rock"), ("dark",))
    assert track.themes == ("film", "instrument:piano")
    assert data.tag_names["instrument:piano"] == ("piano",)
    assert data.tag_names["hiphop"] == ("hip hop",)
    assert data.tracks[-1].genres == ()
    assert imported.counts.read == {"tracks": 40}


def test_requests_are_pairs_of_tags_that_enough_tracks_have(folder):
    asked = {request.turns[0]: request.relevant for request in import_tagged(folder, Wanted()).dataset.requests}
    assert sorted(asked) == [
        "dark dark ambient", "dark piano", "dark rock", "film dark ambient", "film piano", "film rock",
    ]  # fmt: skip
    assert asked["dark piano"] == tuple(f"t{n}" for n in range(20))


def test_pairs_with_the_same_tracks_are_in_one_split(folder):
    for seed in range(5):
        requests = import_tagged(folder, Wanted(seed=seed, test=0.5)).dataset.requests
        assert len({request.split for request in requests}) == 1


def test_words_of_tags():
    assert [words_of(tag) for tag in ("drumnbass", "instrument:electricguitar", "rock")] == [
        "drum and bass", "electric guitar", "rock",
    ]  # fmt: skip


def test_refuses_a_track_without_title(source_folder):
    folder = source_folder(split0_test_tracks__tsv__gz=HEADER + "\nt\ta\tb\t1\t\tA\t\t\t\tu\n")
    with pytest.raises(SourceError, match=r"split0_test_tracks.tsv.gz, line 2, column title: it is empty"):
        import_tagged(folder, Wanted())
