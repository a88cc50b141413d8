import io
import json
import shutil

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recsys.core.artifacts import read_manifest
from recsys.core.ranking import ListenerQuery
from recsys.core.registry import RECOMMENDERS, recommender_class
from recsys.data.reading import read_dataset
from recsys.training.static_encoder import StaticEncoder

SYSTEMS = ("retriever", "retriever-cr", "retriever-cr-dp")
NEW = [
    {"id": f"{start}-new", "title": title, "artists": ["Nobody"], "genres": ["jazz"], "moods": [], "themes": []}
    for start, title in (("0", "Rain on the Balcony"), ("zz", "Night Bus Home"))
]


def extend(*args, **options) -> str:
    out = io.StringIO()
    call_command("extend", *args, stdout=out, **options)
    return out.getvalue()


def refusal(*args, **options) -> str:
    with pytest.raises(CommandError) as error:
        extend(*args, **options)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture(scope="module")
def toy(toy_folder):
    return read_dataset(toy_folder)


@pytest.fixture
def grown_folder(toy_folder, tmp_path):
    folder = tmp_path / "grown"
    shutil.copytree(toy_folder, folder)
    with (folder / "tracks.jsonl").open("a", encoding="utf-8") as stream:
        stream.writelines(json.dumps(track) + "\n" for track in NEW)
    return folder


def load(folder):
    return recommender_class(read_manifest(folder).slug).load(folder)


@pytest.mark.parametrize("system", SYSTEMS)
def test_takes_up_new_tracks_and_encodes_nothing_else(system, toy_models, grown_folder, tmp_path, monkeypatch):
    encoded = []
    original = StaticEncoder.encode

    def counted(self, texts, *, kind="query"):
        encoded.extend(text for text in texts if kind == "track")
        return original(self, texts, kind=kind)

    monkeypatch.setattr(StaticEncoder, "encode", counted)
    extend(toy_models / system, dataset=grown_folder, out=tmp_path / "m")
    assert len(encoded) == 2 and encoded[0].startswith("Rain on the Balcony")
    [ranked] = load(tmp_path / "m").recommend([ListenerQuery("rain on the balcony jazz")], k=5)
    assert "0-new" in ranked.tracks


@pytest.mark.parametrize("system", SYSTEMS)
def test_old_tracks_keep_their_scores(system, toy, toy_models, grown_folder, tmp_path):
    extend(toy_models / system, dataset=grown_folder, out=tmp_path / "m")
    listener = toy.interactions[0].listener
    queries = [ListenerQuery("jazz for dinner", listener), ListenerQuery("для бега")]
    size = len(toy.tracks)
    before, after = load(toy_models / system), load(tmp_path / "m")
    for old, new in zip(before.recommend(queries, k=size), after.recommend(queries, k=size + 2), strict=True):
        known = [(track, score) for track, score in zip(new.tracks, new.scores, strict=True) if "new" not in track]
        assert [track for track, _ in known] == list(old.tracks)
        assert [score for _, score in known] == pytest.approx(old.scores, rel=1e-5)


def test_says_what_it_was_made_from(toy_models, grown_folder, tmp_path):
    assert "made in" in extend(toy_models / "retriever", dataset=grown_folder, out=tmp_path / "m")
    parent, made = read_manifest(toy_models / "retriever"), read_manifest(tmp_path / "m")
    assert made.recipe.encoder == f"extends {parent.fingerprint}"
    assert made.catalogue != parent.catalogue
    assert f"Extended from the artifact {parent.fingerprint[:8]}" in (tmp_path / "m" / "CARD.md").read_text()
    assert "already made" in extend(toy_models / "retriever", dataset=grown_folder, out=tmp_path / "m")
    assert (
        np.load(tmp_path / "m" / "vectors.npy").shape[0]
        == np.load(toy_models / "retriever" / "vectors.npy").shape[0] + 2
    )


def test_what_was_extended_can_be_extended_again(toy_models, grown_folder, tmp_path):
    extend(toy_models / "retriever", dataset=grown_folder, out=tmp_path / "m")
    with (grown_folder / "tracks.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({**NEW[0], "id": "third-new"}) + "\n")
    extend(tmp_path / "m", dataset=grown_folder, out=tmp_path / "again")
    assert "third-new" in load(tmp_path / "again").index.tracks.rows


def test_refuses_a_data_set_without_new_tracks(toy_folder, toy_models, tmp_path):
    assert "nothing to extend" in refusal(toy_models / "retriever", dataset=toy_folder, out=tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_refuses_a_data_set_that_lacks_old_tracks(toy, toy_models, grown_folder, tmp_path):
    lines = (grown_folder / "tracks.jsonl").read_text(encoding="utf-8").splitlines()
    (grown_folder / "tracks.jsonl").write_text("\n".join(lines[1:]) + "\n", encoding="utf-8")
    gone = json.loads(lines[0])["id"]
    for name in ("playlists.jsonl", "interactions.csv"):
        (grown_folder / name).unlink()
    words = refusal(toy_models / "retriever", dataset=grown_folder, out=tmp_path / "m")
    assert f"1 of the artifact's {len(toy.tracks)} tracks" in words and repr(gone) in words


@pytest.mark.parametrize("system", ["popularity", "bm25"])
def test_refuses_a_system_that_takes_up_nothing(system, toy_models, grown_folder, tmp_path):
    words = refusal(toy_models / system, dataset=grown_folder, out=tmp_path / "m")
    assert words == f"The system {system} takes up no new tracks; train it on the grown data set."


def test_refuses_what_is_no_artifact(grown_folder, tmp_path):
    assert "no whole artifact" in refusal(tmp_path, dataset=grown_folder, out=tmp_path / "m")


def test_every_system_with_the_method_is_tested():
    assert {slug for slug in RECOMMENDERS if hasattr(recommender_class(slug), "extended")} == set(SYSTEMS)
