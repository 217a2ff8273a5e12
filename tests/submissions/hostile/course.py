"""The course that hostile submissions are submitted to, and the attacks on it.

An attack is an answer sheet. Its docstring begins with what must happen, then says which exercises
are answered honestly, a piece of what the report must say, and whether stock nbgrader is tried
with it, too. What a sheet does not answer stays a stub.
"""

from __future__ import annotations

import ast
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.core.course import Course
from tests.kit.toy_course import MISCONCEPTIONS, make_course

SHEETS = Path(__file__).parent
POINTS = {"double": 5.0, "quadruple": 3.0, "twice": 2.0, "keep": 1.0, "give_back": 1.0}
CANARY = "unroll-canary-"

SOLUTION = '''
# %% [markdown]
# # A toy that attracts attacks

# %%
import numpy as np

# %%
def double(x):
    """2 x, elementwise."""
    ### BEGIN SOLUTION
    secret_of_the_solution = "CANARY"
    return 2.0 * np.asarray(x)
    ### END SOLUTION

# %%
def quadruple(x):
    """4 x, elementwise."""
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION

# %%
def twice(f, x):
    """f(f(x))"""
    ### BEGIN SOLUTION
    return f(f(x))
    ### END SOLUTION

# %%
def keep(x):
    """x, and what ``give_back`` needs to give x back."""
    ### BEGIN SOLUTION
    cache = [x]
    return x, cache
    ### END SOLUTION

# %%
def give_back(cache):
    """x again."""
    ### BEGIN SOLUTION
    return cache[0]
    ### END SOLUTION
'''

PUBLIC = '''
import numpy as np
from autograder.testing import assert_close, exercise

@exercise("quadruple")
def test_quadruple_of_one_is_four(student):
    """quadruple(1) is 4"""
    assert_close(student.quadruple(np.ones(1)), np.array([4.0]))
'''

HIDDEN = '''
from hypothesis import given
from autograder.testing import (
    arrays, assert_close, assert_pure, exercise, outputs_and_cache, shapes,
)

SECRET_OF_THE_TESTS = "CANARY"
vectors = arrays(shapes(1))

@exercise("double", points=4)
@given(x=vectors)
def test_double_agrees(student, reference, x):
    """double(x) is 2 x"""
    assert_close(student.double(x), reference.double(x))

@exercise("double", points=1)
@given(x=vectors)
def test_double_is_pure(student, reference, x):
    """x is left unchanged"""
    assert_pure(student.double, x, like=reference.double)

@exercise("quadruple", points=3, after="double")
@given(x=vectors)
def test_quadruple_agrees(student, reference, x):
    """quadruple(x) is 4 x"""
    assert_close(student.quadruple(x), reference.quadruple(x))

@exercise("twice", points=2)
@given(x=vectors)
def test_twice_agrees(student, reference, x):
    """twice(f, x) is f(f(x))"""
    secret_of_the_function = "CANARY"
    f = lambda y: 3.0 * y + len(secret_of_the_function)
    assert_close(student.twice(f, x), reference.twice(f, x))

@exercise("keep", points=1)
@given(x=vectors)
def test_keep_agrees(student, x):
    """keep(x) returns x first"""
    (kept,), _ = outputs_and_cache(student.keep, {"x": x})
    assert_close(kept, x)

@exercise("give_back", points=1, after="keep")
@given(x=vectors)
def test_give_back_agrees(student, x):
    """give_back returns what was kept"""
    _, cache = outputs_and_cache(student.keep, {"x": x})
    assert_close(student.give_back(cache), x)
'''


@dataclass(frozen=True)
class Attack:
    """A hostile answer sheet: ``promise`` is what must happen, ``says`` is in the report."""

    name: str
    promise: str
    honest: tuple[str, ...]
    says: str
    on_stock: bool

    @property
    def sheet(self) -> Path:
        return SHEETS / f"{self.name}.py"

    @property
    def earned(self) -> float:
        """What its honest parts are worth."""
        return sum(POINTS[name] for name in self.honest)


def attacks() -> Iterator[Attack]:
    """All hostile sheets, in the order of their names."""
    for sheet in sorted(SHEETS.glob("*/*.py")):
        promise, *lines = (ast.get_docstring(ast.parse(sheet.read_text())) or "").splitlines()
        facts = dict(line.split(":", 1) for line in lines if line)
        yield Attack(
            f"{sheet.parent.name}/{sheet.stem}",
            promise,
            tuple(facts["honest"].replace(",", " ").split()),
            facts["says"].strip(),
            "stock" in facts,
        )


def hostile_course(root: Path) -> tuple[Course, str]:
    """The course below ``root``, and the secret that is hidden in all that must stay secret."""
    canary = CANARY + secrets.token_hex(8)
    course = make_course(
        root,
        solution=SOLUTION.replace("CANARY", canary),
        hidden=HIDDEN.replace("CANARY", canary),
        public=PUBLIC,
        misconceptions=MISCONCEPTIONS,
        seed=f"{canary}\n",
    )
    other = root / "course" / "submitted" / "neighbour" / "a0_toy" / "a0_toy.ipynb"
    other.parent.mkdir(parents=True)
    other.write_text(f'{{"cells": [], "metadata": {{"secret": "{canary}"}}}}')
    return course, canary
