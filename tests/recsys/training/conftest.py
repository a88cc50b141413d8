import os

import pytest

from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the hub library is imported


@pytest.fixture(scope="session")
def toy(toy_folder) -> Dataset:
    return read_dataset(toy_folder)
