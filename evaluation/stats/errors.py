"""What the statistics refuse, each with one sentence that says what is wrong and how to mend it."""


class StatisticsError(Exception):
    """Something a person can act on; nothing was computed."""


class JudgmentError(StatisticsError):
    """A judgment that cannot be one: an unknown outcome, a system against itself, an empty name."""


class JudgmentFileError(StatisticsError):
    """A file of judgments with a wrong line, named by its number."""


class NotConvergedError(StatisticsError):
    """An iteration was still moving at its last step, so there is no answer to report."""


class DisconnectedError(StatisticsError):
    """Systems that no chain of judgments connects cannot be put on one scale."""
