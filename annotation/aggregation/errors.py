"""What the aggregation refuses."""


class AggregationError(Exception):
    """An unknown method, a gold label outside the categories or a start that does not fit, in one sentence."""
