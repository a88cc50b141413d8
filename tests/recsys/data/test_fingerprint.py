import gzip
import hashlib

from recsys.data.fingerprint import dataset_files, fingerprint
from recsys.data.reading import read_dataset


def test_is_sha256_over_names_lengths_and_bytes_in_the_order_of_names(folder):
    for path in folder.rglob("*.*"):
        if path.name not in ("dataset.json", "tracks.jsonl"):
            path.unlink()
    digest = hashlib.sha256()
    for name in ("dataset.json", "tracks.jsonl"):
        content = (folder / name).read_bytes()
        digest.update(name.encode() + b"\0" + str(len(content)).encode() + b"\0" + content)
    assert fingerprint(folder) == digest.hexdigest() == read_dataset(folder).fingerprint


def test_changes_with_any_byte_and_any_name(folder):
    seen = {fingerprint(folder)}
    for path in dataset_files(folder):
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        seen.add(fingerprint(folder))
        path.write_bytes(before)
    (folder / "features" / "audio.npy").rename(folder / "features" / "lyrics.npy")
    seen.add(fingerprint(folder))
    tracks = folder / "tracks.jsonl"
    (folder / "tracks.jsonl.gz").write_bytes(gzip.compress(tracks.read_bytes()))
    tracks.unlink()
    seen.add(fingerprint(folder))
    assert len(seen) == 1 + 9 + 2


def test_does_not_see_where_the_folder_lies_or_what_else_is_in_it(folder):
    before = fingerprint(folder)
    (folder / "README.md").write_text("About this data set.")
    (folder / "features" / "notes.txt").write_text("x")
    assert fingerprint(folder.rename(folder.with_name("elsewhere"))) == before
