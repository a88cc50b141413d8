import inspect
import subprocess
import sys
from dataclasses import MISSING, fields, is_dataclass

import pytest

from recsys.core.errors import RequestError
from recsys.core.recommender import Recommender
from recsys.core.registry import RECOMMENDERS, entry, recommender_class


@pytest.mark.parametrize("slug", sorted(RECOMMENDERS))
def test_every_entry_leads_to_a_recommender_of_its_name(slug):
    found = recommender_class(slug)
    assert found.slug == slug
    assert isinstance(found.__new__(found), Recommender)
    assert inspect.getdoc(found)
    assert is_dataclass(found.params_class)
    assert all(type(field.default) in (int, float, str, bool) for field in fields(found.params_class))
    assert MISSING not in {field.default for field in fields(found.params_class)}
    assert RECOMMENDERS[slug].paper and RECOMMENDERS[slug].title
    assert RECOMMENDERS[slug].options <= {"encoder", "classifier"}


@pytest.mark.parametrize("ask", [entry, recommender_class])
def test_an_unknown_name_is_refused_with_those_that_are_there(ask):
    with pytest.raises(RequestError, match="no system 'jam'; available are popularity, bm25, ") as refusal:
        ask("jam")
    assert all(slug in str(refusal.value) for slug in RECOMMENDERS)


def test_reading_the_registry_imports_no_recommender():
    code = "import sys, recsys.core.registry; print([name for name in sys.modules if 'recommenders' in name])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
