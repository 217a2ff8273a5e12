"""What packages are asked again and again: their version, and to go through a progress bar."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

__all__ = ["BARS", "Version", "shown_by"]

_PROGRESS = """
tqdm rich fastprogress progressbar progressbar2 progress alive_progress stqdm p_tqdm atpbar
enlighten pyprind pkbar clint
"""
BARS = frozenset(_PROGRESS.split())
_BUILT: dict[str, Callable[..., Any]] = {"enumerate": enumerate, "zip": zip, "map": map}


class Version(str):
    """A version that is new enough for whoever asks."""

    def __lt__(self, other: object) -> bool:
        return False

    def __ge__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __eq__ = __contains__ = __ge__
    __ne__ = __lt__
    __hash__ = str.__hash__

    def startswith(self, *args: Any) -> bool:
        return True

    def __getitem__(self, key: Any) -> Version:
        return Version(super().__getitem__(key))

    def split(self, *args: Any, **kwargs: Any) -> list[Any]:
        return [Version(part) for part in super().split(*args, **kwargs)]


def shown_by(last: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a progress bar goes through: ``trange(3)``, ``tzip(a, b)``, ``tqdm(xs, total=3)``."""
    if last.endswith("range") and args:
        return range(*args)
    if last[:1] in "tp" and last[1:] in _BUILT and args:
        return _BUILT[last[1:]](*args)
    given = [*args[:2], kwargs.get("iterable"), kwargs.get("sequence")]
    kinds = str, bytes, type, types.FunctionType
    return next(
        (each for each in given if _is_iterable(each) and not isinstance(each, kinds)), None
    )


def _is_iterable(value: object) -> bool:
    return hasattr(value, "__iter__") or hasattr(value, "__aiter__")
