"""Render results: as JSON, as text for a terminal, as HTML for a notebook or feedback page."""

from autograder.report.html import exercise_html, problems_html
from autograder.report.json import report_json
from autograder.report.policy import Feedback, redacted
from autograder.report.text import exercise_text, plain, problems_text, report_text

__all__ = [
    "Feedback",
    "exercise_html",
    "exercise_text",
    "plain",
    "problems_html",
    "problems_text",
    "redacted",
    "report_json",
    "report_text",
]
