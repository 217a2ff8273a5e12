"""Render one exercise's result as HTML for notebooks and feedback pages, with all text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from autograder.core.results import (
    DID_NOT_RUN,
    CellProblem,
    ExerciseResult,
    Failure,
    Outcome,
    Status,
    TestResult,
)
from autograder.report.words import common_failure, details, failures, headline, points, shown_title

__all__ = ["exercise_html", "problems_html"]

_GREEN, _AMBER, _RED, _GREY = "#1a7f37", "#9a6700", "#cf222e", "#6e7781"
_MARKS = {
    Outcome.PASSED: ("✓", _GREEN),
    Outcome.FAILED: ("✗", _RED),
    Outcome.ERROR: ("!", _AMBER),
}
_COLOURS = {Status.PASSED: _GREEN, Status.PARTIAL: _AMBER, Status.ERROR: _AMBER}
_CELL = "padding:2px 10px 2px 0;text-align:left;vertical-align:top;border:0;background:none"
_LABEL = f"color:{_GREY};white-space:nowrap"
_TABLE = "border-collapse:collapse;border:0;margin:4px 0;font-size:inherit;table-layout:auto"
_CODE = "font-family:monospace;white-space:pre-wrap"


def exercise_html(result: ExerciseResult) -> str:
    """Render the exercise as a compact table: a row per test, with details under a failed one."""
    return "".join(_parts(result))


def problems_html(problems: Sequence[CellProblem]) -> str:
    """Render the cells that did not run as they stand, with reasons, for the top of a report."""
    lines = "".join(f"<div>{_text(str(problem))}</div>" for problem in problems)
    frame = f"border-left:4px solid {_GREY};padding:2px 0 2px 12px;margin-bottom:8px;max-width:60em"
    return f'<div style="{frame}"><div><b>{DID_NOT_RUN}</b></div>{lines}</div>'


def _parts(result: ExerciseResult) -> Iterator[str]:
    colour = _COLOURS.get(result.status, _RED)
    yield f'<div style="border-left:4px solid {colour};padding:2px 0 2px 12px;max-width:60em">'
    yield f'<div><b style="font-family:monospace">{escape(result.name)}</b> '
    yield f'<span style="color:{colour}">{escape(headline(result))}</span></div>'
    for note in result.notes:
        yield f"<div>{_text(note)}</div>"
    if result.diagnosis:
        yield f"<div><b>Likely mistake:</b> {_text(result.diagnosis)}</div>"
    common = common_failure(result)
    if common:
        yield f"<div>{_text(common)}</div>"
    else:
        yield f'<table style="{_TABLE}"><tbody>'
        for test, failure in failures(result):
            yield from _rows(test, failure)
        yield "</tbody></table>"
    yield "</div>"


def _rows(test: TestResult, failure: Failure | None) -> Iterator[str]:
    mark, colour = _MARKS[test.outcome]
    earned = f"{points(test.score)}/{points(test.points)}" if test.points else ""
    yield f'<tr style="background:none"><td style="{_CELL};color:{colour}"><b>{mark}</b></td>'
    yield f'<td style="{_CELL}">{_text(shown_title(test))}</td>'
    yield f'<td style="{_CELL};{_LABEL};text-align:right">{earned}</td></tr>'
    if failure:
        yield from _detail_rows(failure)
    elif test.comment:
        yield f'<tr style="background:none"><td style="{_CELL}"></td>'
        yield f'<td style="{_CELL}" colspan="2">{_text(test.comment)}</td></tr>'


def _detail_rows(failure: Failure) -> Iterator[str]:
    yield f'<tr style="background:none"><td style="{_CELL}"></td><td style="{_CELL}" colspan="2">'
    yield f"<div>→ {_text(failure.summary)}</div>" if failure.summary else ""
    yield f'<table style="{_TABLE}"><tbody>'
    for label, text in details(failure):
        if text:
            is_code = label in ("for", "got", "expected")
            yield f'<tr style="background:none"><td style="{_CELL};{_LABEL}">{label}</td>'
            yield f'<td style="{_CELL}{";" + _CODE if is_code else ""}">'
            yield f"{escape(text) if is_code else _text(text)}</td></tr>"
    yield "</tbody></table></td></tr>"


def _text(sentence: str) -> str:
    """A sentence, escaped, with text in backticks as code."""
    parts = escape(sentence).split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
