"""The exercises of a solution file: its functions with a solution region.

Their order in the file is the order of the notebook, of grading and of every report.
"""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.core.errors import AuthorError

__all__ = ["BEGIN_SOLUTION", "END_SOLUTION", "exercises_in"]

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


def exercises_in(solution: Path) -> dict[str, int]:
    """The names of the exercises in a solution file, in its order, with their lines.

    Raises AuthorError if the file is not valid Python.
    """
    text = solution.read_text("utf-8")
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise AuthorError(f"{solution}:{error.lineno} is not valid Python: {error.msg}") from error
    lines = text.split("\n")
    return {
        node.name: node.lineno
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(BEGIN_SOLUTION in line for line in lines[node.lineno - 1 : node.end_lineno])
    }
