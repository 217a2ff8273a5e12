"""Stand-ins for packages that the grader lacks: they do nothing, and cannot be used as data.

Cells import matplotlib, pandas or torch for display, or from habit, and lose no points for it. A
graded function that computes with them fails, and the failure names the package.
"""

from __future__ import annotations

import abc
import re
import sys
import types
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.sandbox.guest.bytecode import decorates, unpacked_by
from autograder.sandbox.guest.habits import BARS, Version, shown_by
from autograder.sandbox.guest.packages import remark

__all__ = ["Phase", "StandIn", "StandInUsed", "find_stand_in", "refuse_stand_ins", "stand_in_of"]

_LONGEST_NAME = 200  # characters
_PATIENCE = 1009  # one answer in so many is False: `while camera.is_open():` ends
_MOST_LOOKED_AT = 10_000  # parts of a returned value
_MOST_NESTED = 20
_DUNDERS = {"__file__", "__author__", "__config__", "__git_version__", "__version_info__"}
_EXCEPTION = re.compile(r"(Warning|Error|Exception|Timeout|Interrupt|Exit|ConnectionClosed)$")
_DERIVES = re.compile(r"^(value_and_|elementwise_|e)?grad|deriv|jacob|hess|jvp|vjp|diff", re.I)
_UNARY = "neg pos abs invert round trunc floor ceil"
_BINARY = "add sub mul truediv floordiv mod divmod pow matmul lshift rshift and xor"


class StandInUsed(Exception):
    """The use of a stand-in as data in a graded call; the message names the package."""


@dataclass
class Phase:
    """The state that all stand-ins of a notebook share: cells load, or a graded call runs."""

    is_graded: bool = False
    questions: int = 0


@dataclass(frozen=True)
class _Origin:
    """The object that a stand-in replaces: ``name``, in the package imported as ``package``."""

    package: str
    name: str
    phase: Phase

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


class _Idle:
    """The base of stand-ins and of classes derived from them: it allows every operation, idly."""

    _unroll: _Origin
    _truth = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Accept any arguments, as the real class might."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__()

    def _another(self, *args: Any, **kwargs: Any) -> Any:
        return StandIn(self._unroll)

    def _as_data(self) -> None:
        if self._unroll.phase.is_graded:
            package = self._unroll.package
            raise StandInUsed(f"uses {package}, {remark(package)}")

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return Version("99.0.0")
        if name.startswith("__") and name not in _DUNDERS:
            raise AttributeError(name)
        if found := _EXCEPTION.search(name):  # may be caught, or raised, or be a loss function
            kind = Warning if found[0] == "Warning" else Exception
            return _ClassMade(name, (_Idle, kind), {"_unroll": self._unroll})
        return _part(self._unroll, name)

    def __delattr__(self, name: str) -> None:
        vars(self).pop(name, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        origin = self._unroll
        if origin.package in BARS and (found := shown_by(origin.last, args, kwargs)) is not None:
            return _Bar(origin, found)
        if len(args) == 1 and _is_own(args[0]) and not _DERIVES.search(origin.last):
            is_function = not isinstance(args[0], type) and not decorates(sys._getframe(1))
            return _Passed(origin, args[0]) if is_function else args[0]
        return self._another()

    def __repr__(self) -> str:
        return f"<a stand-in for {self._unroll.name}>"

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __or__(self, other: Any) -> Any:
        """Keep the other alternatives of a union of types, since a stand-in has no instances."""
        if other is None:
            return type(None)
        return other if isinstance(other, type | types.UnionType) else self._another()

    __ror__ = __or__
    __getitem__ = __reversed__ = __ior__ = __array_ufunc__ = __array_function__ = _another
    __enter__ = __copy__ = lambda self: self

    def __deepcopy__(self, memo: object) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep nothing."""

    def __delitem__(self, key: Any) -> None:
        """Keep nothing."""

    def __exit__(self, *exception: object) -> None:
        """Let exceptions pass."""

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Let exceptions pass."""

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._another()
        yield  # makes this function a generator, as `__await__` must be

    async def __aiter__(self) -> AsyncIterator[Any]:
        self._as_data()
        yield self._another()

    def __iter__(self) -> Iterator[Any]:
        """Yield as many parts as the caller unpacks; a loop runs once."""
        count = unpacked_by(sys._getframe(1))
        if count is None:
            self._as_data()
        return iter([self._another() for _ in range(1 if count is None else count)])

    def __next__(self) -> Any:
        self._as_data()
        return self._another()

    def keys(self) -> tuple[str, ...]:
        """Return no keys, so that ``f(**style)`` passes no arguments."""
        return ()

    def __bool__(self) -> bool:
        self._as_data()
        self._unroll.phase.questions += 1
        return self._truth == (self._unroll.phase.questions % _PATIENCE > 0)

    def __contains__(self, item: object) -> bool:
        return bool(self)

    def __len__(self) -> int:
        self._as_data()
        return 1

    __int__ = __index__ = __len__

    def __float__(self) -> float:
        return float(len(self))

    def __complex__(self) -> complex:
        return complex(len(self))

    def __fspath__(self) -> str:
        self._as_data()
        return self._unroll.name

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        self._as_data()
        return np.ones((1, 1), dtype)  # with rows and columns, as most data has

    def __eq__(self, other: object) -> Any:
        return self._another()

    __le__ = __gt__ = __ge__ = __eq__
    __hash__ = object.__hash__

    def __ne__(self, other: object) -> Any:
        answer = self._another()
        vars(answer)["_truth"] = False
        return answer

    __lt__ = __ne__


def _add_operators() -> None:
    for name in _UNARY.split():
        setattr(_Idle, f"__{name}__", _Idle._another)
    for name in _BINARY.split():
        for side in ("", "r", "i"):
            setattr(_Idle, f"__{side}{name}__", _Idle._another)


_add_operators()


class _ClassMade(abc.ABCMeta):
    """The type of classes that derive from a stand-in: any inherited attribute exists."""

    _unroll: _Origin

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _part(cls._unroll, name)


class StandIn(_Idle, types.ModuleType):
    """A stand-in for a package, or for anything in it."""

    __path__: list[str] = []  # noqa: RUF012  (a module's attribute)

    def __init__(self, origin: _Origin) -> None:
        types.ModuleType.__init__(self, origin.name)
        self._unroll = origin

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        first = next(base for base in bases if isinstance(base, StandIn))
        if self is not first or any(isinstance(base, _ClassMade) for base in bases):
            return ()
        return (_ClassMade(self._unroll.last, (_Idle,), {"_unroll": self._unroll}),)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, _Idle)

    def __subclasscheck__(self, kind: type) -> bool:
        return _Idle in getattr(kind, "__mro__", ())


