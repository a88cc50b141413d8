import io

import pytest
from django.core.management import CommandError, call_command

from recsys.data.reading import read_dataset


def run(*args: object, **options: object) -> str:
    out = io.StringIO()
    call_command("simulate_requests", *args, stdout=out, **options)
    return out.getvalue()


def test_makes_a_data_set_that_can_be_read_and_evaluated(toy_folder, tmp_path):
    out = tmp_path / "new" / "simulated"
    said = run(toy_folder, out=out, requests=40, listeners=30, seed=4)
    data, toy = read_dataset(out), read_dataset(toy_folder)
    assert f"{len(data.requests)} requests" in said
    assert data.tracks == toy.tracks
    assert data.playlists == toy.playlists
    assert data.tag_names == toy.tag_names
    assert (data.name, data.version) == ("toy-simulated", "2-seed-4-listeners-30-requests-40")
    assert "no person's" in data.source
    assert len(data.listeners) == 30
    assert {request.split for request in data.requests} == {"val", "test"}
    assert 0 < len(data.queries) < len(toy.queries)
    words = {request.turns[0] for request in data.requests}
    assert words <= {query.text for query in toy.queries}
    assert not words & {query.text for query in data.queries}
    assert [path.name for path in out.parent.iterdir()] == ["simulated"]


def test_the_same_seed_makes_the_same_bytes(toy_folder, tmp_path):
    made = [tmp_path / name for name in ("one", "two", "other")]
    for out, seed in zip(made, (4, 4, 5), strict=True):
        run(toy_folder, out=out, requests=10, listeners=20, seed=seed)
    one, two, other = (read_dataset(out) for out in made)
    assert one.fingerprint == two.fingerprint
    assert one.interactions != other.interactions


def test_keeps_features(toy_folder, tmp_path):
    import shutil

    import numpy as np

    source = tmp_path / "source"
    shutil.copytree(toy_folder, source)
    (source / "features").mkdir()
    values = np.ones((len(read_dataset(toy_folder).tracks), 2), np.float32)
    np.save(source / "features" / "audio.npy", values)
    run(source, out=tmp_path / "out", requests=10, listeners=20)
    assert np.array_equal(read_dataset(tmp_path / "out").features["audio"], values)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder, out: out.mkdir(), "exists; name a folder that does not"),
        (lambda folder, out: (folder / "queries.jsonl").unlink(), "No labelled query of toy"),
        (lambda folder, out: (folder / "tracks.jsonl").unlink(), "tracks"),
    ],
)
def test_refuses_in_one_line_and_leaves_nothing(toy_folder, tmp_path, spoil, words):
    import shutil

    folder, out = tmp_path / "folder", tmp_path / "out"
    shutil.copytree(toy_folder, folder)
    spoil(folder, out)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(CommandError, match=words) as error:
        run(folder, out=out, requests=10, listeners=5)
    assert error.value.returncode == 2
    assert sorted(tmp_path.iterdir()) == before
