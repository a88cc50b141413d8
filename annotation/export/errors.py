"""What writing labels out refuses."""


class ExportError(Exception):
    """A record, a file or a folder that cannot be written or read, in one sentence with the mend."""
