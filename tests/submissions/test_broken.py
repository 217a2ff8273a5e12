"""What students hand in by accident gets the report on file: its score, and every word of it."""

from __future__ import annotations

import json

import pytest
from nbgrader.converters.base import NbGraderException

from autograder.nbgrader_bridge import grade_cells as nbgrader_plugin
from tests.kit.toy_class import Class
from tests.submissions.broken.golden import CASES, CELLS, FILES, GOLDEN, Bench, difference


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_submission_gets_the_report_on_file(bench, case):
    diff = difference(case, bench.result(case))
    if diff:
        pytest.fail(
            f"{case.must}\n\n{diff}\n\nIf it is better now: "
            "python -m tests.submissions.broken --accept",
            pytrace=False,
        )


def test_each_report_on_file_has_its_case():
    names = [case.name for case in CASES]
    assert sorted(names) == sorted(path.stem for path in GOLDEN.glob("*.json"))


IN_NBGRADER = (*FILES, *CELLS)


@pytest.fixture(scope="module")
def klass(bench):
    """All broken files and notebooks, each a student's, autograded by nbgrader in one run."""
    nbgrader_plugin._judge.cache_clear()
    klass = Class(bench.root)
    for case in IN_NBGRADER:
        klass.submit(case.name, case.make(bench.released))
    with pytest.raises(NbGraderException):  # some are refused
        klass.autograde()
    return klass


@pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend
@pytest.mark.parametrize("case", IN_NBGRADER, ids=lambda case: case.name)
def test_the_gradebook_has_the_score_of_the_report(klass, case):
    report = json.loads((GOLDEN / f"{case.name}.json").read_text(encoding="utf-8"))
    scores = klass.scores(case.name)
    if "refused" in report:
        assert scores == {"double": None, "quadruple": None}
    else:
        assert scores == {result["name"]: result["score"] for result in report["exercises"]}
