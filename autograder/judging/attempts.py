"""Attempts to judge an exercise apart from mistakes that are charged elsewhere.

The first attempt is the submission as it is. Where it fails, functions that it may call and that
are wrong, or that the student has put in place of given ones, are replaced by correct ones: from
few to many, until nothing is wrong. Where the form of a value is wrong, the tests that judge values
see it in the right form. Where a prerequisite is a dialect, its derivatives are what is right. The
attempt with the best score counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.core.errors import Kind
from autograder.core.results import Outcome, TestResult, total
from autograder.students.base import Call, Reply
from autograder.suite import Exercise, Misconception
from autograder.testing.form import is_rough

__all__ = ["Attempt", "Context", "Trial", "best_trial", "fails_in_form", "pair_of"]

_MOST_REPLACED = 5  # of which all sets are tried


@dataclass(frozen=True)
class Attempt:
    """How an exercise is tried: ``replaced`` functions, the dialect that is right, and the form.

    ``in_form`` puts values into the right form, but for tests of form, and for those about axes of
    length 1 where these are lost; ``rough`` says that some have the few digits of float32.
    """

    replaced: tuple[str, ...] = ()
    dialect: Misconception | None = None
    in_form: bool = False
    rough: bool = False


@dataclass(frozen=True)
class Trial:
    """What came of an attempt: the tests' results and the calls that they made."""

    attempt: Attempt
    tests: tuple[TestResult, ...]
    calls: Sequence[Call]

    @property
    def score(self) -> float:
        return total(test.score for test in self.tests)

    @property
    def is_wrong(self) -> bool:
        return any(test.outcome is Outcome.FAILED for test in self.tests)


@dataclass(frozen=True)
class Context:
    """What is known when an exercise's turn comes.

    ``unsound`` are its prerequisites that did not pass; ``altered`` the given functions that are
    not as they were given; ``slipped`` says that the form of a prerequisite's value is wrong.
    """

    unsound: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    dialects: tuple[Misconception, ...] = ()
    slipped: bool = False


def best_trial(
    exercise: Exercise, context: Context, run: Callable[[Attempt], Trial], first: Trial
) -> tuple[Trial, str]:
    """The trial that counts, the ``first`` or a later one, and a note for the report."""
    best, unreadable = first, bool(context.unsound)
    for attempt in _attempts(exercise, context, first):
        if not best.is_wrong:
            break
        trial = run(attempt)
        if attempt.replaced and not _stops(trial, first):
            unreadable = False
        if trial.score > best.score:
            best = trial
    if best is not first:
        return best, _note(best.attempt)
    return best, _unjudged(exercise, context) if unreadable and first.is_wrong else ""


def pair_of(name: str) -> str:
    """The name that a forward and a backward function share."""
    return name.removesuffix("_forward").removesuffix("_backward")


def _attempts(exercise: Exercise, context: Context, first: Trial) -> Iterator[Attempt]:
    sets = [(), *_sets(context, exercise.after, {call.name for call in first.calls})]
    values = [call.result.value for call in first.calls if isinstance(call.result, Reply)]
    slipped = context.slipped or fails_in_form(exercise, first.tests)
    forms = [(False, False)] + ([(True, any(map(is_rough, values)))] if slipped else [])
    for in_form, rough in forms:
        for dialect in (None, *context.dialects):
            for replaced in sets:
                attempt = Attempt(replaced, dialect, in_form, rough)
                if attempt != first.attempt:
                    yield attempt


def _sets(
    context: Context, after: tuple[str, ...], called: Iterable[str]
) -> Iterator[tuple[str, ...]]:
    """Which functions to replace, from few to many.

    A forward and a backward function share a cache that only the two of them can read: so the
    partner of a wrong function may have to be replaced, too.
    """
    altered = context.altered if context.unsound or {*called} & {*context.altered} else ()
    wrong = dict.fromkeys((*context.unsound, *altered))
    pairs = {pair_of(name) for name in context.unsound}
    pool = tuple(wrong | dict.fromkeys(name for name in after if pair_of(name) in pairs))
    if len(pool) > _MOST_REPLACED:
        yield from dict.fromkeys((context.unsound, tuple(wrong), pool))
    else:
        for size in range(1, len(pool) + 1):
            yield from combinations(pool, size)
    if context.unsound and not {*after} <= {*pool}:
        yield tuple(dict.fromkeys((*pool, *after)))


def fails_in_form(exercise: Exercise, results: Sequence[TestResult]) -> bool:
    """Whether a test of form, or one about axes of length 1, finds a value wrong."""
    about = {test.name for test in exercise.tests if test.declaration.form or test.declaration.ones}
    return any(
        each.name in about and each.failure is not None and each.failure.kind is Kind.WRONG
        for each in results
    )


def _stops(trial: Trial, first: Trial) -> bool:
    """Whether every test fails with an exception that the ``first`` trial did not have."""
    failures = [test.failure for test in trial.tests if test.failure]
    before = {test.failure.summary for test in first.tests if test.failure}
    return len(failures) == len(trial.tests) and all(
        each.kind is Kind.RAISED and each.summary not in before for each in failures
    )


def _note(attempt: Attempt) -> str:
    """What the report says of an attempt that counts."""
    parts = []
    if attempt.replaced:
        names = _listed(attempt.replaced)
        parts.append(f"graded with a correct {names} in place of yours")
    if attempt.dialect:
        name = attempt.dialect.exercise
        parts.append(f"graded by the derivatives of your own variant of `{name}`")
    if attempt.in_form:
        parts.append(
            "the form of your values is charged by one test: the others saw them in the right form"
        )
    return "; ".join(parts)


def _unjudged(exercise: Exercise, context: Context) -> str:
    names = _listed(context.unsound)
    own = "it" if len(context.unsound) == 1 else "them"
    return (
        f"`{exercise.name}` cannot be judged apart from your {names}: what is in a cache is your "
        f"choice, and with a correct {names} in place of yours the cache cannot be read. Mend "
        f"{own} first"
    )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
