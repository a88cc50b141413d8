"""What a recommender's parameters are when nobody sets them, read from its source.

A page that tells which parameters of an artifact differ from the defaults runs in the web process, which has neither
the memory for the recommenders' libraries nor, in its own image, these libraries. The parameters are frozen dataclasses
with plain values, so the source says all.
"""

import ast
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from recsys.core.registry import RECOMMENDERS


@cache
def default_parameters(slug: str) -> Mapping[str, Any]:
    """Return the defaults of a registered recommender by name, inherited ones too; of any other slug none.

    A default that is no plain value is left out, so that a reader sees the artifact's own.
    """
    if slug not in RECOMMENDERS:
        return {}
    module, name = RECOMMENDERS[slug].path.split(":")
    found = _find_class(module, name)
    if found is None:
        return {}
    for statement in found[1].body:
        if isinstance(statement, ast.AnnAssign) and _name(statement.target) == "params_class":
            return _defaults(found[0], _name(statement.value))
    return {}


def _defaults(module: str, name: str) -> dict[str, Any]:
    found = _find_class(module, name)
    if found is None:
        return {}
    values: dict[str, Any] = {}
    for base in found[1].bases:
        values |= _defaults(found[0], _name(base))
    for statement in found[1].body:
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            try:
                values[_name(statement.target)] = ast.literal_eval(statement.value)
            except ValueError:
                continue
    return values


def _find_class(module: str, name: str) -> tuple[str, ast.ClassDef] | None:
    """The class of this name and its module, which may be another that it is imported from."""
    tree = _tree(module)
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef) and statement.name == name:
            return module, statement
        if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            for alias in statement.names:
                if name == (alias.asname or alias.name) and statement.module.startswith("recsys."):
                    return _find_class(statement.module, alias.name)
    return None


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ast.Module(body=[], type_ignores=[])
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


def _name(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""
