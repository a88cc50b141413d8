"""What is written is what was given, whole or absent."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.core.errors import DatasetError
from recsys.data.dataset import Dataset, Interaction, LabelledQuery, Listener, Playlist, Request, Track
from recsys.data.reading import read_dataset
from recsys.data.writing import write_dataset


@pytest.fixture
def dataset() -> Dataset:
    full = Track(
        id="a", title="Ёж", artists=("X", "Y"), album="L", year=1999, genres=("rock",), moods=("sad",),
        themes=("film",), language="ru", energy=2, tempo="slow", vocals="male", popularity=0.0, duration_s=3.5,
        isrc="I", preview_url="https://example.org/a", lyrics="la", other_titles=("Hedgehog",),
    )  # fmt: skip
    return Dataset(
        name="d", version="1", licence="l", source="s", languages=("ru",), fingerprint="",
        tracks=(full, Track(id="b", title="B\u2028", artists=("Z",))),
        playlists=(Playlist("p", "Title", ("b", "a"), "test", "en"), Playlist("q", "Other", ("a",))),
        interactions=(Interaction('l,"1', "a", "like", 2, "2020-01-01"),),
        requests=(Request("r", ("one",), ("a",), "l1", "val"), Request("s", ("one", "two"), ("b",))),
        queries=(LabelledQuery("u", "text", "en", (("ann", "mood"),), "g"), LabelledQuery("v", "text 2", "ru", ())),
        tag_names={"rock": ("rock", "рок")},
        features={"audio": np.array([[1, 2], [3, 4]], dtype=np.float32)},
        listeners=(Listener("l1", "en words", "слова"), Listener("l2")),
    )  # fmt: skip


def test_reads_back_as_it_was(dataset, tmp_path):
    written = write_dataset(dataset, tmp_path / "deep" / "out", about={"splits": {"seed": 3}})
    again = read_dataset(tmp_path / "deep" / "out")
    assert again.fingerprint == written.fingerprint
    for name in Dataset.__dataclass_fields__:
        if name == "features":
            assert again.features["audio"].tolist() == dataset.features["audio"].tolist()
        elif name != "fingerprint":
            assert getattr(again, name) == getattr(dataset, name), name
    assert '"seed": 3' in (tmp_path / "deep" / "out" / "dataset.json").read_text()


def test_the_sample_reads_back_as_it_was(tmp_path):
    sample = read_dataset(Path(__file__).resolve().parents[3] / "sample")
    written = write_dataset(sample, tmp_path / "out")
    assert replace(written, fingerprint="") == replace(sample, fingerprint="")


def test_same_data_set_has_the_same_bytes(dataset, tmp_path):
    assert write_dataset(dataset, tmp_path / "a").fingerprint == write_dataset(dataset, tmp_path / "b").fingerprint


def test_what_breaks_the_format_leaves_nothing(dataset, tmp_path):
    with pytest.raises(DatasetError, match=r"tracks.jsonl, line 2, field id: \"a\" stands in line 1 already"):
        write_dataset(replace(dataset, tracks=dataset.tracks[:1] * 2), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_overwrites_nothing(dataset, tmp_path):
    (tmp_path / "out").mkdir()
    write_dataset(dataset, tmp_path / "out")  # an empty folder may be filled
    with pytest.raises(DatasetError, match="something here already"):
        write_dataset(dataset, tmp_path / "out")
    (tmp_path / "file").write_text("x")
    with pytest.raises(DatasetError, match="something here already"):
        write_dataset(dataset, tmp_path / "file")
