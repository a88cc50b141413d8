from evaluation.models.judgment import Judgment
from evaluation.models.look import Look
from evaluation.models.participant import Participant
from evaluation.models.study import Study, StudySystem
from evaluation.models.trial import Side, Trial

__all__ = ["Judgment", "Look", "Participant", "Side", "Study", "StudySystem", "Trial"]
