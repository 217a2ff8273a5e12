"""The notebooks run top to bottom with the reference in place, as a student's would in the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbclient import NotebookClient

from autograder.authoring.release import build_source, build_source_folder
from autograder.core.course import find_course
from tests.submissions.fill import quiz_of, with_answers

COURSE = find_course(Path(__file__).parent)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_a_notebook_with_the_reference_in_place_runs_and_draws_and_passes(assignment, tmp_path):
    folder = build_source_folder(COURSE, assignment, tmp_path)
    notebook = with_answers(build_source(COURSE, assignment), quiz_of(assignment).key)
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}, timeout=60)
    client.execute()  # raises where a cell raises, a check among them
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    plots = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(plots) >= 2
    assert not [output for output in outputs if output.get("name") == "stderr"]
