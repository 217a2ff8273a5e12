"""Convert a student's values to the right form, for tests that do not judge their form."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.sandbox.guest.observe import copied
from autograder.students.base import Reply, Student
from autograder.testing.form import in_form

__all__ = ["InForm"]


class InForm(Student):
    """The functions of ``student``, with values converted to the form of the reference's.

    ``caching`` names the functions whose last value is a cache: it is not converted, and where it
    is an argument, the reference gets its own cache instead. ``ones`` restores axes of length 1.
    """

    def __init__(
        self,
        student: Student,
        reference: Mapping[str, Any],
        caching: Collection[str],
        ones: bool = False,
    ) -> None:
        super().__init__()
        self._student, self._reference, self._caching = student, reference, caching
        self._ones = ones
        # by the id of the student's cache, which is kept alive here
        self._caches: dict[int, tuple[Any, Any]] = {}
        self.calls = student.calls

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        expected = self._expected(name, args, kwargs)
        reply = self._student.call(name, args, kwargs)
        return replace(reply, value=self._mended(name, reply.value, expected))

    def _expected(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The value that the reference returns; None if it does not return."""
        if not callable(function := self._reference.get(name)):
            return None
        ours = [self._caches[id(arg)][1] if id(arg) in self._caches else arg for arg in args]
        try:
            with np.errstate(all="ignore"):
                return function(*map(_own, ours), **{key: _own(arg) for key, arg in kwargs.items()})
        except Exception:  # the test decides whether raising is right
            return None

    def _mended(self, name: str, value: Any, expected: Any) -> Any:
        if name not in self._caching:
            return in_form(value, expected, ones=self._ones)
        if not (isinstance(value, tuple) and isinstance(expected, tuple)):
            return value
        self._caches[id(value[-1])] = value[-1], expected[-1]
        return (*in_form(value[:-1], expected[:-1], ones=self._ones), value[-1])


def _own(value: Any) -> Any:
    """A copy of an argument that the reference may change or call unnoticed by the test."""
    is_object = callable(value) and hasattr(value, "__dict__") and not hasattr(value, "__code__")
    return copy.deepcopy(value) if is_object else copied(value)
