"""An uploaded log on its way through a request, without a name on the disk and without a copy left behind.

Django's own temporary files stay where a process is killed. This one has no name from the start: the operating system
frees it when the request ends, however it ends.
"""

import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

MOST_BYTES = 64 * 1024 * 1024


class NamelessUploadHandler(FileUploadHandler):
    """Takes up to `MOST_BYTES` of a file; of a larger one nothing is kept, and `too_large` says so."""

    too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 — Django closes it with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MOST_BYTES:
            self.too_large = True
            self.file.close()
            raise StopUpload(connection_reset=False)  # the rest is read and thrown away, so that an answer is heard
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        self.file.seek(0)
        return UploadedFile(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
