import pytest

from recsys.core.errors import SourceError
from recsys.data.splits import title_key
from recsys.data.writing import write_dataset
from recsys.sources.imported import Wanted
from recsys.sources.spotify_archive import import_archive


def test_titles_and_descriptions_are_wishes_with_the_tracks_ever_on_the_list(archive, tmp_path):
    imported = import_archive(archive, Wanted(seed=1))
    data = write_dataset(imported.dataset, tmp_path / "out", about=imported.about)
    assert (len(data.tracks), len(data.playlists), len(data.requests)) == (39, 12, 6)
    assert data.playlists[2].tracks == tuple(f"t{n}" for n in range(6, 12))
    assert (data.tracks[0].title, data.tracks[0].artists, data.tracks[0].duration_s) == ("Title 0", ("A", "B0"), 200.0)
    by_id = {playlist.id: playlist for playlist in data.playlists}
    for request in data.requests:
        playlist = by_id[request.id.removeprefix("description-")]
        assert (request.relevant, request.split) == (playlist.tracks, playlist.split)
        assert request.turns == ("Songs for the road at night.",)
    assert imported.counts.read == {"playlists": 12, "tracks on playlists": 73}
    assert imported.counts.left_out["descriptions that are empty or say no wish"] == 6
    assert imported.counts.left_out["tracks on playlists without title or artist"] == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_title_and_no_description_is_both_learned_from_and_tested(archive, seed):
    data = import_archive(archive, Wanted(seed=seed, val=0.2, test=0.4)).dataset
    splits = {}
    for text, split in [(p.title, p.split) for p in data.playlists] + [(r.turns[0], r.split) for r in data.requests]:
        assert splits.setdefault(title_key(text), split) == split
    assert splits[title_key("Night Drive")] == splits[title_key("Songs for the road at night.")]


def test_same_seed_makes_the_same_data_set_and_another_seed_another_version(archive, tmp_path):
    first, again, other = (
        write_dataset(import_archive(archive, Wanted(seed=seed)).dataset, tmp_path / name)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first.fingerprint == again.fingerprint
    assert first.version != other.version


def test_refuses_what_is_not_the_archive(archive):
    path = archive / "playlists.tsv"
    path.write_text(path.read_text().replace("p11\t", "p99\t"))
    with pytest.raises(
        SourceError, match=r"tracks_ever.tsv.gz, line 68, column playlist_id: playlists.tsv has no list"
    ):
        import_archive(archive, Wanted())
    path.unlink()
    with pytest.raises(SourceError, match=r"playlists.tsv is missing"):
        import_archive(archive, Wanted())
