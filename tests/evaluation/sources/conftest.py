"""Small look-alikes of the public sets, and the real ones where the folder that PLAYOFF_PUBLIC_DATA names is there."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import public_set

PANDALM = """idx model_1 model_2 annotator vote
0 bloom llama 1 2
0 bloom llama 2 2
0 bloom llama 3 tie
1 llama opt 1 1
1 llama opt 2 1
1 llama opt 3 2
"""
SIGIR = """hit_id worker_id work_seconds query doc_a doc_b listen_seconds answer
1 1 23 q1 x y 13 b
1 2 20 q1 x y 11 s
2 1 23 q2 x z 13 a
2 3 23 q2 x z 13 -
"""
MUSAV = """dimension triplet_id track_a track_b annotator answer
arousal t1 a b p1 a
arousal t1 b c p1 ab
arousal t1 a c p1 not_selected
valence t1 a b p1 b
arousal t2 d e p2 b
"""


def table(text: str) -> str:
    """Rows written with spaces, as a table of the source; a lone dash is an empty field."""
    rows = [["" if field == "-" else field for field in line.split(" ")] for line in text.splitlines()]
    return "".join("\t".join(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path) -> Callable[..., Path]:
    """Write tables by name; a name that ends in .gz is packed."""

    def write(**tables: str) -> Path:
        for key, text in tables.items():
            name = key.replace("__", ".")
            (tmp_path / name).write_bytes(
                gzip.compress(table(text).encode()) if name.endswith(".gz") else table(text).encode()
            )
        return tmp_path

    return write


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """The folder of a real public set; the test is skipped where it is not."""
    return public_set
