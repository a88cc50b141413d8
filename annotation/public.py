"""All that other apps may import from annotation. Nothing here imports Django or a learning library by itself."""

from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import QueryClassifier, QueryType
from annotation.classifier.registry import load_classifier, train_classifier
from annotation.taxonomy import BY_SLUG, CATEGORIES, Category

__all__ = ["BY_SLUG", "CATEGORIES", "Category", "ClassifierError", "QueryClassifier", "QueryType", "load_classifier", "train_classifier"]
