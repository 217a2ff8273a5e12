"""The notebooks run top to bottom with the reference in place, as a student's would in the end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbclient import NotebookClient

from autograder.course import find_course
from autograder.release import build_source

COURSE = find_course(Path(__file__).parent)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_a_notebook_with_the_reference_in_place_runs_and_draws_and_passes(assignment, tmp_path):
    shutil.copy(COURSE.tests(assignment) / "test_public.py", tmp_path)
    notebook = build_source(COURSE, assignment)
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=60)
    client.execute()  # raises where a cell raises, a check among them
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    plots = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(plots) >= 2
    assert not [output for output in outputs if output.get("name") == "stderr"]
