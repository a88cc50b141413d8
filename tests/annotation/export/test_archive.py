import io
import os
import zipfile

import pytest

from annotation.export.archive import zip_dataset_folder
from annotation.export.errors import ExportError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "set/data").mkdir(parents=True)
    (tmp_path / "set/README.md").write_text("# карточка\n")
    (tmp_path / "set/data/big.parquet").write_bytes(os.urandom(3 * 2**20 + 7))
    (tmp_path / "set/data/empty.parquet").write_bytes(b"")
    return tmp_path / "set"


def test_the_folder_comes_out_again(folder):
    with zipfile.ZipFile(io.BytesIO(b"".join(zip_dataset_folder(folder)))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["set/README.md", "set/data/big.parquet", "set/data/empty.parquet"]
        for name in archive.namelist():
            assert archive.read(name) == (folder.parent / name).read_bytes()
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_the_same_bytes_whenever_the_files_were_touched(folder):
    before = b"".join(zip_dataset_folder(folder))
    os.utime(folder / "README.md", (0, 2_000_000_000))
    (folder / "README.md").chmod(0o600)
    assert b"".join(zip_dataset_folder(folder)) == before


def test_no_chunk_is_much_more_than_a_megabyte(folder):
    assert max(map(len, zip_dataset_folder(folder))) < 1.1 * 2**20


def test_no_folder_is_refused_at_once(tmp_path):
    with pytest.raises(ExportError, match="there is no folder here"):
        zip_dataset_folder(tmp_path / "none")
