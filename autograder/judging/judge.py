"""One submission -> Report: each exercise in a fork of its own, judged on the trusted side."""

from __future__ import annotations

import functools
import hashlib
import inspect
import platform
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

from autograder.core.course import HIDDEN_TESTS, Course, Seed
from autograder.core.errors import AuthorError, Kind, StudentFailure
from autograder.core.import_file import import_file
from autograder.core.results import (
    CellProblem,
    ExerciseResult,
    Outcome,
    Provenance,
    Report,
    Status,
    TestResult,
    total,
)
from autograder.judging.diagnosis import diagnose, returns_cache
from autograder.judging.missing import did_not_run, why_missing
from autograder.judging.quiz import ANSWERS, QUIZ, GradedQuiz, find_graded
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.sandbox.host.syscalls import system_call_filter
from autograder.students.base import Call, Student
from autograder.students.remote import remote_student
from autograder.submission.demo_cells import demonstrations, without_demonstrations
from autograder.submission.notebook import Submission
from autograder.suite import (
    Exercise,
    Misconception,
    Suite,
    load_hidden,
    load_misconceptions,
    run_exercise,
    status_of,
)

__all__ = ["Earlier", "Judge", "load_judge"]


_DISTRIBUTION = "unroll-course"


@dataclass(frozen=True)
class Earlier:
    """An earlier report on a submission, and the exercises whose tests are what they were."""

    report: Report
    unchanged: AbstractSet[str]

    @functools.cached_property
    def results(self) -> dict[str, ExerciseResult]:
        return {result.name: result for result in self.report.exercises}

    def holds_for_all(self, suite: Suite, *, has_quiz: bool) -> bool:
        """Whether nothing of ``suite``, nor a quiz, has to be judged anew."""
        names = [exercise.name for exercise in suite.exercises] + [QUIZ] * has_quiz
        if has_quiz and QUIZ not in self.unchanged:
            return False
        return names == [*self.results] and all(
            self.holds(exercise, _unsound(exercise, self.results)) for exercise in suite.exercises
        )

    def holds(self, exercise: Exercise, unsound: list[str]) -> bool:
        """Whether ``exercise`` would be judged as it was, with these prerequisites not passed."""
        results = self.results
        return (
            exercise.name in self.unchanged
            and results.keys() >= {exercise.name, *exercise.after}
            and results[exercise.name].status is not Status.ERROR
            and _unsound(exercise, results) == unsound
        )


@dataclass(frozen=True)
class Judge:
    """All that grading an assignment needs; loaded once, used for every submission.

    ``caching`` names the functions that return a cache, which only the student's others read.
    """

    assignment: str
    suite: Suite
    reference: ModuleType
    misconceptions: tuple[Misconception, ...]
    provenance: Provenance
    isolation: Isolation
    limits: Limits
    demonstrations: AbstractSet[str]
    caching: AbstractSet[str]
    quiz: GradedQuiz | None = None

    @property
    def names(self) -> set[str]:
        """The names of the exercises."""
        return {exercise.name for exercise in self.suite.exercises}

    def grade(
        self,
        submission: Submission,
        earlier: Earlier | None = None,
        tell_seconds: Callable[[float], None] = lambda seconds: None,
        *,
        plainly: bool = False,
    ) -> Report:
        """The report on ``submission``. Raises GraderError when it cannot be judged here.

        Results of an ``earlier`` report on the same submission are taken over where they would
        come out the same. ``tell_seconds`` gets the processor time used inside the sandbox.
        ``plainly``: without follow-through marks and diagnosis, which call the reference here.
        """
        if earlier and earlier.holds_for_all(self.suite, has_quiz=self.quiz is not None):
            return replace(earlier.report, provenance=self.provenance)
        results: dict[str, ExerciseResult] = {}
        taken_over = set()
        cells = without_demonstrations(submission.cells, self.demonstrations)
        with Sandbox(cells, self.isolation, self.limits, submission.python) as sandbox:
            for exercise in self.suite.exercises:
                unsound = _unsound(exercise, results)
                if earlier and earlier.holds(exercise, unsound):
                    taken_over.add(exercise.name)
                    results[exercise.name] = earlier.results[exercise.name]
                else:
                    results[exercise.name] = self._grade_exercise(
                        sandbox, exercise, unsound, plainly
                    )
            if self.quiz is not None:
                with remote_student(sandbox) as student:
                    results[QUIZ] = _grade_answers(self.quiz, student)
            problems = sandbox.problems
            tell_seconds(sandbox.cpu_seconds)
        for name in results.keys() - taken_over:
            results[name] = self._explained(results[name], submission, problems)
        return Report(self.assignment, tuple(results.values()), self.provenance, problems)

    def _grade_exercise(
        self, sandbox: Sandbox, exercise: Exercise, unsound: list[str], plainly: bool
    ) -> ExerciseResult:
        tests, calls = self._run(sandbox, exercise, ())
        # Nothing else can make an absent function right, or explain it.
        if plainly or _is_absent(exercise.name, tests):
            return ExerciseResult(exercise.name, status_of(tests), tests)
        notes: tuple[str, ...] = ()
        for replaced in _replacements(unsound, exercise.after) if unsound else ():
            if not _any_wrong(tests):
                break
            again, second_calls = self._run(sandbox, exercise, replaced)
            if _score(again) > _score(tests):
                tests, calls = again, second_calls
                names = " and ".join(f"`{name}`" for name in replaced)
                notes = (f"graded with a correct {names} in place of yours",)
        hint = ""
        if _any_wrong(tests):
            found = diagnose(exercise.name, calls, self.misconceptions, vars(self.reference))
            hint = found.hint if found else ""
        return ExerciseResult(exercise.name, status_of(tests), tests, hint, notes)

    def _explained(
        self, result: ExerciseResult, submission: Submission, problems: tuple[CellProblem, ...]
    ) -> ExerciseResult:
        """The result; where a function or a name is missing, with what may be why."""
        notes: list[str] = []
        if result.status is Status.MISSING:
            notes += why_missing(result.name, submission, problems)
        elif problems and _lacks_a_name(result):
            notes.append(did_not_run([problem.cell for problem in problems]))
        foreign = submission.exercises and not set(submission.exercises) & self.names
        if result.status is Status.MISSING and foreign:
            names = ", ".join(submission.exercises[:3])
            notes.append(f"this notebook is of another assignment: it asks for {names}")
        return replace(result, notes=(*result.notes, *notes))

    def _run(
        self, sandbox: Sandbox, exercise: Exercise, replaced: tuple[str, ...]
    ) -> tuple[tuple[TestResult, ...], list[Call]]:
        """The results, and the calls made, with the reference's functions put in some places."""
        replacing = {name: getattr(self.reference, name) for name in replaced}
        with remote_student(sandbox, replacing, self.caching) as student:
            tests = run_exercise(exercise, student, self.reference)
        return tests, student.calls


