import json
import re
from pathlib import Path

from annotation.taxonomy import CATEGORIES, parse_taxonomy

GUIDE = Path(__file__).parents[3] / "docs" / "taxonomies.md"


def test_the_example_of_the_guide_is_a_taxonomy():
    (example,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    taxonomy = parse_taxonomy(json.loads(example))
    assert taxonomy.slugs == ("billing", "leaving")


def test_the_guide_draws_the_keys_as_they_lie():
    (_, drawing, *_) = re.findall(r"```\w*\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    rows = [line.split("    ", 1) for line in drawing.splitlines()[1:]]
    halves = ["".join(row[hand] for row in rows).replace(" ", "") for hand in (0, 1)]
    assert halves == ["".join(c.key for c in CATEGORIES if c.personalised is half) for half in (True, False)]
