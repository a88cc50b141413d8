"""What reading a log refuses as a whole; what is wrong with single rows is a `Problem` instead."""


class IntakeError(ValueError):
    """A file or an option that cannot be used, in one sentence with the mend."""
