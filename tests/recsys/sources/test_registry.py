from importlib import import_module

import pytest

from recsys.core.errors import RequestError
from recsys.sources.registry import SOURCES, importer


def test_every_source_has_an_importer_of_its_name():
    for name, source in SOURCES.items():
        function = importer(name)
        assert callable(function)
        module = import_module(function.__module__)
        assert {module.NAME} == {name}
        assert source.title


def test_refuses_a_name_that_is_none():
    with pytest.raises(RequestError, match=r"no source 'spotify'; available are spotify-playlist-archive, tidytuesday"):
        importer("spotify")
