"""What the page of two studies shows."""

from collections import Counter
from typing import Any

from evaluation.caution_words import in_words
from evaluation.services.comparisons import StudyComparison

LEVEL = 0.05


def comparison_page(comparison: StudyComparison) -> dict[str, Any]:
    """What the template of the comparison takes; the common systems stand as the first study rates them."""
    result = comparison.result
    relations = Counter(gap.relation for gap in result.gaps)
    return {
        "comparison": comparison,
        "notes": [in_words(vars(note)) for note in result.notes],
        "sides": [
            {"study": comparison.first, "summary": result.first, "only": result.only_first},
            {"study": comparison.second, "summary": result.second, "only": result.only_second},
        ],
        "systems": sorted(result.systems, key=lambda system: (-system.bt[0], system.name)),
        "tally": {
            "differ": sum(gap.p_holm is not None and gap.p_holm < LEVEL for gap in result.gaps),
            "agree": relations["agree"],
            "contradict": relations["contradict"],
            "one": relations["only_first"] + relations["only_second"],
        },
    }
