"""Whose taste a participant may borrow."""

from evaluation.models import Study
from recsys import public as recsys


def listener_choices(study: Study) -> list[recsys.ListenerChoice]:
    """Listeners of the data set whose taste may be borrowed; none unless the study allows it. Two queries."""
    if not study.sample_listeners:
        return []
    system = study.systems.select_related("version").first()
    return recsys.listener_choices(system.version.dataset_id, study.sample_listeners) if system else []
