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
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Single notebooks only: print one JSON object per notebook, each on its own line.",
)
@click.option(
    "--isolation",
    type=click.Choice(["bubblewrap", "process"]),
    help="Single notebooks only. 'process' does not isolate student code: use it only for code "
    "that you trust.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Class only: the number of worker processes (one per core by default).",
)
@click.option("--scheduler", metavar="ADDRESS", help="Class only: grade on this Dask cluster.")
@click.option("--force", is_flag=True, help="Class only: grade unchanged submissions again, too.")
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
    """Run ASSIGNMENT's hidden tests in the sandbox: on each NOTEBOOK, or on a whole class.

    Without a NOTEBOOK, grade every submission that nbgrader collected, and write the scores to its
    gradebook. Submissions that are already graded are skipped, so the same command resumes a run
    that was stopped.

    Exit status: 0 when every submission was graded, whatever its score; 1 when one could not be
    graded; 2 for wrong usage; 130 when a class's run was stopped.
    """
    if notebooks:
        _refuse(
            "a whole class: name no notebook", workers=workers, scheduler=scheduler, force=force
        )
        _grade_notebooks(assignment, notebooks, as_json, isolation or "bubblewrap")
    else:
        _refuse("single notebooks: name one", json=as_json, isolation=isolation)
        _grade_class(assignment, workers or 0, scheduler or "", force)


def _refuse(what: str, **given: object) -> None:
    """Raise UserError for an option that the chosen way of grading does not have."""
    for name, value in given.items():
        if value:
            raise UserError(f"--{name} is only for {what}, or leave --{name} out")


def _grade_class(assignment: str, workers: int, scheduler: str, force: bool) -> None:
    """Grade what nbgrader collected. Ctrl-C and SIGTERM stop the run; every grade is kept."""
    from autograder.classroom.preload import begin_loading
    from autograder.core.course import find_course

    course = find_course()
    course.solution(assignment)  # refuses an unknown name before a process starts
    console = Console(highlight=False)
    stops: list[int] = []

    def stop(number: int, frame: object) -> None:
        stops.append(number)
        # Python prints and drops an exception that a destructor raises. Print nothing then: `tell`
        # looks at `stops` after each submission and raises again.
        sys.unraisablehook = lambda unraisable: None
        raise KeyboardInterrupt

    # The handlers come first, so that a stop while modules load is reported in one line, too.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    try:
        if not scheduler:
            # Start the process that workers are forked from before the imports below: both
            # load much the same modules, and then load them at the same time.
            begin_loading()
        from autograder.classroom.progress import Meter, summary
        from autograder.classroom.run import Counts, Options, grade_class, ledger_of

        with Meter(console, assignment) as meter:

            def tell(counts: Counts) -> None:
                meter(counts)
                if stops:  # the exception was lost in a destructor
                    raise KeyboardInterrupt

            counts = grade_class(course, assignment, Options(workers, scheduler, force), tell)
        with ledger_of(course, assignment) as ledger:
            console.print(summary(counts, ledger))
    except (KeyboardInterrupt, Exception):  # interrupted code may raise an error of its own
        if not stops:
            raise
        complain("stopped: grades so far are saved. Run the same command again to resume", STOPPED)
    sys.exit(NOT_GRADED if counts.problems or counts.stale else GRADED)


def _grade_notebooks(
    assignment: str, notebooks: tuple[Path, ...], as_json: bool, isolation: str
) -> None:
    """Grade each file and print its report; a file that cannot be graded stops no other."""
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
        except UserError as error:  # its message names the file
            click.echo(f"unroll: not graded: {sentence(error)}", err=True)
            status = NOT_GRADED
            continue
        except Exception as error:  # an unforeseen error must not stop the others
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
