"""A little taxonomy of one's own."""

from typing import Any

import pytest


def little_document() -> dict[str, Any]:
    return {
        "slug": "errands",
        "version": 3,
        "title": {"en": "Why people write to us", "de": "Weshalb man uns schreibt"},
        "halves": {},
        "categories": [
            {
                "slug": "billing",
                "key": "1",
                "personalised": None,
                "title": {"en": "Billing", "de": "Rechnung"},
                "definition": {"en": "Money was charged, or was not."},
                "not_this": {"en": "Ending a contract is “Leaving”."},
                "examples": {"en": ["charged twice", "where is my invoice"]},
            },
            {
                "slug": "leaving",
                "key": "2",
                "personalised": None,
                "title": {"en": "Leaving"},
                "definition": {"en": "The customer wants to end the contract."},
                "not_this": {},
                "examples": {"en": ["cancel my plan", "delete my account"]},
            },
        ],
    }


@pytest.fixture
def document() -> dict[str, Any]:
    return little_document()
