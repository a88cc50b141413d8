import io
from collections.abc import Callable

import pytest

from annotation.intake.rows import Row
from annotation.intake.staging import Staging

SECRET = b"a secret of the tests, 32 bytes."


@pytest.fixture
def staging(tmp_path):
    with Staging(tmp_path / "log.staging") as staging:
        yield staging


@pytest.fixture
def stage(staging) -> Callable[..., list[Row]]:
    """Stage a file given as text or bytes, keep everything unless told otherwise, return the kept rows."""

    def stage(content: str | bytes, *, choice: dict | None = None, **options) -> list[Row]:
        data = content.encode() if isinstance(content, str) else content
        staging.stage(io.BytesIO(data), **{"secret": SECRET, "seed": 1, **options})
        staging.decide(**(choice or {"per_user": None, "drop_exact": False}))
        return list(staging.kept_rows())

    return stage
