"""What active learning refuses."""


class ActiveLearningError(Exception):
    """A share, a size, a strategy or labels that cannot be worked with, in one sentence with the mend."""
