import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.export.formula_cells import defuse, restore


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+7 999", "'+7 999"),
        ("-10", "'-10"),
        ("@home", "'@home"),
        ("\t=1", "'\t'=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("a;=1+1", "a;'=1+1"),
        ("a\n=1", "a\n'=1"),
        ("jazz; -rock", "jazz; -rock"),
        ("rock-n-roll = life", "rock-n-roll = life"),
        ("'74 jazz", "'74 jazz"),
        ("", ""),
    ],
)
def test_formulas_get_an_apostrophe_and_nothing_else_does(text, written):
    assert defuse(text) == written
    assert restore(written) == text


@given(st.text(alphabet="=+-@'\t\r\n;,\"＝＠ aя") | st.text())
def test_reading_undoes_it(text):
    assert restore(defuse(text)) == text


@given(st.lists(st.text(alphabet="=+-@';,\" \n\tx", min_size=1), min_size=1, max_size=4))
def test_no_cell_begins_a_formula_wherever_a_spreadsheet_cuts(texts):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([defuse(text) for text in texts])
    by_comma = next(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    # where the list separator is a semicolon, quotes within a line mean nothing: cut at every semicolon and line break
    by_semicolon = [cell for line in defuse(texts[0]).split("\n") for cell in line.split(";")]
    assert not [cell for cell in (*by_comma, *by_semicolon) if cell[:1] in ("=", "+", "-", "@", "\t")]
