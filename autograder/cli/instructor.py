"""The command for instructors: grade single notebooks or a whole class."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from autograder.cli.app import (
    GRADED,
    NOT_GRADED,
    STOPPED,
    complain,
    notebook_path,
    reports_errors,
)
from autograder.core.errors import UserError

__all__ = ["grade"]


@click.command()
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
        complain("stopped: the same command goes on from here", STOPPED)
    sys.exit(NOT_GRADED if counts.problems or counts.stale else GRADED)


def _grade_notebooks(
    assignment: str, notebooks: tuple[Path, ...], as_json: bool, isolation: str
) -> None:
    """Grade files, and print their reports."""
    from autograder.core.course import find_course
    from autograder.core.untrusted_text import sentence
    from autograder.nbgrader_bridge.preflight import judge_in_order
    from autograder.report import report_json, report_text
    from autograder.sandbox.host.bubblewrap import Isolation
    from autograder.submission.files import shown_name
    from autograder.submission.notebook import read

    judge = judge_in_order(find_course(), assignment, Isolation(isolation))
    console = Console(highlight=False)
    status = GRADED
    for path in notebooks:
        try:
            report = judge.grade(read(path))
            shown = report_json(report) if as_json else report_text(report)
        except UserError as error:  # names the file
            click.echo(f"unroll: not graded: {sentence(error)}", err=True)
            status = NOT_GRADED
            continue
        except Exception as error:  # whatever it is, the others are graded
            click.echo(f"unroll: not graded: {shown_name(path)}: {sentence(error)}", err=True)
            status = NOT_GRADED
            continue
        if report.needs_person:
            status = NOT_GRADED
        if as_json:
            click.echo(shown)
        else:
            console.rule(Text(shown_name(path)), align="left")
            console.print(shown)
    sys.exit(status)
