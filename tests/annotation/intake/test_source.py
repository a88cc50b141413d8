import gzip
import io

import pytest

from annotation.intake.errors import IntakeError
from annotation.intake.source import ENCODINGS, Source

TEXT = "запрос,пользователь\r\nдля бега,u1\nещё,u2\n" * 5_000
CYRILLIC = [name for name in ENCODINGS if name not in ("cp1252", "iso8859-1")]


def packed(text: str, encoding: str, pack: bool) -> io.BytesIO:
    data = text.encode(encoding)
    return io.BytesIO(gzip.compress(data) if pack else data)


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("encoding", CYRILLIC)
def test_every_encoding_reads_as_utf8_and_goes_on_anywhere(encoding, pack):
    source = Source(packed(TEXT, encoding, pack), encoding)
    whole = TEXT.encode()
    assert source.head == whole[: len(source.head)]
    first = source.readline(1 << 20)
    assert source.offset == len(first)
    assert first + source.read(len(whole)) == whole
    for offset in (len(first), 100_001, 0):
        source.seek(offset)
        assert source.offset == offset
        assert source.read(1_000) == whole[offset : offset + 1_000]


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_text(encoding, pack):
    source = Source(packed("\ufeff" + TEXT, encoding, pack), encoding)
    assert source.read(30) == TEXT.encode()[:30]
    source.seek(30)
    assert source.read(30) == TEXT.encode()[30:60]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty; give one with at least one query"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"PK\x03\x04rest", "is a zip archive; unpack it"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-500], "is not whole gzip data; pack it again"),
        (b"\x1f\x8bnonsense", "is not whole gzip data"),
        ("text\nдля бега".encode("utf-16"), "is UTF-16 .*0xFF.*; save it as UTF-8 or state the encoding utf-16"),
        ("text,user\nrunning,u1".encode("utf-16-le"), "is UTF-16"),
        ("text\nдля бега".encode("cp1251"), r"not UTF-8: byte 6 is 0xE4; save it as UTF-8 or .* cp1251\."),
        ("text\nдля бега утром".encode("koi8-r"), r"byte 6 is 0xC4; .* koi8-r\."),
        ("text\nдля бега".encode("cp866"), r"such as cp866\."),
        ("text\ncafé del mar".encode("cp1252"), r"such as cp1252\."),
    ],
)
def test_refuses_the_file_with_the_mend(data, words):
    with pytest.raises(IntakeError, match=words) as refusal:
        source = Source(io.BytesIO(data))
        while source.read(1 << 16):
            pass
    assert "\n" not in str(refusal.value)


def test_one_broken_line_does_not_make_it_another_encoding():
    Source(io.BytesIO("text\nдля бега\nещё\n".encode() + b"\xe4\xeb\xff\n"))


def test_a_wrong_encoding_is_refused():
    with pytest.raises(IntakeError, match="'zip' is not known; use one of utf-8, utf-16"):
        Source(io.BytesIO(b"x"), "zip")
    with pytest.raises(IntakeError, match=r"not utf-16 near byte \d+; state another one"):
        Source(io.BytesIO(b"abc"), "utf-16")


def test_a_changed_file_has_another_fingerprint():
    prints = {
        Source(io.BytesIO(data)).fingerprint()
        for data in (b"text\n" + b"a" * 200_000, b"texts\n" + b"a" * 199_999, b"text\n" + b"a" * 199_999 + b"b")
    }
    assert len(prints) == 3
    source = Source(io.BytesIO(b"text\nabc"))
    source.readline(100)
    before = source.offset
    assert source.fingerprint() == Source(io.BytesIO(b"text\nabc")).fingerprint()
    assert (source.offset, source.read(3)) == (before, b"abc")
