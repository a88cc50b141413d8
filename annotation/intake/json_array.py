"""Reading a JSON array element by element, with only one element in memory."""

import codecs
import json
import re
from collections.abc import Iterator

from annotation.intake.errors import IntakeError
from annotation.intake.source import Source

ELEMENT_LIMIT = 1 << 20
"""Characters of one element. A longer one is damage, and must not be pulled into memory to find out."""
CHUNK = 1 << 16
_BLANKS = re.compile(r"[ \t\n\r]*")
# a number may go on in the next chunk; everything else ends where it seems to
_DIGITS, _IN_NUMBERS = frozenset("0123456789"), frozenset("0123456789+-.eE")


class JsonArray:
    """The elements of one array that is the whole file.

    Attributes:
        offset: bytes of UTF-8 up to the end of the last element given.
        lines: line ends up to there.
        elements: how many were given.
    """

    def __init__(self, source: Source, *, offset: int = 0, lines: int = 0, elements: int = 0) -> None:
        """Begin, or go on after the element that ended at `offset`."""
        self._source = source
        self._decoder = json.JSONDecoder()
        self._text = codecs.getincrementaldecoder("utf-8")()
        self._buffer, self._start, self._ended = "", 0, False
        self.offset, self.lines, self.elements = offset, lines, elements
        source.seek(offset)

    def __iter__(self) -> Iterator[tuple[int, object]]:
        """Yield (line on which it starts, element).

        Raises:
            IntakeError: The file is not one JSON array; what was given until then was right.
        """
        if self.offset == 0:
            self._expect("[")
        while self._next_character() != "]":
            if self.elements:
                self._expect(",")
            line = self._skip_blanks()
            yield line, self._element(line)
        self._expect("]")
        if self._next_character():
            raise self._refusal("has something after its last bracket")

    def _element(self, line: int) -> object:
        """Decode the element at the beginning of the buffer, taking more bytes until it is whole."""
        while True:
            fault = ""
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._start)
            except json.JSONDecodeError as error:
                fault = f"is not JSON ({error.msg}) near line {line + self._newlines(error.pos)}"
            except (ValueError, RecursionError) as error:
                raise self._refusal(f"cannot be read as JSON ({type(error).__name__}) near line {line}") from error
            else:
                if self._is_whole(end):
                    self._pass(end)
                    self.elements += 1
                    return value
            if len(self._buffer) - self._start > ELEMENT_LIMIT:
                raise self._refusal(
                    f"has more than {ELEMENT_LIMIT} characters from line {line} on that are no JSON value"
                )
            if not self._more() and fault:
                raise self._refusal(fault)

    def _is_whole(self, end: int) -> bool:
        if self._ended or self._buffer[end - 1] not in _DIGITS:
            return True
        return end < len(self._buffer) and self._buffer[end] not in _IN_NUMBERS

    def _expect(self, character: str) -> None:
        if self._next_character() != character:
            wanted = "end, or have a comma here" if character == "," else f"have {character!r} here"
            raise self._refusal(f"should {wanted}, near line {self.lines + 1}")
        self._pass(self._start + 1)

    def _next_character(self) -> str:
        """The first character that is not blank, left where it is; empty at the end of the file."""
        self._skip_blanks()
        return self._buffer[self._start : self._start + 1]

    def _skip_blanks(self) -> int:
        """Pass blanks; return the line that is reached."""
        while True:
            blanks = _BLANKS.match(self._buffer, self._start)
            self._pass(blanks.end() if blanks else self._start)
            if self._start < len(self._buffer) or not self._more():
                return self.lines + 1

    def _pass(self, end: int) -> None:
        passed = self._buffer[self._start : end]
        self.lines += passed.count("\n")
        self.offset += len(passed) if passed.isascii() else len(passed.encode())
        self._start = end

    def _more(self) -> bool:
        if self._ended:
            return False
        raw = self._source.read(CHUNK)
        self._ended = not raw
        try:
            text = self._text.decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            raise self._refusal(f"is not UTF-8 near byte {self._source.offset - len(raw) + error.start + 1}") from error
        self._buffer, self._start = self._buffer[self._start :] + text, 0
        return not self._ended

    def _newlines(self, end: int) -> int:
        return self._buffer.count("\n", self._start, end)

    def _refusal(self, problem: str) -> IntakeError:
        return IntakeError(f"The JSON array {problem}, element {self.elements + 1}; correct it.")
