"""A broken submission: its name, what must happen, and how it is made of the released notebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.submissions.fill import fill

__all__ = ["RIGHT", "Case", "answered", "as_bytes", "cell_of", "collect", "sheet"]

RIGHT = {
    "double": "def double(x):\n    return 2.0 * x",
    "quadruple": "def quadruple(x):\n    return 4.0 * x",
}


@dataclass(frozen=True)
class Case:
    """``make`` turns the released notebook into the submitted file; ``must`` says what happens."""

    name: str
    must: str
    make: Callable[[Any], bytes]


def collect(cases: list[Case]) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """A decorator that adds a case: the function's name, its docstring and what it makes.

    The function changes the notebook that it is given, or returns another one, or bytes.
    """

    def add(build: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def make(released: Any) -> bytes:
            notebook = answered(released)
            made = build(notebook)
            return made if isinstance(made, bytes) else as_bytes(made or notebook)

        cases.append(Case(build.__name__, " ".join((build.__doc__ or "").split()), make))
        return build

    return add


def sheet(name: str, must: str, double: str, quadruple: str = RIGHT["quadruple"]) -> Case:
    """A submission whose notebook is whole, with these answers."""

    def make(released: Any) -> bytes:
        return as_bytes(answered(released, double=double, quadruple=quadruple))

    return Case(name, must, make)


def answered(released: Any, **answers: str) -> Any:
    """A copy of the released notebook with right answers, but for those given."""
    return fill(released, {**RIGHT, **answers})


def as_bytes(notebook: Any) -> bytes:
    return json.dumps(notebook, indent=1).encode()


def cell_of(notebook: Any, grade_id: str) -> Any:
    """The cell that nbgrader knows by this name."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise KeyError(grade_id)
