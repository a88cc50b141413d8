"""The bytes of a file as UTF-8, whatever it is packed or encoded in, with a place to go on from."""

import codecs
import gzip
import hashlib
import io
import os
import re
import zlib
from collections.abc import Callable
from typing import BinaryIO, cast

from annotation.intake.errors import IntakeError

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1251",
    "cp1252",
    "koi8-r",
    "cp866",
    "iso8859-1",
    "iso8859-5",
)
"""What a lead may state. UTF-8 needs no stating."""
HEAD = 1 << 16
"""Bytes at the beginning by which a file is known again and its format is found."""
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1 << 16


class Source:
    """A seekable binary file, read as UTF-8 without a byte order mark.

    Attributes:
        size: bytes of the file as it lies on the disk.
        offset: bytes of UTF-8 read so far; `seek` goes back there in a later process.
        head: up to `HEAD` bytes of UTF-8 from the beginning.
    """

    def __init__(self, stream: BinaryIO, encoding: str = "utf-8") -> None:
        """Look at the beginning of the file.

        Raises:
            IntakeError: It is empty, in another encoding than stated, an archive, or damaged.
        """
        if encoding not in ENCODINGS:
            raise IntakeError(f"The encoding {encoding[:40]!r} is not known; use one of {', '.join(ENCODINGS)}.")
        self._stream = stream
        self._encoding = encoding
        self.size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        magic = stream.read(4)
        if magic == _ZIP:
            raise IntakeError("The file is a zip archive; unpack it and give the files in it one by one.")
        self._packed = magic[:2] == _GZIP
        self._plain = not self._packed and encoding == "utf-8"
        self.offset = self._mark = 0
        self._open()
        head = self.read(HEAD)
        self.head = head.removeprefix(codecs.BOM_UTF8)
        self._mark = len(head) - len(self.head)
        if not self.head.strip():
            raise IntakeError("The file is empty; give one with at least one query.")
        if encoding == "utf-8":
            _check_utf8(self.head)
        self.seek(0)

    def fingerprint(self) -> str:
        """A hash of size, beginning and end of the file as it lies on the disk: a changed file has another."""
        place = self._stream.tell()
        digest = hashlib.sha256(f"{self.size} {self._encoding}".encode())
        for start in (0, max(0, self.size - HEAD)):
            self._stream.seek(start)
            digest.update(self._stream.read(HEAD))
        self._stream.seek(place)
        return digest.hexdigest()

    @property
    def bytes_read(self) -> int:
        """Bytes of the file on the disk that were taken, a little ahead of `offset` where it is packed or encoded."""
        return min(self._stream.tell(), self.size)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end."""
        return self._take(self._text.read, size)

    def readline(self, limit: int) -> bytes:
        """The next line with its end, cut after `limit` bytes."""
        return self._take(self._text.readline, limit)

    def seek(self, offset: int) -> None:
        """Go to an `offset` of before. What is packed or encoded is read again up to there."""
        if self._plain:
            self._stream.seek(self._mark + offset)
        else:
            self._open()
            left = self._mark + offset
            while left and (chunk := self.read(min(left, _CHUNK))):
                left -= len(chunk)
        self.offset = offset

    def _open(self) -> None:
        self._stream.seek(0)
        self._text = cast(BinaryIO, gzip.GzipFile(fileobj=self._stream)) if self._packed else self._stream
        if self._encoding != "utf-8":
            self._text = cast(BinaryIO, io.BufferedReader(_Transcoded(self._text, self._encoding), _CHUNK))

    def _take(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            chunk = read(size)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise IntakeError("The file is not whole gzip data; pack it again.") from error
        self.offset += len(chunk)
        return chunk


class _Transcoded(io.RawIOBase):
    """UTF-8 made of another encoding."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""
        self._done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            raw = self._stream.read(_CHUNK)
            try:
                self._ready = self._decoder.decode(raw, final=not raw).encode()
            except UnicodeError as error:
                place = self._done + getattr(error, "start", 0)
                raise IntakeError(
                    f"The file is not {self._encoding} near byte {place + 1}; state another one."
                ) from error
            self._done += len(raw)
            if not raw:
                break
        chunk, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _check_utf8(head: bytes) -> None:
    """Refuse a file in another encoding; a few broken lines in one of UTF-8 are problems of these lines only."""
    if head.startswith(_UTF16) or head.count(b"\0") * 4 > len(head):
        raise IntakeError(
            f"The file is UTF-16 (its first byte is 0x{head[0]:02X}); save it as UTF-8 or state the encoding utf-16."
        )
    lines = [line for line in head.split(b"\n")[: -1 if len(head) == HEAD else None] if not line.isascii()]
    faults = [fault for line in lines if (fault := _fault(line)) is not None]
    if len(faults) * 2 <= len(lines) or not faults:
        return
    place = next(head.index(line) + fault for line in lines if (fault := _fault(line)) is not None)
    raise IntakeError(
        f"The file is not UTF-8: byte {place + 1} is 0x{head[place]:02X}; save it as UTF-8 or state its encoding, "
        f"such as {_likely(head)}."
    )


def _fault(line: bytes) -> int | None:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def _likely(head: bytes) -> str:
    """The Cyrillic encoding with most lower-case letters; the Western one where bytes outside ASCII stand alone."""
    runs = re.findall(rb"[\x80-\xff]+", head)
    if sum(map(len, runs)) < 2 * len(runs):
        return "cp1252"
    outside = b"".join(runs)
    return max(("cp1251", "koi8-r", "cp866"), key=lambda encoding: _lower_case(outside.decode(encoding, "replace")))


def _lower_case(text: str) -> int:
    return sum("а" <= letter <= "я" for letter in text)
