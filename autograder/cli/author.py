"""The commands for authors: make releases, and prove that their parts fit together."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from autograder.cli.app import reports_errors

__all__ = ["release", "validate"]


@click.command()
@click.argument("assignments", metavar="[ASSIGNMENT...]", nargs=-1)
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; fail if a release is stale."
)
@click.option(
    "--public",
    "is_public",
    is_flag=True,
    help="Draw the questions for marks from the public seed, as this repository does.",
)
@reports_errors
def release(assignments: tuple[str, ...], only_check: bool, is_public: bool) -> None:
    """Make assignments/ from solutions/ and tests/ (all assignments by default).

    The questions for marks are drawn from course/seed: keep that file, because grading needs it.
    """
    from autograder.authoring.release import release as make_release
    from autograder.authoring.release import release_command, stale_files
    from autograder.core.course import find_course
    from autograder.judging.quiz import PUBLIC

    course = find_course()
    stale = False
    for assignment in assignments or course.assignments:
        if not only_check:
            folder = make_release(course, assignment, PUBLIC if is_public else None)
            click.echo(f"made {folder.relative_to(course.root)}")
            continue
        for name in stale_files(course, assignment):
            stale = True
            command = release_command(course, assignment)
            click.echo(f"assignments/{name} is stale: run `{command}`", err=True)
    sys.exit(1 if stale else 0)


@click.command()
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
    """Print one line per problem, or one line that says there is none."""
    problems = list(problems)
    if not problems:
        click.echo(f"✓ {assignment}")
    for problem in problems:
        click.echo(f"✗ {assignment}: {problem}")
