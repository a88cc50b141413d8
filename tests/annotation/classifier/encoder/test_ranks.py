import pytest

from annotation.classifier.encoder.ranks import distributed, is_main


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, (False, True)),
        ({"WORLD_SIZE": "1", "RANK": "0"}, (False, True)),
        ({"WORLD_SIZE": "2", "RANK": "0"}, (True, True)),
        ({"WORLD_SIZE": "2", "RANK": "1"}, (True, False)),
    ],
)
def test_ranks_are_read_from_what_the_launchers_set(monkeypatch, environment, expected):
    for name in ("WORLD_SIZE", "RANK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (distributed(), is_main()) == expected
