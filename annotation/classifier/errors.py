"""What the query-type classifiers refuse."""


class ClassifierError(Exception):
    """Bad labelled queries, an unknown kind of classifier or a broken artifact, in one sentence with the mend."""
