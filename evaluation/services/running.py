"""The numbers of a study while it runs. To read them is to look, and looks are counted."""

from typing import TYPE_CHECKING

from evaluation.models import Study
from evaluation.selectors.judgment_tables import study_table
from evaluation.services.looks import record_look

if TYPE_CHECKING:
    from evaluation.stats.quick import QuickAnalysis


def running_ratings(*, study: Study) -> "QuickAnalysis":
    """Rate the study as it stands, and note that somebody looked."""
    from evaluation.stats.quick import analyze_quickly

    table = study_table(study).table
    record_look(study=study, judgments=len(table))
    return analyze_quickly(table, elo_k=study.elo_k)