def stand_in_of(name: str, phase: Phase) -> StandIn:
    """A stand-in for the module ``name``."""
    return StandIn(_Origin(name.partition(".")[0], name, phase))


def _part(origin: _Origin, name: str) -> StandIn:
    return StandIn(_Origin(origin.package, f"{origin.name}.{name}"[:_LONGEST_NAME], origin.phase))


class _Bar(StandIn):
    """A progress bar: iterates over the iterable that it was given."""

    def __init__(self, origin: _Origin, shown: Any) -> None:
        super().__init__(origin)
        self.iterable = shown
        self._steps: Iterator[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __next__(self) -> Any:
        if self._steps is None:
            self._steps = iter(self.iterable)
        return next(self._steps)

    async def __aiter__(self) -> AsyncIterator[Any]:
        if hasattr(self.iterable, "__aiter__"):
            async for each in self.iterable:
                yield each
        else:
            for each in self.iterable:
                yield each

    def __len__(self) -> int:
        return len(self.iterable)

    def __bool__(self) -> bool:
        return True


class _Passed(StandIn):
    """The result of ``njit(f)``, which calls f, or of ``frame.apply(f)``, which does nothing."""

    def __init__(self, origin: _Origin, function: Callable[..., Any]) -> None:
        super().__init__(origin)
        self.__wrapped__ = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.__wrapped__(*args, **kwargs)


def _is_own(value: object) -> bool:
    """Whether ``value`` may be a function or class of the notebook, which a stand-in decorates."""
    if isinstance(value, type):
        return value.__module__ == "__main__"
    return callable(value) and not isinstance(value, _Idle)


def find_stand_in(value: object) -> _Idle | None:
    """The first stand-in found in ``value`` or in its nested containers; None without one."""
    level, left = [value], _MOST_LOOKED_AT
    for _ in range(_MOST_NESTED):
        found = next((each for each in level if isinstance(each, _Idle)), None)
        if found is not None or not level:
            return found
        parts: list[object] = []
        for each in level:
            if type(each) in (list, tuple, set, frozenset):
                parts += [*each][:left]  # type: ignore[misc]
            elif type(each) is dict:
                parts += [*each.values()][:left]
            elif type(each) is np.ndarray and each.dtype == object:
                parts += [*each.flat][:left]
            left = _MOST_LOOKED_AT - len(parts)
        level = parts
    return None


def refuse_stand_ins(value: object) -> None:
    """Raise StandInUsed if a graded call returns or passes on a stand-in, in any container."""
    if (found := find_stand_in(value)) is not None:
        found._as_data()
