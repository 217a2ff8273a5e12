"""Draw a test's examples once, to replay them for every student.

Hypothesis draws them from a seed; a recorder takes the place of the test's body (Hypothesis offers
``test.hypothesis.inner_test`` for that). They are sorted from small to large, so the first example
that fails is close to a minimal one. Replaying takes far less time than drawing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

from autograder.core.errors import AuthorError

__all__ = ["Example", "fresh", "is_property", "record", "size"]

Example = Mapping[str, Any]

_BACKEND = "unroll"


class RepeatableProvider(HypothesisProvider):
    """A Hypothesis provider that draws from the seed alone.

    Otherwise Hypothesis sometimes draws a constant from the source of the loaded modules. Examples
    would then differ between machines, and a cache folder would appear beside the notebook.
    """

    def _maybe_draw_constant(self, *args: Any, **kwargs: Any) -> None:
        return None


AVAILABLE_PROVIDERS[_BACKEND] = f"{__name__}.{RepeatableProvider.__name__}"

_RECORDING: dict[str, Any] = {
    "backend": _BACKEND,
    "database": None,
    "deadline": None,
    "derandomize": False,
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": list(HealthCheck),
}
DEFAULT_EXAMPLES = 20


def is_property(test: Callable[..., Any]) -> bool:
    """Whether ``test`` is decorated with ``@given``."""
    return bool(getattr(test, "is_hypothesis_test", False))


def record(test: Callable[..., Any], fixtures: tuple[str, ...], seed: int) -> tuple[Example, ...]:
    """The examples of a property test, small to large; one empty example for a plain test.

    Their arrays are read-only, so that no test or reference changes them for the next student.
    """
    if not is_property(test):
        return ({},)
    drawn: list[dict[str, Any]] = []

    def recorder(**arguments: Any) -> None:
        drawn.append({k: _frozen(v) for k, v in arguments.items() if k not in fixtures})

    handle = test.hypothesis  # type: ignore[attr-defined]
    body, chosen = handle.inner_test, getattr(test, "_hypothesis_internal_use_settings", None)
    count = chosen.max_examples if chosen and _is_chosen(chosen) else DEFAULT_EXAMPLES
    handle.inner_test = recorder
    try:
        test._hypothesis_internal_use_settings = settings(  # type: ignore[attr-defined]
            chosen, max_examples=count, **_RECORDING
        )
        hypothesis.seed(seed)(test)(**dict.fromkeys(fixtures))
    except Exception as error:
        name = getattr(test, "__name__", "the test")
        raise AuthorError(f"{name}: its examples cannot be drawn: {error}") from error
    finally:
        handle.inner_test = body
        test._hypothesis_internal_use_settings = chosen  # type: ignore[attr-defined]
    return tuple(sorted(drawn, key=size))


def fresh(example: Any) -> Any:
    """The example with its Generators copied, so that each student gets them in the same state."""
    if isinstance(example, dict):
        return {key: fresh(value) for key, value in example.items()}
    if isinstance(example, tuple | list):
        return type(example)(fresh(value) for value in example)
    return copy.deepcopy(example) if isinstance(example, np.random.Generator) else example


def size(example: Example) -> tuple[float, float, str]:
    """The sorting key of examples: fewer numbers first, then smaller ones, then a stable order."""
    count, weight = _weigh(example)
    return count, weight, repr(example)


def _is_chosen(chosen: settings) -> bool:
    return chosen.max_examples != settings.get_profile("default").max_examples


def _weigh(value: Any) -> tuple[float, float]:
    if isinstance(value, np.ndarray):
        numeric = value.dtype.kind in "biuf"
        finite = np.nan_to_num(np.abs(value.astype(float))) if numeric else np.zeros(1)
        return float(value.size), float(finite.sum())
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, tuple | list):
        parts = [_weigh(part) for part in value]
        return sum(p[0] for p in parts), sum(p[1] for p in parts)
    if isinstance(value, int | float | np.generic):
        return 1.0, min(abs(float(value)), np.finfo(float).max)
    return 1.0, 0.0


def _frozen(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple | list):
        for part in value:
            _frozen(part)
    return value
