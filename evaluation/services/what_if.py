"""A study's results with something changed, beside the unchanged ones. Nothing of it is stored."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.timezone import get_current_timezone

from evaluation.kept import KeptByStudy
from evaluation.models import Study
from evaluation.selectors.judgment_tables import StudyTable, study_table
from evaluation.services.looks import record_look

if TYPE_CHECKING:
    from evaluation.stats.quick import QuickAnalysis
    from evaluation.stats.what_if import Changes, ParticipantProfile
    from evaluation.what_if_query import WhatIf


@dataclass(frozen=True)
class Unchanged:
    """All judgments of a study, with its own settings."""

    analysis: "QuickAnalysis"
    profiles: "tuple[ParticipantProfile, ...]"


@dataclass(frozen=True)
class WhatIfResult:
    """Both analyses and what differs; `after` and `changes` are None where nothing is asked for."""

    asked: "WhatIf"
    table: StudyTable
    unchanged: Unchanged
    after: "QuickAnalysis | None"
    changes: "Changes | None"


_kept: KeptByStudy[Unchanged] = KeptByStudy()


def what_if(*, study: Study, query: QueryDict) -> WhatIfResult:
    """Recompute the study as the query string asks; of an open study that is a look at its results.

    Raises:
        InvalidInputError: The query string asks for what there is not.
    """
    from evaluation.stats.quick import analyze_quickly  # scipy comes in here, as with the report
    from evaluation.stats.what_if import changes, select
    from evaluation.what_if_query import WhatIf, read_what_if

    read = study_table(study)
    record_look(study=study, judgments=len(read.table))
    asked = read_what_if(query, study=study, table=read.table)
    unchanged = _unchanged(study, read)
    if asked == WhatIf():
        return WhatIfResult(asked, read, unchanged, None, None)
    kept = select(read.table, asked.selection(get_current_timezone()))
    after = analyze_quickly(kept, model=asked.model, elo_k=asked.elo_k or study.elo_k)
    return WhatIfResult(asked, read, unchanged, after, changes(unchanged.analysis, after))


def _unchanged(study: Study, read: StudyTable) -> Unchanged:
    from evaluation.stats.quick import analyze_quickly
    from evaluation.stats.what_if import participant_profiles

    return _kept.get(
        study.pk,
        (read.stamp, study.elo_k),
        lambda: Unchanged(analyze_quickly(read.table, elo_k=study.elo_k), participant_profiles(read.table)),
    )