def load_judge(
    course: Course,
    assignment: str,
    isolation: Isolation = Isolation.BUBBLEWRAP,
    limits: Limits | None = None,
    seed: Seed | None = None,
) -> Judge:
    """The judge of ``assignment``, with examples of the course's own seed unless one is given.

    Raises UserError or AuthorError when the assignment is not there or not in order; an AuthorError
    names files by their place in the course.
    """
    try:
        return _load(course, assignment, isolation, limits or Limits(), seed or course.seed())
    except AuthorError as error:
        raise course.told(error) from error


def _load(
    course: Course, assignment: str, isolation: Isolation, limits: Limits, seed: Seed
) -> Judge:
    solution = course.solution(assignment)
    suite = load_hidden(course, assignment, seed.number)
    reference = import_file(solution)
    quiz = find_graded(course, assignment)
    names = [exercise.name for exercise in suite.exercises]
    for position, exercise in enumerate(suite.exercises):
        late = [name for name in exercise.after if name not in names[:position]]
        if late:
            file = course.tests(assignment) / exercise.name / HIDDEN_TESTS
            place = f"{file}:{exercise.tests[0].line}"
            raise AuthorError(
                f"{place}: {exercise.name} is after {late[0]}, which must be an exercise before it"
            )
    parts = [suite.digest.encode(), solution.read_bytes(), quiz.digest.encode() if quiz else b""]
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:16]
    provenance = Provenance(
        unroll=_installed(_DISTRIBUTION),
        python=platform.python_version(),
        numpy=_installed("numpy"),
        hypothesis=_installed("hypothesis"),
        suite=digest,
        seed=seed.label,
        isolation=_label(isolation),
    )
    misconceptions = load_misconceptions(course, assignment)
    return Judge(
        assignment=assignment,
        suite=suite,
        reference=reference,
        misconceptions=misconceptions,
        provenance=provenance,
        isolation=isolation,
        limits=limits,
        demonstrations=demonstrations(solution),
        caching=_caching(reference),
        quiz=quiz,
    )


def _caching(reference: ModuleType) -> frozenset[str]:
    functions = inspect.getmembers(reference, inspect.isfunction)
    return frozenset(name for name, function in functions if returns_cache(function))


def _label(isolation: Isolation) -> str:
    """What a report says of how the student's code was kept apart."""
    if isolation is Isolation.PROCESS:
        return "NOT ISOLATED (a plain process)"
    return "bubblewrap sandbox" + ("" if system_call_filter() else ", system calls not filtered")


def _grade_answers(quiz: GradedQuiz, student: Student) -> ExerciseResult:
    try:
        return quiz.grade(student.read_value(ANSWERS))
    except StudentFailure as failure:
        return replace(quiz.grade({}), notes=(failure.summary,))


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def _unsound(exercise: Exercise, results: Mapping[str, ExerciseResult]) -> list[str]:
    """The prerequisites of ``exercise`` that did not pass."""
    return [name for name in exercise.after if results[name].status is not Status.PASSED]


def _replacements(unsound: list[str], after: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Which prerequisites to replace, in the order of the attempts.

    Those that failed; these with their partners, since a forward and a backward function share a
    cache that only the two of them can read; all.
    """
    pairs = {_pair_of(name) for name in unsound}
    partners = tuple(name for name in after if _pair_of(name) in pairs)
    return list(dict.fromkeys((tuple(unsound), partners, after)))


def _pair_of(name: str) -> str:
    return name.removesuffix("_forward").removesuffix("_backward")


def _score(tests: tuple[TestResult, ...]) -> float:
    return total(test.score for test in tests)


def _any_wrong(tests: tuple[TestResult, ...]) -> bool:
    return any(test.outcome is Outcome.FAILED for test in tests)


def _is_absent(name: str, tests: tuple[TestResult, ...]) -> bool:
    """Whether every test failed for want of the function ``name`` itself."""
    return all(
        test.failure is not None
        and test.failure.kind in (Kind.MISSING, Kind.UNFINISHED)
        and test.failure.summary.startswith(f"`{name}`")
        for test in tests
    )


def _lacks_a_name(result: ExerciseResult) -> bool:
    return any(test.failure and "NameError" in test.failure.summary for test in result.tests)
