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
    Provenance,
    Report,
    Status,
    TestResult,
)
from autograder.judging.attempts import Attempt, Context, Trial, best_trial, fails_in_form
from autograder.judging.diagnosis import Diagnosis, diagnose, returns_cache
from autograder.judging.dialect import in_dialect
from autograder.judging.given import altered, given_functions
from autograder.judging.missing import did_not_run, refuse_foreign, why_missing
from autograder.judging.quiz import ANSWERS, QUIZ, GradedQuiz, find_graded
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.sandbox.host.syscalls import system_call_filter
from autograder.students.base import Student
from autograder.students.in_form import InForm
from autograder.students.remote import remote_student
from autograder.submission.demo_cells import demonstrations, without_demonstrations
from autograder.submission.notebook import Submission
from autograder.suite import (
    Exercise,
    Misconception,
    Suite,
    Test,
    load_hidden,
    load_misconceptions,
    run_test,
    status_of,
    without_form_alone,
)
from autograder.testing.compare import roughly

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
            self.holds(exercise, self.results) for exercise in suite.exercises
        )

    def holds(self, exercise: Exercise, now: Mapping[str, ExerciseResult]) -> bool:
        """Whether ``exercise`` would be judged as it was, after these results of others."""
        then = self.results
        return (
            exercise.name in self.unchanged
            and then.keys() >= {exercise.name, *exercise.after}
            and then[exercise.name].status is not Status.ERROR
            and all(_stands(then[name]) == _stands(now[name]) for name in exercise.after)
        )


@dataclass(frozen=True)
class Judge:
    """All that grading an assignment needs; loaded once, used for every submission.

    ``caching`` names the functions that return a cache, which only the student's others read;
    ``given`` holds the code of the functions that are no exercises; ``references`` the solution in
    each dialect.
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
    given: Mapping[str, str]
    references: Mapping[Misconception, ModuleType]
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
        """The report on ``submission``. Raises GraderError when it cannot be judged here,
        and UserError for the notebook of another assignment.

        Results of an ``earlier`` report on the same submission are taken over where they would
        come out the same. ``tell_seconds`` gets the processor time used inside the sandbox.
        ``plainly``: without follow-through marks and diagnosis, which call the reference here.
        """
        if earlier and earlier.holds_for_all(self.suite, has_quiz=self.quiz is not None):
            return replace(earlier.report, provenance=self.provenance)
        refuse_foreign(submission, self.names)
        results: dict[str, ExerciseResult] = {}
        taken_over = set()
        changed = altered(self.given, submission)
        cells = without_demonstrations(submission.cells, self.demonstrations)
        with Sandbox(cells, self.isolation, self.limits, submission.python) as sandbox:
            for exercise in self.suite.exercises:
                if earlier and earlier.holds(exercise, results):
                    taken_over.add(exercise.name)
                    results[exercise.name] = earlier.results[exercise.name]
                else:
                    context = self.context(exercise, results, changed)
                    results[exercise.name] = self._grade_exercise(
                        sandbox, exercise, context, plainly
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
        self, sandbox: Sandbox, exercise: Exercise, context: Context, plainly: bool
    ) -> ExerciseResult:
        def run(attempt: Attempt) -> Trial:
            return self._run(sandbox, exercise, attempt)

        if plainly:
            tests = run(Attempt()).tests
            return ExerciseResult(exercise.name, status_of(tests), tests)
        return self.judged(exercise, context, run)

    def judged(
        self, exercise: Exercise, context: Context, run: Callable[[Attempt], Trial]
    ) -> ExerciseResult:
        """The result of ``exercise``, where ``run`` tries it as often as it has to be."""
        first = run(Attempt())
        if _is_absent(exercise.name, first.tests):
            calls_a_stub = status_of(first.tests) is Status.UNFINISHED and context.unsound
            again = run(Attempt(context.unsound)) if calls_a_stub else first
            if _is_absent(exercise.name, again.tests):
                # nothing else makes it right, or explains it
                return ExerciseResult(exercise.name, status_of(first.tests), first.tests)
        best, note = best_trial(exercise, context, run, first)
        hint = ""
        if best.is_wrong:
            namespace = vars(self.reference)
            hint = str(diagnose(exercise.name, best.calls, self.misconceptions, namespace))
        notes = (note,) if note else ()
        return ExerciseResult(exercise.name, status_of(best.tests), best.tests, hint, notes)

    def tried(self, exercise: Exercise, attempt: Attempt, student: Student) -> Trial:
        """What comes of ``attempt``, whose functions are already in place in ``student``."""
        reference = self._reference(attempt)
        in_form = {
            ones: InForm(student, vars(reference), self.caching, ones) for ones in (False, True)
        }

        def seen_by(test: Test) -> Student:
            is_strict = test.declaration.form or not attempt.in_form
            return student if is_strict else in_form[not test.declaration.ones]

        with roughly(attempt.rough):
            tests = tuple(run_test(test, seen_by(test), reference) for test in exercise.tests)
        return Trial(attempt, without_form_alone(exercise, tests), student.calls)

    def _reference(self, attempt: Attempt) -> ModuleType:
        return self.references[attempt.dialect] if attempt.dialect else self.reference

    def context(
        self,
        exercise: Exercise,
        results: Mapping[str, ExerciseResult],
        changed: tuple[str, ...] = (),
    ) -> Context:
        """What ``results`` so far, and ``changed`` given functions, mean for ``exercise``.

        The first exercise that fails pays for a given function that the student has made wrong.
        """
        before = [results[name] for name in exercise.after]
        failed = {name for name, each in results.items() if each.status is not Status.PASSED}
        is_paid = any(
            {each.name, *each.after} & {*exercise.after}
            for each in self.suite.exercises
            if each.name in failed
        )
        return Context(
            tuple(name for name in exercise.after if name in failed),
            changed if is_paid else (),
            tuple(
                dialect
                for each in before
                for dialect in self.references
                if dialect.exercise == each.name and Diagnosis.names(each.diagnosis, dialect)
            ),
            any(map(self._slips_in_form, before)),
        )

    def _slips_in_form(self, result: ExerciseResult) -> bool:
        exercise = self.suite.exercise(result.name)
        return exercise is not None and fails_in_form(exercise, result.tests)

    def _explained(
        self, result: ExerciseResult, submission: Submission, problems: tuple[CellProblem, ...]
    ) -> ExerciseResult:
        """The result; where a function or a name is missing, with what may be why."""
        notes: list[str] = []
        if result.status is Status.MISSING:
            notes += why_missing(result.name, submission, problems)
        elif problems and _lacks_a_name(result):
            notes.append(did_not_run([problem.cell for problem in problems]))
        return replace(result, notes=(*result.notes, *notes))

    def _run(self, sandbox: Sandbox, exercise: Exercise, attempt: Attempt) -> Trial:
        """The one place where functions of the reference are put in place of a student's."""
        reference = self._reference(attempt)
        replacing = {name: getattr(reference, name) for name in attempt.replaced}
        with remote_student(sandbox, replacing, self.caching) as student:
            return self.tried(exercise, attempt, student)


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
        given=given_functions(solution, names),
        references={each: in_dialect(solution, each) for each in misconceptions if each.dialect},
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


def _stands(result: ExerciseResult) -> tuple[bool, str]:
    """What of a prerequisite's result bears on others: whether it passed, and its diagnosis."""
    return result.status is Status.PASSED, result.diagnosis


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
