"""Defaults read from the source are those that the classes have."""

from dataclasses import fields

import pytest

from recsys.core.defaults import default_parameters
from recsys.core.registry import RECOMMENDERS, Entry, recommender_class


@pytest.mark.parametrize("slug", sorted(RECOMMENDERS))
def test_they_are_what_the_class_says(slug):
    kind = recommender_class(slug).params_class
    assert default_parameters(slug) == {field.name: field.default for field in fields(kind)}


def test_inherited_ones_are_there():
    assert {"candidates", "alpha"} <= default_parameters("retriever-cr").keys()


def test_of_what_is_not_registered_none_are_known():
    assert default_parameters("retired") == {}


@pytest.mark.parametrize("path", ["recsys.nowhere:Gone", "recsys.core.errors:RecsysError", "recsys.core.errors:Gone"])
def test_a_path_that_leads_nowhere_has_none(path, monkeypatch):
    monkeypatch.setattr("recsys.core.defaults.RECOMMENDERS", {"odd": Entry("Odd", path, paper="")})
    default_parameters.cache_clear()
    assert default_parameters("odd") == {}
    default_parameters.cache_clear()
