"""The lead's browser, for every page of the lead."""

import re

import pytest


@pytest.fixture
def page(client, lead):
    """The lead's browser: `page(path)`, `page(path, data)`; returns (response, text)."""
    client.force_login(lead)

    def visit(path, data=None, **kwargs):
        response = client.get(path) if data is None else client.post(path, data, **kwargs)
        return response, re.sub(r"\s+", " ", response.content.decode())

    return visit
