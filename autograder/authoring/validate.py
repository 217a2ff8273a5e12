"""The author's gate: proof that an assignment's solution, tests, mistakes and release fit together.

Each check yields sentences; none means that all is well. Every sentence says what to do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.authoring.release import release_command, stale_files
from autograder.authoring.slips import uncharged_slips
from autograder.core.course import (
    HIDDEN_TESTS,
    MISCONCEPTIONS,
    PUBLIC_TESTS,
    SHARED_PUBLIC,
    Course,
)
from autograder.core.errors import AuthorError, Kind
from autograder.core.results import Outcome, Report, Status, TestResult
from autograder.core.solution import BEGIN_SOLUTION, END_SOLUTION
from autograder.judging.diagnosis import diagnose
from autograder.judging.judge import Judge, load_judge
from autograder.judging.quiz import PUBLIC, find_graded, secret_texts
from autograder.nbgrader_bridge.preflight import failing
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.students.local import LocalStudent
from autograder.students.local_sandbox import LocalSandbox
from autograder.submission.notebook import read
from autograder.suite import (
    Exercise,
    Misconception,
    Suite,
    load_public,
    load_suite,
    run_exercise,
)
from autograder.suite.load import PUBLIC_SEED
from quiz import TOPICS
from quiz.engine.bank import load_topic
from quiz.engine.claims import load_claims
from quiz.engine.claims import problems as claim_problems
from quiz.engine.forms import FORMS

__all__ = ["matrix", "secret_lines", "validate"]

_RELEASED = (PUBLIC_TESTS, SHARED_PUBLIC)
_LEAST_MISCONCEPTIONS = 3
_MARKS = {Outcome.PASSED: "·", Outcome.FAILED: "✗", Outcome.ERROR: "!"}
_TELLING = 24  # characters from which on a line of code is somebody's, not everybody's


def validate(
    course: Course, assignment: str, isolation: Isolation = Isolation.BUBBLEWRAP
) -> Iterator[str]:
    """Everything that is wrong with ``assignment``, a sentence each; the same on every machine."""
    judge = load_judge(course, assignment, isolation, seed=PUBLIC)
    public = load_public(course, assignment)
    yield from _incomplete(judge, public)
    yield from _failing_reference(course, judge, public)
    yield from _uncaught(judge)
    yield from uncharged_slips(judge)
    yield from _unsound_questions(course, judge)
    stale = stale_files(course, assignment)
    if stale:
        command = release_command(course, assignment)
        yield f"{', '.join(stale)} is not what the sources make: run `{command}`"
        return
    yield from _passing_stubs(course, judge)
    yield from _leaks(course, judge)


def matrix(course: Course, assignment: str) -> Iterator[tuple[Exercise, dict[str, str]]]:
    """Each exercise with its misconceptions, and for each a mark per test: ✗ where it is caught."""
    judge = load_judge(course, assignment, seed=PUBLIC)
    for exercise in judge.suite.exercises:
        caught = {}
        for each in judge.misconceptions:
            if each.exercise == exercise.name:
                tests, _ = _tried(judge, each, exercise)
                caught[each.name] = "".join(_MARKS[test.outcome] for test in tests)
        yield exercise, caught


def _tried(
    judge: Judge, misconception: Misconception, exercise: Exercise
) -> tuple[tuple[TestResult, ...], LocalStudent]:
    """What the hidden tests say of a misconception, and the student that had it."""
    namespace = {**vars(judge.reference), exercise.name: misconception.function}
    student = LocalStudent(namespace)
    return run_exercise(exercise, student, judge.reference), student


def _incomplete(judge: Judge, public: Suite) -> Iterator[str]:
    for exercise in judge.suite.exercises:
        folder = f"tests/{judge.assignment}/{exercise.name}"
        if public.exercise(exercise.name) is None:
            yield f"{exercise.name} has no public test: add some to {folder}/{PUBLIC_TESTS}"
        known = [each for each in judge.misconceptions if each.exercise == exercise.name]
        if len(known) < _LEAST_MISCONCEPTIONS:
            yield (
                f"{exercise.name} has {len(known)} misconceptions of at least "
                f"{_LEAST_MISCONCEPTIONS}: add some to {folder}/{MISCONCEPTIONS}"
            )
        for test in exercise.tests:
            if test.declaration.points <= 0:
                yield f"{test.name} earns nothing: give it points in {folder}/{HIDDEN_TESTS}"


def _failing_reference(course: Course, judge: Judge, public: Suite) -> Iterator[str]:
    """The reference, as a submission in the sandbox, must pass everything."""
    for problem in failing(judge, course):
        yield f"{problem}. Mend the solution or the test"
    for exercise in public.exercises:
        for result in run_exercise(exercise, LocalStudent(vars(judge.reference)), None):
            if result.outcome is not Outcome.PASSED:
                yield f"the reference fails the public {result.name}: {result.failure}"


def _unsound_questions(course: Course, judge: Judge) -> Iterator[str]:
    """Each question must be in order, name claims that are there, and have one key."""
    topic = judge.assignment.partition("_")[2]
    questions = list(judge.quiz.questions) if judge.quiz else []
    try:
        questions += load_topic(topic) if topic in TOPICS else ()
        yield from claim_problems(questions, load_claims())
    except AuthorError as error:
        yield str(error)


def _uncaught(judge: Judge) -> Iterator[str]:
    """Each misconception must fail a hidden test and be named by the diagnosis."""
    namespace = vars(judge.reference)
    for each in judge.misconceptions:
        exercise = judge.suite.exercise(each.exercise)
        if exercise is None:
            continue
        tests, student = _tried(judge, each, exercise)
        broken = [test for test in tests if test.outcome is Outcome.ERROR]
        if broken:
            yield f"{each.name} breaks {broken[0].name}: {broken[0].failure}. Mend the test"
        if all(test.outcome is Outcome.PASSED for test in tests):
            yield (
                f"no hidden test of {each.exercise} catches the misconception {each.name}: "
                "add one that does"
            )
        found = diagnose(each.exercise, student.calls, judge.misconceptions, namespace)
        if found.causes != (each,):
            names = " and ".join(cause.name for cause in found.causes)
            other = f"taken for {names}" if names else "not recognised"
            yield (
                f"the misconception {each.name} is {other}: make the two differ, or test an "
                "input on which they do"
            )


def _passing_stubs(course: Course, judge: Judge) -> Iterator[str]:
    """The released notebook, as it is, must fail each test, and say which function is missing."""
    submission = read(course.release(judge.assignment) / f"{judge.assignment}.ipynb")
    report = judge.grade(submission)
    for name, _ in _not(report, Outcome.FAILED):
        yield f"the stub passes {name}: make the test ask for something that a stub cannot do"
    for exercise, result in zip(judge.suite.exercises, report.exercises, strict=False):
        missing = (exercise.name, *exercise.after)  # a test may meet a prerequisite's stub first
        said = {test.failure.summary for test in result.tests if test.failure}
        if result.status is not Status.UNFINISHED or not all(
            any(f"`{name}`" in sentence for name in missing) for sentence in said
        ):
            yield f"the stub of {result.name} is reported as {result.status}: {said}"
    sandbox = LocalSandbox(submission.cells)
    released = load_suite(course.release(judge.assignment) / PUBLIC_TESTS, PUBLIC_SEED)
    for exercise in released.exercises:
        with sandbox.exercise() as student:
            for test in run_exercise(exercise, student, None):
                if test.failure is None or test.failure.kind is not Kind.UNFINISHED:
                    yield f"the stub of {exercise.name} passes the public {test.name}"


def _not(report: Report, outcome: Outcome) -> Iterator[tuple[str, str]]:
    for result in report.exercises:
        for test in result.tests:
            if test.outcome is not outcome:
                yield test.name, str(test.failure)


def _leaks(course: Course, judge: Judge) -> Iterator[str]:
    """No released file may hold a line of a solution, a hidden test or a misconception."""
    assignment = judge.assignment
    folder = course.release(assignment)
    allowed = {f"{assignment}.ipynb", PUBLIC_TESTS}
    if judge.quiz is not None:
        allowed.add(FORMS)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        if path.name not in allowed and "__pycache__" not in path.parts:
            yield f"{path.name} is in the release, where only {sorted(allowed)} belong: delete it"
    released = "\n".join(map(_text, (folder / name for name in sorted(allowed))))
    for source, lines in secret_lines(course, assignment):
        for line in lines:
            if line in released:
                yield f"the release holds a line of {source}: {line!r}. Take it out of the text"


def secret_lines(course: Course, assignment: str) -> Iterator[tuple[str, set[str]]]:
    """Each file that students must not see, by its path, with its telling lines of code."""
    solution = course.solution(assignment)
    in_region = False
    lines = set()
    for line in solution.read_text().splitlines():
        if BEGIN_SOLUTION in line or END_SOLUTION in line:
            in_region = "BEGIN" in line
        elif in_region:
            lines.add(line)
    yield str(solution.relative_to(course.root)), set(_telling(lines))
    tests = {path: _statements(path) for path in course.test_files(assignment)}
    public = set().union(*(tests[path] for path in tests if path.name in _RELEASED))
    quiz = find_graded(course, assignment)
    if quiz:
        tests[course.questions(assignment)] = set(_telling(secret_texts(quiz)))
    for path, lines in tests.items():
        yield str(path.relative_to(course.root)), lines - public


def _statements(path: Path) -> set[str]:
    """The telling lines of a Python file's functions, without their docstrings."""
    text = path.read_text()
    source = text.splitlines()
    lines: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            for statement in body:
                end = statement.end_lineno or statement.lineno
                lines.update(source[statement.lineno - 1 : end])
    return set(_telling(lines))


def _telling(lines: set[str]) -> Iterator[str]:
    return (line.strip() for line in sorted(lines) if len(line.strip()) >= _TELLING)


def _text(path: Path) -> str:
    if path.suffix != ".ipynb":
        return path.read_text()
    notebook = nbformat.read(path, as_version=4)
    return "\n".join(cell.source for cell in notebook.cells)
