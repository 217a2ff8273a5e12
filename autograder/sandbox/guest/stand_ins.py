"""Stand-ins for packages that the grader lacks: they do nothing, and cannot be used as data.

Cells import matplotlib, pandas or torch for display, or from habit, and lose no points for it. A
graded function that computes with them fails, and the failure names the package.
"""

from __future__ import annotations

import abc
import dis
import re
import sys
import types
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.sandbox.guest.packages import remark

__all__ = ["Phase", "StandIn", "StandInUsed", "find_stand_in", "refuse_stand_ins", "stand_in_of"]

_LONGEST_NAME = 200  # characters
_PATIENCE = 1009  # one answer in so many is False: `while camera.is_open():` ends
_MOST_LOOKED_AT = 10_000  # parts of a returned value
_MOST_NESTED = 20
_DUNDERS = {"__file__", "__author__", "__config__", "__git_version__", "__version_info__"}
_EXCEPTION = re.compile(r"(Error|Exception|Timeout|Interrupt|Exit|ConnectionClosed)$")
_DERIVES = re.compile(r"^(value_and_|elementwise_|e)?grad|deriv|jacob|hess|jvp|vjp|diff", re.I)
_PROGRESS = """
tqdm rich fastprogress progressbar progressbar2 progress alive_progress stqdm p_tqdm atpbar
enlighten pyprind pkbar clint
"""
_BARS = frozenset(_PROGRESS.split())
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


class _Version(str):
    """A version that passes every comparison for being new enough."""

    def __lt__(self, other: object) -> bool:
        return False

    def __ge__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __eq__ = __contains__ = __ge__
    __ne__ = __lt__
    __hash__ = str.__hash__

    def startswith(self, *args: Any) -> bool:
        return True

    def __getitem__(self, key: Any) -> _Version:
        return _Version(super().__getitem__(key))

    def split(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [_Version(part) for part in super().split(*args, **kwargs)]


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
            return _Version("99.0.0")
        if name.startswith("__") and name not in _DUNDERS:
            raise AttributeError(name)
        if name.endswith("Warning"):
            return type(name, (Warning,), {})
        if _EXCEPTION.search(name):
            return type(name, (Exception,), {})
        return _part(self._unroll, name)

    def __delattr__(self, name: str) -> None:
        vars(self).pop(name, None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        origin = self._unroll
        if origin.package in _BARS and (found := _shown_by(origin.last, args, kwargs)) is not None:
            return _Bar(origin, found)
        if len(args) == 1 and _is_own(args[0]) and not _DERIVES.search(origin.last):
            is_function = not isinstance(args[0], type) and not _decorates(sys._getframe(1))
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
        count = _unpacked_by(sys._getframe(1))
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


_BUILT: dict[str, Callable[..., Any]] = {"enumerate": enumerate, "zip": zip, "map": map}


def _shown_by(last: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The iterable of a progress bar: ``trange(3)``, ``tzip(a, b)``, ``tqdm(xs, total=3)``."""
    if last.endswith("range") and args:
        return range(*args)
    if last[:1] in "tp" and last[1:] in _BUILT and args:
        return _BUILT[last[1:]](*args)
    given = [*args[:2], kwargs.get("iterable"), kwargs.get("sequence")]
    kinds = str, bytes, type, types.FunctionType
    return next(
        (each for each in given if _is_iterable(each) and not isinstance(each, kinds)), None
    )


def _is_own(value: object) -> bool:
    """Whether ``value`` may be a function or class of the notebook, which a stand-in decorates."""
    if isinstance(value, type):
        return value.__module__ == "__main__"
    return callable(value) and not isinstance(value, _Idle)


def _is_iterable(value: object) -> bool:
    return hasattr(value, "__iter__") or hasattr(value, "__aiter__")


def _decorates(frame: types.FrameType) -> bool:
    """Whether ``frame`` is calling a decorator: its bytecode has CALL 0 for one argument."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return dis.opname[code[at]] == "CALL" and code[at + 1] == 0


def _unpacked_by(frame: types.FrameType) -> int | None:
    """The number of names that ``frame`` is unpacking into (``fig, *axes = plt.subplots()``).

    Only the bytecode holds this number. None if the frame does not unpack.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    operation, number = dis.opname[code[at]], code[at + 1]
    before = at - 2
    while before >= 0 and code[before] == dis.EXTENDED_ARG:
        number += code[before + 1] << 4 * (at - before)
        before -= 2
    if operation == "UNPACK_EX":
        return (number & 0xFF) + (number >> 8)
    return number if operation == "UNPACK_SEQUENCE" else None


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
