"""Tables for LaTeX: what they must never contain, and that they compile where there is a LaTeX."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.reporting.folder import latex
from evaluation.reporting.latex import escape, latex_table
from evaluation.reporting.sections import report_sections
from evaluation.reporting.tables import Column, Table

COMMAND = re.compile(r"\\(?:[a-zA-Z]+|[^a-zA-Z])")
KNOWN = re.compile(
    r"\\(text[a-z]+|ldots|guillemot(left|right)|times|pm|cdot|frac|delta|theta|nu|ss|ae|AE|o|O|l|L|[uvHrc]|[{}$&#%_`'^~=.\"])"
)


def strict(text: str) -> None:
    """Braces balance, every command is one of ours, and nothing that is special to TeX stands bare."""
    depth, rest = 0, text
    while rest:
        if found := COMMAND.match(rest):
            assert KNOWN.fullmatch(found[0]), found[0]
            rest = rest[found.end() :]
            continue
        depth += {"{": 1, "}": -1}.get(rest[0], 0)
        assert depth >= 0 and rest[0] not in '#%&^_"\n', text
        rest = rest[1:]
    assert depth == 0 and text.count("$") % 2 == text.count(r"\$") % 2


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_escaped(text):
    escaped = escape(text)
    strict(escaped)
    assert not re.match(r"\[|\*", escaped)  # after the end of a row it would be an option
    assert all(ord(character) < 128 or "А" <= character <= "я" or character in "Ёё" for character in escaped)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("retriever-cr", "retriever{-}cr"),
        ("50% & #1_x", r"50\% \& \#1\_x"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ("ёлка é", r"ёлка \'{e}"),
        ("模", "{[}U+6A21{]}"),
        ("−0.5 … 1–2", r"$-$0.5 \ldots{} 1\textendash{}2"),
    ],
)
def test_by_hand(text, expected):
    assert escape(text) == expected


def test_a_table_has_a_cell_per_column():
    table = Table("t", "Caption & more", (Column("System", "text"), Column("n")), (("[a]", "1"), ("*b", "2")), "note")
    lines = latex_table(table).splitlines()
    assert r"\begin{tabular}{lr}" in lines
    body = lines[lines.index(r"\midrule") + 1 : lines.index(r"\bottomrule")]
    assert body == [r"{[}a{]} & 1 \\", r"{*}b & 2 \\"]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("which", ["report", "nasty"])
def test_the_document_compiles(which, language, request, tmp_path):
    if not shutil.which("pdflatex"):
        pytest.skip("needs pdflatex with booktabs and, for Russian, T2A")
    files = latex(report_sections(request.getfixturevalue(which), language))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    if b"t2aenc.def' not found" in done.stdout:
        pytest.skip("this pdflatex has no Cyrillic")
    assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
    assert (tmp_path / "all.pdf").stat().st_size > 10_000
