"""The command group ``unroll``, its exit statuses and its error messages, for every command."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from autograder.core.errors import AuthorError, GraderError, UserError

__all__ = [
    "GRADED",
    "NOT_GRADED",
    "STOPPED",
    "WRONG_USAGE",
    "complain",
    "main",
    "notebook_path",
    "reports_errors",
]

GRADED, NOT_GRADED, WRONG_USAGE, STOPPED = 0, 1, 2, 130

notebook_path = click.Path(path_type=Path, readable=False)  # commands report unreadable files


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unroll-course", prog_name="unroll")
def main() -> None:
    """An auto-graded course on why recurrent networks forget."""


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the three kinds of error into a message and an exit status, for every command."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            complain(str(error), WRONG_USAGE)
        except AuthorError as error:
            complain(f"the course is not in order: {error}", NOT_GRADED)
        except GraderError as error:
            complain(str(error), NOT_GRADED)

    return wrapper


def complain(message: str, status: int) -> None:
    """Print the message on stderr and end the command with the exit status."""
    click.echo(f"unroll: {message}", err=True)
    sys.exit(status)
