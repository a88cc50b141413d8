import pytest

from recsys import version_uses as uses
from recsys.version_uses import VersionUse


@pytest.fixture
def nobody_tells(monkeypatch):
    monkeypatch.setattr(uses, "_tellers", [])


def test_everybody_who_tells_is_asked_once(nobody_tells):
    asked = []

    def studies(versions):
        asked.append(list(versions))
        return {2: [VersionUse("Pilot", "/pilot/")]}

    uses.tell_version_uses(studies)
    uses.tell_version_uses(studies)
    uses.tell_version_uses(lambda versions: {2: [VersionUse("Other", "/other/")]})
    found = uses.version_uses([1, 2])
    assert found == {1: [], 2: [VersionUse("Pilot", "/pilot/"), VersionUse("Other", "/other/")]}
    assert asked == [[1, 2]]
