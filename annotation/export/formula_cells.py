"""Text that a spreadsheet would take for a formula, made harmless in a way that reading can undo.

A spreadsheet runs a cell that starts with one of = + - @, a tab or a line break, or with the full-width form of such a
sign (OWASP, "CSV Injection"). Such a text gets an apostrophe before it. The same is done after a semicolon, a tab or a
line break within the text: where the decimal sign is a comma, as in Russian, spreadsheets cut lines at semicolons and
the rest of the text becomes a cell of its own. A text that has apostrophes before such a sign already gets one more,
so that reading can always take exactly one away.
"""

import re

_START = r"(?:^|(?<=[;\t\r\n]))"
_FORMULA = r"(?='*[=+\-@\t\r\n＝＋－＠])"
_INSERT = re.compile(_START + _FORMULA)
_REMOVE = re.compile(_START + "'" + _FORMULA)
# nearly every text has none of these, and this is ten times quicker to see
_SUSPECT = re.compile(r"^['=+\-@＝＋－＠]|[;\t\r\n]")


def defuse(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula."""
    return _INSERT.sub("'", text) if _SUSPECT.search(text) else text


def restore(text: str) -> str:
    """What `defuse` was given."""
    return _REMOVE.sub("", text) if _SUSPECT.search(text) else text
