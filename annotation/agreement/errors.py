"""What the agreement figures refuse."""


class AgreementError(Exception):
    """A wrong line in a file of labels, or a name that nobody bears, in one sentence with the mend."""
