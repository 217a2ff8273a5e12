"""The command ``unroll``."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from autograder.core.errors import AuthorError, GraderError, UserError

__all__ = ["main"]

GRADED, NOT_GRADED, WRONG_USAGE, STOPPED = 0, 1, 2, 130

notebook_path = click.Path(path_type=Path)


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the kit's errors into a message and an exit status."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            _complain(str(error), WRONG_USAGE)
        except AuthorError as error:
            _complain(f"the course is not in order: {error}", NOT_GRADED)
        except GraderError as error:
            _complain(str(error), NOT_GRADED)

    return wrapper


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unroll-course", prog_name="unroll")
def main() -> None:
    """An auto-graded course on why recurrent networks forget."""


@main.command()
@click.argument("notebook", type=notebook_path)
@reports_errors
def check(notebook: Path) -> None:
    """Run the public tests on NOTEBOOK's functions, as check() does inside it."""
    from autograder.report import exercise_text
    from autograder.selfcheck import check_notebook

    checked = check_notebook(notebook)
    console = Console(highlight=False)
    for result in checked.results:
        console.print(exercise_text(result))
    for problem in checked.problems:
        console.print(f"did not run to its end: {problem}", markup=False)
    done = len(checked.results) - len(checked.unfinished)
    console.print(f"\n{done} of {len(checked.results)} exercises pass their public tests.")
    if checked.answers:
        console.print(f"\nQuestions for marks: {checked.answers}", markup=False)
    sys.exit(1 if checked.unfinished else 0)


@main.command()
@click.argument("assignment")
@click.argument("notebooks", metavar="[NOTEBOOK...]", nargs=-1, type=notebook_path)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per notebook, a line each.")
@click.option(
    "--isolation",
    type=click.Choice(["bubblewrap", "process"]),
    help="Of notebooks. 'process' does not isolate student code: only for those that you trust.",
)
@click.option("--workers", type=click.IntRange(1), help="Of a class: processes; one per core.")
@click.option("--scheduler", metavar="ADDRESS", help="Of a class: grade on this Dask cluster.")
@click.option("--force", is_flag=True, help="Of a class: grade again what has not changed, too.")
@reports_errors
def grade(
    assignment: str,
    notebooks: tuple[Path, ...],
    as_json: bool,
    isolation: str | None,
    workers: int | None,
    scheduler: str | None,
    force: bool,
) -> None:
    """Run ASSIGNMENT's hidden tests, in the sandbox: on each NOTEBOOK, or on a whole class.

    Without a NOTEBOOK, all that nbgrader collected is graded into its gradebook. What is graded
    already is left alone; the same command goes on after a stop.

    Exit status: 0 when each was graded, whatever its score; 1 when one could not be; 2 for wrong
    usage.
    """
    if notebooks:
        _refuse("a class, not notebooks", workers=workers, scheduler=scheduler, force=force)
        _grade_notebooks(assignment, notebooks, as_json, isolation or "bubblewrap")
    else:
        _refuse("notebooks, not a class", json=as_json, isolation=isolation)
        _grade_class(assignment, workers or 0, scheduler or "", force)


def _refuse(what: str, **given: object) -> None:
    """Raise UserError for an option that is for something else."""
    for name, value in given.items():
        if value:
            raise UserError(f"--{name} is for {what}")


def _grade_class(assignment: str, workers: int, scheduler: str, force: bool) -> None:
    """Grade what nbgrader collected. Ctrl-C and SIGTERM end it between two submissions."""
    from autograder.classroom.preload import begin_loading
    from autograder.core.course import find_course

    course = find_course()
    course.solution(assignment)  # raises, before anything is started, where there is none
    console = Console(highlight=False)
    stops: list[int] = []

    def stop(number: int, frame: object) -> None:
        stops.append(number)
        sys.unraisablehook = lambda unraisable: None  # in a destructor, nobody can hear it
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    try:
        if not scheduler:
            begin_loading()  # beside this process, which loads much the same
        from autograder.classroom.progress import Meter, summary
        from autograder.classroom.run import Counts, Options, grade_class, ledger_of

        with Meter(console, assignment) as meter:

            def tell(counts: Counts) -> None:
                meter(counts)
                if stops:  # and it was not heard
                    raise KeyboardInterrupt

            counts = grade_class(course, assignment, Options(workers, scheduler, force), tell)
        with ledger_of(course, assignment) as ledger:
            console.print(summary(counts, ledger))
    except (KeyboardInterrupt, Exception):  # what was interrupted may raise something of its own
        if not stops:
            raise
        _complain("stopped: the same command goes on from here", STOPPED)
    sys.exit(NOT_GRADED if counts.problems else GRADED)


