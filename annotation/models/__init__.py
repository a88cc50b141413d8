from annotation.models.label import Label
from annotation.models.query import Query

__all__ = ["Label", "Query"]
