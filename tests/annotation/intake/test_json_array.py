import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.intake import json_array
from annotation.intake.errors import IntakeError
from annotation.intake.json_array import JsonArray
from annotation.intake.source import Source

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BLANKS = st.text(alphabet=" \t\r\n", max_size=3)


class Split(io.BytesIO):
    """Gives out the bytes in pieces of the sizes told, over and over."""

    sizes = (1 << 16,)
    turn = 0

    def read(self, size=-1):
        self.turn += 1
        return super().read(min(size, self.sizes[self.turn % len(self.sizes)]) if size > 3 else size)


def read(data: bytes, sizes=(1 << 16,), **place):
    stream = Split(data)
    array = JsonArray(Source(stream), **place)
    stream.sizes = sizes
    return array


@given(
    values=st.lists(VALUES, max_size=6),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    blank=BLANKS,
    indent=st.none() | st.integers(0, 2),
    ascii_only=st.booleans(),
)
def test_split_anywhere_it_reads_what_json_reads(values, sizes, blank, indent, ascii_only):
    text = blank + json.dumps(values, indent=indent, ensure_ascii=ascii_only) + blank
    data = text.encode("utf-8", "surrogatepass") if ascii_only else text.encode("utf-8", "replace")
    expected = json.loads(data)
    array = read(data, sizes)
    places, lines, found = [(0, 0)], [], []
    for line, value in array:
        found.append(value)
        lines.append(line)
        places.append((array.offset, array.lines))
    assert found == expected
    for number, (offset, passed) in enumerate(places):
        rest = read(data, sizes, offset=offset, lines=passed, elements=number)
        assert [(line, value) for line, value in rest] == list(zip(lines, expected, strict=True))[number:]


def test_lines_are_those_on_which_elements_start():
    array = read(b'[\n\n {"a":\n1}, 2,\n"x"]\n')
    assert [line for line, _ in array] == [3, 4, 5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"a": 1}', r"should end, or have a comma here, near line 1, element 2; correct it"),
        ('[{"a": 1},', r"is not JSON \(Expecting value\) near line 1, element 2"),
        ('[{"a": 1},]', r"is not JSON \(Expecting value\)"),
        ('[{"a": 1}\n {"a": 2}]', r"should end, or have a comma here, near line 2, element 2"),
        ('[{"a": 1},\n{"a":\n tru}]', r"is not JSON \(Expecting value\) near line 3, element 2"),
        ("[1.]", r"is not JSON|should end"),
        ("[1] 2", r"has something after its last bracket, element 2"),
        ("[" * 100_000, r"cannot be read as JSON \(RecursionError\) near line 1"),
    ],
)
def test_refusals_name_line_and_element(text, words):
    with pytest.raises(IntakeError, match=rf"^The JSON array ({words})") as refusal:
        list(read(text.encode()))
    assert "\n" not in str(refusal.value)


def test_not_utf8():
    with pytest.raises(IntakeError, match=r"is not UTF-8 near byte 70007, element 1"):
        list(read(b'["' + b"x" * 70_000 + b'", "\xe4"]'))


def test_an_element_without_end_is_not_pulled_into_memory(monkeypatch):
    monkeypatch.setattr(json_array, "ELEMENT_LIMIT", 1_000)
    monkeypatch.setattr(json_array, "CHUNK", 100)
    array = read(b'["' + b"x" * 100_000)
    with pytest.raises(IntakeError, match="more than 1000 characters from line 1 on that are no JSON value"):
        list(array)
    assert array._source.offset <= 1_300
