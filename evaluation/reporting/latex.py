"""Tables for LaTeX, by booktabs.

Any name compiles under pdfLaTeX: what is special to TeX is escaped, accented Latin letters are composed, Cyrillic
stands as it is (the document needs T2A for it), and a character that pdfLaTeX would stop at is written as its number,
[U+4F60].
"""

import unicodedata
from collections.abc import Iterable, Sequence

from evaluation.reporting.tables import Table

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": "{-}",  # or two of them become a dash
    "?": "{?}",  # after ! or ` it would become another sign, as the comma and ! would
    "!": "{!}",
    ",": "{,}",
    "[": "{[}",  # at the start of a row it would be the space that follows the row before, and a star likewise
    "]": "{]}",
    "*": "{*}",
    "\N{NO-BREAK SPACE}": "~",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "−": r"$-$",
    "…": r"\ldots{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}",
    "×": r"$\times$",
    "±": r"$\pm$",
    "·": r"$\cdot$",
    "²": r"\textsuperscript{2}",
    "½": r"$\frac12$",
    "δ": r"$\delta$",
    "θ": r"$\theta$",
    "ν": r"$\nu$",
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
}
_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
}
_CYRILLIC = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def escape(text: str) -> str:
    """The text as LaTeX that prints it; never a command of its own."""
    return "".join(map(_character, unicodedata.normalize("NFC", text)))


def has_cyrillic(text: str) -> bool:
    return not _CYRILLIC.isdisjoint(text)


def latex_table(table: Table) -> str:
    """A table environment to be read with `\\input`; needs the package booktabs."""
    kinds = "".join("l" if column.kind == "text" else "r" for column in table.columns)
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escape(table.caption)}}}",
        rf"\label{{tab:{table.name.replace('_', '-')}}}",
        rf"\begin{{tabular}}{{{kinds}}}",
        r"\toprule",
        _row(column.title for column in table.columns),
        r"\midrule",
        *map(_row, table.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if table.note:
        lines.append(
            rf"\par\smallskip\begin{{minipage}}{{\linewidth}}\footnotesize {escape(table.note)}\end{{minipage}}"
        )
    return "\n".join([*lines, r"\end{table}"]) + "\n"


def latex_document(tables: Sequence[Table]) -> str:
    """A document that reads all the tables from beside it, to see them and to copy its preamble from."""
    cyrillic = any(has_cyrillic(latex_table(table)) for table in tables)
    lines = [
        r"\documentclass[a4paper]{article}",
        rf"\usepackage[{'T1,T2A' if cyrillic else 'T1'}]{{fontenc}}",
        r"\usepackage{textcomp}",
        r"\usepackage{booktabs}",
        r"\usepackage[margin=15mm,landscape]{geometry}",
        r"\begin{document}",
        r"\small",
        *(rf"\input{{{table.name}.tex}}" + "\n" + r"\clearpage" for table in tables),
        r"\end{document}",
    ]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return " & ".join(map(escape, cells)) + r" \\"


def _character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in _CYRILLIC or (" " <= character <= "~"):
        return character
    base, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) == 1 and marks[0] in _ACCENTS and base.isascii() and base.isalpha():
        return rf"\{_ACCENTS[marks[0]]}{{{base}}}"
    return f"{{[}}U+{ord(character):04X}{{]}}"
