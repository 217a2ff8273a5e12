"""The commands for students: check a notebook, practise, export the practice questions."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from autograder.cli.app import notebook_path, reports_errors

__all__ = ["check", "export_quiz", "quiz"]


@click.command()
@click.argument("notebook", type=notebook_path)
@reports_errors
def check(notebook: Path) -> None:
    """Run the public tests on NOTEBOOK's functions, as check() does inside it."""
    from autograder.report import exercise_text, problems_text
    from autograder.selfcheck import check_notebook

    checked = check_notebook(notebook)
    console = Console(highlight=False)
    if checked.problems:
        console.print(problems_text(checked.problems))
    for result in checked.results:
        console.print(exercise_text(result))
    done = len(checked.results) - len(checked.unfinished)
    console.print(f"\n{done} of {len(checked.results)} exercises pass their public tests.")
    if checked.answers:
        console.print(f"\nQuestions for marks: {checked.answers}", markup=False)
    sys.exit(1 if checked.unfinished else 0)


@click.command()
@click.argument("topic", required=False)
@click.option("--restart", is_flag=True, help="Start a new round instead of resuming the last.")
@reports_errors
def quiz(topic: str | None, restart: bool) -> None:
    """Practise questions about TOPIC (about all topics by default), each with an explanation."""
    from quiz.engine.terminal import practise

    practise(topic, restart=restart)


@click.command()
@click.argument("folder", type=notebook_path)
@click.argument("topics", metavar="[TOPIC...]", nargs=-1)
@reports_errors
def export_quiz(folder: Path, topics: tuple[str, ...]) -> None:
    """Write the practice questions into FOLDER for learning platforms: QTI, Moodle XML, GIFT."""
    from quiz.export import export

    for path in export(topics, folder):
        click.echo(f"wrote {path}")