def _grade_notebooks(
    assignment: str, notebooks: tuple[Path, ...], as_json: bool, isolation: str
) -> None:
    """Grade files, and print their reports."""
    from autograder.core.course import find_course
    from autograder.core.untrusted_text import printable
    from autograder.judging.judge import load_judge
    from autograder.report import report_json, report_text
    from autograder.sandbox.host.bubblewrap import Isolation
    from autograder.submission.notebook import read

    judge = load_judge(find_course(), assignment, Isolation(isolation))
    console = Console(highlight=False)
    status = GRADED
    for path in notebooks:
        try:
            report = judge.grade(read(path))
        except (UserError, GraderError) as error:
            click.echo(f"unroll: not graded: {error}", err=True)
            status = NOT_GRADED
            continue
        if report.needs_person:
            status = NOT_GRADED
        if as_json:
            click.echo(report_json(report))
        else:
            console.rule(Text(printable(str(path))), align="left")
            console.print(report_text(report))
    sys.exit(status)


@main.command()
@click.argument("topic", required=False)
@click.option("--restart", is_flag=True, help="Begin anew, where a round was stopped.")
@reports_errors
def quiz(topic: str | None, restart: bool) -> None:
    """Practise: questions about TOPIC (about everything, if none is named), each explained."""
    from quiz.engine.terminal import practise

    practise(topic, restart=restart)


@main.command()
@click.argument("folder", type=notebook_path)
@click.argument("topics", metavar="[TOPIC...]", nargs=-1)
@reports_errors
def export_quiz(folder: Path, topics: tuple[str, ...]) -> None:
    """Write the practice questions into FOLDER for learning platforms: QTI, Moodle XML, GIFT."""
    from quiz.export import export

    for path in export(topics, folder):
        click.echo(f"wrote {path}")


@main.command()
@click.argument("assignments", metavar="[ASSIGNMENT...]", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail if stale.")
@reports_errors
def release(assignments: tuple[str, ...], only_check: bool) -> None:
    """Make assignments/ from solutions/ and tests/ (all assignments, if none is named)."""
    from autograder.authoring.release import release as make_release
    from autograder.authoring.release import stale_files
    from autograder.core.course import find_course

    course = find_course()
    stale = False
    for assignment in assignments or course.assignments:
        if not only_check:
            folder = make_release(course, assignment)
            click.echo(f"made {folder.relative_to(course.root)}")
            continue
        for name in stale_files(course, assignment):
            stale = True
            click.echo(f"assignments/{name} is stale: run `unroll release {assignment}`", err=True)
    sys.exit(1 if stale else 0)


@main.command()
@click.argument("assignments", metavar="[ASSIGNMENT...]", nargs=-1)
@click.option("--matrix", "as_matrix", is_flag=True, help="Show which test catches which mistake.")
@click.option("--seeds", default=0, metavar="N", help="Compare scores under N fresh seeds, too.")
@reports_errors
def validate(assignments: tuple[str, ...], as_matrix: bool, seeds: int) -> None:
    """Prove that solutions, tests, misconceptions and releases fit together."""
    from autograder.authoring.seeds import unsteady_scores
    from autograder.authoring.validate import matrix
    from autograder.authoring.validate import validate as find_problems
    from autograder.core.course import find_course

    course = find_course()
    problems = 0
    for assignment in assignments or course.assignments:
        found = list(find_problems(course, assignment))
        found += unsteady_scores(course, assignment, seeds) if seeds else ()
        problems += len(found)
        _list_problems(assignment, found)
        for exercise, caught in matrix(course, assignment) if as_matrix else ():
            click.echo(f"  {exercise.name}: a column per test, ✗ where it fails")
            for name, marks in caught.items():
                click.echo(f"    {marks}  {name}")
    sys.exit(1 if problems else 0)


def _list_problems(assignment: str, problems: Iterable[str]) -> None:
    problems = list(problems)
    if not problems:
        click.echo(f"✓ {assignment}")
    for problem in problems:
        click.echo(f"✗ {assignment}: {problem}")


def _complain(message: str, status: int) -> None:
    click.echo(f"unroll: {message}", err=True)
    sys.exit(status)
