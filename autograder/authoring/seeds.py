"""Scores under fresh seeds: what they give must not depend on which examples are drawn."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring.trials import failed_tests, trial_of
from autograder.core.course import Course, Seed
from autograder.core.import_file import import_file
from autograder.judging.attempts import Trial
from autograder.judging.judge import Judge, load_judge

__all__ = ["unsteady_scores"]

Key = tuple[str, str]  # an exercise, and who answers it


def unsteady_scores(course: Course, assignment: str, count: int) -> Iterator[str]:
    """A sentence for each score of a reference, misconception or alternative that hangs on chance.

    Raises what ``load_judge`` raises.
    """
    fixed = dict(_scores(course, load_judge(course, assignment, seed=Seed(0, "0"))))
    for number in [secrets.randbelow(2**32) for _ in range(count)]:
        judge = load_judge(course, assignment, seed=Seed(number, str(number)))
        for (exercise, answer), trial in _scores(course, judge):
            usual = fixed[exercise, answer]
            if trial.score == usual.score:
                continue
            changed = sorted(failed_tests(trial) ^ failed_tests(usual))
            yield (
                f"{exercise}, answered by {answer}, gets {usual.score:g} points with one seed and "
                f"{trial.score:g} with seed {number}: make {', '.join(changed)} ask for what "
                "decides, with @example, or allow for it"
            )


def _scores(course: Course, judge: Judge) -> Iterator[tuple[Key, Trial]]:
    """Every answer that the course knows to each exercise, and what comes of it."""
    reference = vars(judge.reference)
    answers: list[tuple[str, str, Mapping[str, Any]]] = [
        (each.name, "the reference", reference) for each in judge.suite.exercises
    ]
    for mistake in judge.misconceptions:
        wrong = {**reference, mistake.exercise: mistake.function}
        answers.append((mistake.exercise, f"the misconception {mistake.name}", wrong))
    for path in course.alternatives(judge.assignment):
        sheet = _with_sheet(course.solution(judge.assignment), path)
        answers += [(each.name, path.name, sheet) for each in judge.suite.exercises]
    for name, answer, namespace in answers:
        exercise = judge.suite.exercise(name)
        if exercise is not None:
            yield (name, answer), trial_of(judge, exercise, namespace)


def _with_sheet(solution: Path, sheet: Path) -> Mapping[str, Any]:
    """The solution's functions, with those of a sheet of answers in their place."""
    namespace = vars(import_file(solution))
    exec(compile(sheet.read_bytes(), str(sheet), "exec"), namespace)
    return namespace
