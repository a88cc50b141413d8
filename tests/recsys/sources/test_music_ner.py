import pytest

from recsys.core.errors import SourceError
from recsys.data.dataset import Dataset, Track
from recsys.data.writing import write_dataset
from recsys.sources.imported import Wanted
from recsys.sources.music_ner import import_requests


@pytest.fixture
def folder(source_folder):
    return source_folder(
        queries__tsv__gz="dataset\tn\toriginal\tpreprocessed\n"
        "1\t0\tAnything like Radiohead?\tanything like radiohead\n"
        "1\t1\tSad songs\tsad songs\n"
        "2\t0\tGhost and AC/DC\tghost and acdc\n"
        "2\t1\tMore Nobody\tmore nobody\n",
        ground_truth_linked__tsv__gz="dataset\tquery\tmention\ttype\twikipedia_link\twikidata_type\twikipedia_name\texposure\n"
        "1\tanything like radiohead\tradiohead\tArtist\tl\tg\tRadiohead\t1\n"
        "2\tghost and acdc\tghost\tArtist\tl\tg\tGhost_(Swedish_band)\t1\n"
        "2\tghost and acdc\tacdc\tArtist\tl\tg\tAC/DC\t1\n"
        "2\tghost and acdc\tghost\tWoA\tl\tg\tRadiohead\t1\n"
        "2\tmore nobody\tnobody\tArtist\tl\tg\tNobody\t1\n",
    )


@pytest.fixture
def catalogue(tmp_path):
    names = [("Radiohead",), ("Ghost", "X"), ("AC/DC",), ("RADIOHEAD",), ("Other",)]
    tracks = tuple(Track(f"t{n}", f"T{n}", artists) for n, artists in enumerate(names))
    dataset = Dataset(
        name="shop", version="3", licence="l", source="s", languages=("en",), fingerprint="", tracks=tracks
    )
    write_dataset(dataset, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def test_artists_named_give_their_tracks(folder, catalogue, tmp_path):
    imported = import_requests(folder, Wanted(catalogue=catalogue))
    data = write_dataset(imported.dataset, tmp_path / "out", about=imported.about)
    assert {request.id: (request.turns, request.relevant) for request in data.requests} == {
        "ner-1-0": (("Anything like Radiohead?",), ("t0", "t3")),
        "ner-2-0": (("Ghost and AC/DC",), ("t1", "t2")),
    }
    assert all(request.split in ("val", "test") for request in data.requests)
    assert [track.id for track in data.tracks] == ["t0", "t1", "t2", "t3", "t4"]
    assert imported.about["catalogue"]["name"] == "shop"


def test_every_request_is_a_query_without_a_category(folder, catalogue):
    queries = import_requests(folder, Wanted(catalogue=catalogue)).dataset.queries
    assert [query.id for query in queries] == ["ner-1-0", "ner-1-1", "ner-2-0", "ner-2-1"]
    assert queries[1].text == "Sad songs" and queries[1].annotations == ()


def test_counts_what_is_left_out(folder, catalogue):
    counts = import_requests(folder, Wanted(catalogue=catalogue)).counts
    assert counts.read == {"requests": 4, "entities linked": 5}
    assert counts.left_out == {
        "entities that are no artist": 1,
        "artists named that the catalogue does not have": 1,
        "requests that name no artist of the catalogue: queries only": 2,
    }


def test_asks_for_a_catalogue(folder):
    with pytest.raises(SourceError, match="holds no tracks; name a data set folder that does with --catalogue"):
        import_requests(folder, Wanted())
