"""What the recommender core refuses, each with the value, the bound and the remedy."""


class RecsysError(Exception):
    """Any refusal of the recommender core."""


class DatasetError(RecsysError):
    """A data set folder is not as `sample/README.md` describes; the message names file, line and mend."""


class SourceError(RecsysError):
    """A folder is not the public set that it is said to be; the message names file, line and mend."""


class ArtifactError(RecsysError):
    """A trained artifact is absent, incomplete, altered or made for other data."""


class RequestError(RecsysError):
    """A request that no recommender can answer: `k` out of range, say."""
