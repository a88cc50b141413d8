import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.index import vectors as module
from recsys.index.vectors import fill, mapped, put, spot_hash


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(module, "STEP", 10)
    monkeypatch.setattr(module, "_NOTED", 20)


class Encoder:
    def __init__(self, *, stop_at: int = 10**9) -> None:
        self.made: list[tuple[int, int]] = []
        self.stop_at = stop_at

    def __call__(self, part: slice) -> np.ndarray:
        if part.stop > self.stop_at:
            raise KeyboardInterrupt
        self.made.append((part.start, part.stop))
        return np.arange(part.start, part.stop, dtype=np.float32)[:, None] * np.ones(3, np.float32)


WHOLE = np.arange(73, dtype=np.float32)[:, None] * np.ones(3, np.float32)


@pytest.mark.parametrize("on_disk", [False, True])
def test_fills_chunk_by_chunk(tmp_path, on_disk):
    encoder, steps = Encoder(), []
    path = tmp_path / "v.npy" if on_disk else None
    rows = fill(73, encoder, path=path, progress=lambda done, total: steps.append((done, total)))
    assert np.array_equal(rows, WHOLE)
    assert max(stop - start for start, stop in encoder.made) == 10
    assert steps[0] == (10, 73) and steps[-1] == (73, 73)


def test_an_interrupted_filling_goes_on(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        fill(73, Encoder(stop_at=55), path=tmp_path / "v.npy", made_for="a")
    second = Encoder()
    assert np.array_equal(fill(73, second, path=tmp_path / "v.npy", made_for="a"), WHOLE)
    assert second.made[:2] == [(0, 10), (40, 50)]  # the first tells the dimensions


@pytest.mark.parametrize("other", [{"made_for": "b"}, {"count": 72}])
def test_does_not_go_on_for_something_else(tmp_path, other):
    with pytest.raises(KeyboardInterrupt):
        fill(73, Encoder(stop_at=55), path=tmp_path / "v.npy", made_for="a")
    second = Encoder()
    fill(other.get("count", 73), second, path=tmp_path / "v.npy", made_for=other.get("made_for", "a"))
    assert (10, 20) in second.made


def test_making_it_anew_leaves_an_artifact_that_links_to_the_old_file(tmp_path):
    first = fill(73, Encoder(), path=tmp_path / "v.npy", made_for="a")
    put(first, tmp_path / "artifact.npy")
    fill(73, lambda part: Encoder()(part) + 1, path=tmp_path / "v.npy", made_for="b")
    assert np.array_equal(mapped(tmp_path / "artifact.npy", 73), WHOLE)


def test_refuses_what_is_no_number(tmp_path):
    def broken(part: slice) -> np.ndarray:
        rows = Encoder()(part)
        rows[rows == 25] = np.nan
        return rows

    with pytest.raises(ArtifactError, match="NaN or infinity for the track in row 25"):
        fill(73, broken, path=None)


def test_a_file_is_the_same_however_it_was_made(tmp_path):
    put(WHOLE, tmp_path / "memory.npy")
    put(fill(73, Encoder(), path=tmp_path / "v.npy"), tmp_path / "disk.npy")
    put(mapped(tmp_path / "disk.npy", 73), tmp_path / "again.npy")
    contents = {(tmp_path / name).read_bytes() for name in ("memory.npy", "disk.npy", "again.npy")}
    assert len(contents) == 1


def test_two_artifacts_share_no_file(tmp_path):
    put(fill(73, Encoder(), path=tmp_path / "v.npy"), tmp_path / "one.npy")
    put(mapped(tmp_path / "one.npy", 73), tmp_path / "two.npy")
    assert (tmp_path / "one.npy").stat().st_ino == (tmp_path / "v.npy").stat().st_ino
    assert (tmp_path / "two.npy").stat().st_ino != (tmp_path / "one.npy").stat().st_ino


def test_puts_a_part_of_a_mapped_file(tmp_path):
    put(WHOLE, tmp_path / "v.npy")
    put(mapped(tmp_path / "v.npy", 73)[:5], tmp_path / "part.npy")
    assert np.array_equal(np.load(tmp_path / "part.npy"), WHOLE[:5])


@pytest.mark.parametrize("content", [b"", b"no numbers", None], ids=["empty", "not numpy", "absent"])
def test_refuses_a_file_that_cannot_be_read(tmp_path, content):
    if content is not None:
        (tmp_path / "v.npy").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"v\.npy: this cannot be read"):
        mapped(tmp_path / "v.npy", 73)


def test_refuses_a_cut_file(tmp_path):
    put(WHOLE, tmp_path / "v.npy")
    (tmp_path / "v.npy").write_bytes((tmp_path / "v.npy").read_bytes()[:-4])
    with pytest.raises(ArtifactError, match="this cannot be read"):
        mapped(tmp_path / "v.npy", 73)


@pytest.mark.parametrize("array", [WHOLE.astype(np.float64), WHOLE[:, 0], WHOLE[:72], WHOLE[:, :0]])
def test_refuses_another_shape_or_type(tmp_path, array):
    np.save(tmp_path / "v.npy", array)
    with pytest.raises(ArtifactError, match="one float32 row per track"):
        mapped(tmp_path / "v.npy", 73)


def test_the_spot_check_knows_order_and_values():
    assert spot_hash(WHOLE) == spot_hash(WHOLE.copy())
    others = [WHOLE[::-1], WHOLE[:72], WHOLE + np.float32(1), WHOLE.reshape(219, 1)]
    assert len({spot_hash(WHOLE), *map(spot_hash, others)}) == 5
