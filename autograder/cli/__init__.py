"""The command ``unroll``."""

from autograder.cli.app import main
from autograder.cli.author import release, validate
from autograder.cli.instructor import grade
from autograder.cli.student import check, export_quiz, quiz

__all__ = ["main"]

for command in (check, quiz, export_quiz, grade, release, validate):
    main.add_command(command)
