from annotation.models.adjudication import Adjudication
from annotation.models.annotator import Annotator
from annotation.models.assignment import Assignment
from annotation.models.campaign import Campaign
from annotation.models.classifier import ClassifierPromotion, ClassifierRun
from annotation.models.gold import GoldRow, GoldVersion
from annotation.models.intake import Intake
from annotation.models.item import Item
from annotation.models.label_event import LabelEvent
from annotation.models.query import Query
from annotation.models.taxonomy_version import TaxonomyVersion

__all__ = [
    "Adjudication",
    "Annotator",
    "Assignment",
    "Campaign",
    "ClassifierPromotion",
    "ClassifierRun",
    "GoldRow",
    "GoldVersion",
    "Intake",
    "Item",
    "LabelEvent",
    "Query",
    "TaxonomyVersion",
]
