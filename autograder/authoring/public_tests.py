"""Join an assignment's public tests in the one file that students get.

The shared code comes first, then the tests in the notebook's order. Code and comments are copied
unchanged; imports are merged, and those from the shared file are dropped.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import isort

from autograder.core.course import PUBLIC_TESTS, SHARED_PUBLIC, Course
from autograder.core.errors import AuthorError
from autograder.core.syntax import bound_names
from autograder.suite import check_folders

__all__ = ["joined_public_tests"]

_DOCSTRING = """The tests that come with {}: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""
_STYLE = isort.Config(
    profile="black", line_length=100, known_first_party=frozenset({"autograder", "quiz"})
)


def joined_public_tests(course: Course, assignment: str) -> str:
    """The source of the released test file.

    Raises AuthorError for what one file cannot hold: a name with different meanings in two files,
    or an import from a file of the assignment other than the shared one.
    """
    folders = check_folders(course, assignment).values()
    paths = [course.tests(assignment) / SHARED_PUBLIC, *(each / PUBLIC_TESTS for each in folders)]
    files = [_read(path) for path in paths if path.is_file()]
    _refuse_clashes(files)
    imports = "\n".join(line for file in files for line in file.imports.values())
    merged = isort.code(imports, config=_STYLE).strip()
    body = "\n\n\n".join(file.body for file in files if file.body)
    gap = "\n\n\n" if body.startswith(("@", "def ", "class ")) else "\n\n"
    return f'"""{_DOCSTRING.format(assignment)}"""\n\n{merged}{gap}{body}\n'


@dataclass(frozen=True)
class _File:
    """The parts of a file of tests; ``imports`` and ``defined`` are keyed by name."""

    path: Path
    imports: dict[str, str]
    defined: dict[str, int]
    body: str


def _read(path: Path) -> _File:
    text = path.read_text("utf-8")
    tree = ast.parse(text, path)
    docstring = tree.body[0] if ast.get_docstring(tree) is not None else None
    lines: list[str | None] = list(text.split("\n"))
    imports: dict[str, str] = {}
    defined: dict[str, int] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports.update(_lines_of(statement, path))
        elif statement is not docstring:
            defined.update(dict.fromkeys(bound_names(statement), statement.lineno))
            continue
        end = statement.end_lineno or statement.lineno
        while end < len(lines) and not lines[end]:  # drop the empty lines below, too
            end += 1
        lines[statement.lineno - 1 : end] = [None] * (end - statement.lineno + 1)
    body = "\n".join(line for line in lines if line is not None).strip()
    return _File(path, imports, defined, body)


def _lines_of(statement: ast.Import | ast.ImportFrom, path: Path) -> Iterator[tuple[str, str]]:
    """Each imported name with an import of it alone; none for names of the shared file."""
    if isinstance(statement, ast.ImportFrom) and statement.level:
        if statement.module != Path(SHARED_PUBLIC).stem or any(a.asname for a in statement.names):
            raise AuthorError(
                f"{path}:{statement.lineno}: public tests may import from their assignment only "
                f"names of {SHARED_PUBLIC}, without `as`, because they are released as one file: "
                "move shared code there"
            )
        return
    for alias in statement.names:
        one = copy.copy(statement)
        one.names = [alias]
        yield alias.asname or alias.name, ast.unparse(one)


def _refuse_clashes(files: list[_File]) -> None:
    """Raise AuthorError if a name has different meanings in two files."""
    seen: dict[str, tuple[str, str]] = {}
    for file in files:
        names = {name: (line, str(file.path)) for name, line in file.imports.items()}
        names |= {n: (f"{file.path}:{i}",) * 2 for n, i in file.defined.items()}
        for name, (meaning, place) in names.items():
            before = seen.setdefault(name, (meaning, place))
            if before[0] != meaning:
                raise AuthorError(
                    f"{place}: {name} means something else in {before[1]}, and public tests are "
                    f"released as one file: rename one, or move it to {SHARED_PUBLIC}"
                )
