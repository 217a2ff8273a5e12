"""Names in Python source, read from its syntax tree; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["bound_names", "functions", "syntax_tree", "words"]


def syntax_tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell; None if it is not valid Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def functions(source: str) -> list[ast.FunctionDef]:
    """The functions at the top level of a source text; none if it is not valid Python."""
    tree = syntax_tree(source)
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)] if tree else []


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a file's top level defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield (alias.asname or alias.name).partition(".")[0]
    else:
        inner = [node for each in ast.walk(statement) for node in _loop_variables(each)]
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                if node not in inner:
                    yield node.id
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name


def _loop_variables(node: ast.AST) -> Iterator[ast.AST]:
    """The variables of a comprehension, which are not bound outside of it."""
    if isinstance(node, ast.comprehension):
        yield from ast.walk(node.target)


def words(tree: ast.AST) -> set[str]:
    """Every name, attribute and string in ``tree``: all that it may refer to."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(word) | ast.Attribute(attr=word) | ast.Constant(str(word)):
                found.add(word)
    return found
