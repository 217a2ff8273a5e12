"""The reports on all broken submissions, and those on file that they must equal."""

from __future__ import annotations

import difflib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.release import release
from autograder.core.errors import UserError
from autograder.judging.judge import Judge, load_judge
from autograder.report import report_json
from autograder.submission.notebook import read
from tests.kit.toy_course import HIDDEN, LIMITS, TOY, make_course
from tests.submissions.broken.answers import ANSWERS
from tests.submissions.broken.case import Case
from tests.submissions.broken.cells import CELLS
from tests.submissions.broken.files import FILES

__all__ = ["CASES", "GOLDEN", "Bench", "difference", "golden_text", "write"]

CASES: tuple[Case, ...] = (*FILES, *CELLS, *ANSWERS)
GOLDEN = Path(__file__).parent / "golden"
_HIDDEN = HIDDEN.replace(  # as in the course's own tests: doing nothing is no merit
    "test_double_is_pure(student, x)", "test_double_is_pure(student, reference, x)"
).replace("assert_pure(student.double, x)", "assert_pure(student.double, x, like=reference.double)")


class Bench:
    """The toy course in ``root``, released, with a judge that is loaded once."""

    def __init__(self, root: Path) -> None:
        course = make_course(root, hidden=_HIDDEN)
        release(course, TOY)
        self.root = root
        self.released = nbformat.read(course.release(TOY) / f"{TOY}.ipynb", as_version=4)
        self.judge: Judge = load_judge(course, TOY, limits=LIMITS)

    def result(self, case: Case) -> dict[str, Any]:
        """What becomes of ``case``: its report, or why it is refused."""
        path = self.root / f"{case.name}.ipynb"
        path.write_bytes(case.make(self.released))
        try:
            report = json.loads(report_json(self.judge.grade(read(path))))
        except UserError as error:
            return {"must": case.must, "refused": str(error).replace(f"{self.root}/", "")}
        finally:
            path.unlink()
        for name in ("assignment", "max_score", "provenance"):  # the same for all
            del report[name]
        return {"must": case.must, **report}


def golden_text(result: dict[str, Any]) -> str:
    """A result as it is kept: JSON, for people to read."""
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def difference(case: Case, result: dict[str, Any]) -> str:
    """What ``result`` changes of the report on file, as a diff; empty when nothing."""
    path = GOLDEN / f"{case.name}.json"
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(
        kept.splitlines(), golden_text(result).splitlines(), "on file", "now", lineterm="", n=2
    )
    return "\n".join(lines)


def write() -> Iterator[str]:
    """Keep the reports as they are now; gives the names of those that are new or changed."""
    for path in GOLDEN.glob("*.json"):
        if path.stem not in {case.name for case in CASES}:
            path.unlink()
            yield f"{path.stem} (gone)"
    with tempfile.TemporaryDirectory() as root:
        bench = Bench(Path(root))
        for case in CASES:
            result = bench.result(case)
            if difference(case, result):
                (GOLDEN / f"{case.name}.json").write_text(golden_text(result), encoding="utf-8")
                yield case.name
