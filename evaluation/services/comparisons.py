"""Two studies beside each other. Nothing of it is stored."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evaluation.models import Study
from evaluation.selectors.comparisons import StudyPair, study_pair
from evaluation.services.looks import record_look
from playoff.common.errors import InvalidInputError

if TYPE_CHECKING:
    from evaluation.stats.comparison_results import Comparison


@dataclass(frozen=True)
class StudyComparison:
    first: Study
    second: Study
    read: StudyPair
    result: "Comparison"


def compare(*, first: str, second: str) -> StudyComparison:
    """Compare the studies of two short names.

    Raises:
        InvalidInputError: There is no such study, or both are the same one.
    """
    from evaluation.stats.comparison import compare_studies

    if first == second:
        raise InvalidInputError(_("A study cannot be compared with itself; choose two different ones."))
    one, other = _study(first), _study(second)
    read = study_pair(one, other)
    for study, table in ((one, read.first), (other, read.second)):
        record_look(study=study, judgments=len(table))
    result = compare_studies(read.first, read.second, labels=(one.slug, other.slug), shared=read.shared)
    return StudyComparison(one, other, read, result)


def _study(slug: str) -> Study:
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        raise InvalidInputError(_("There is no study {!r}; choose one of the list.").format(slug))
    return study
