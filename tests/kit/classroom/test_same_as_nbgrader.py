"""`unroll grade A` leaves what `nbgrader autograde A` would: gradebook, notebooks and files."""

from __future__ import annotations

import copy
import shutil

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException

from autograder.authoring.release import release
from autograder.classroom.run import Options, grade_class
from autograder.nbgrader_bridge import grade_cells as nbgrader_plugin
from tests.kit.toy_class import RIGHT, WRONG, Class, files, rows
from tests.kit.toy_course import TOY, make_course
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend

EARLY, ON_TIME = "2026-04-30 10:00:00 UTC", "2026-05-01 10:00:00 UTC"
LATE = "2026-05-03 10:00:00 UTC"


def hand_in(klass: Class) -> None:
    """Students as there are: right, wrong, untouched, tampering, late, broken, elsewhere."""
    released = klass.released
    klass.submit("ada", fill(released, RIGHT), ON_TIME)
    klass.submit("ben", fill(released, WRONG), EARLY)
    klass.submit("cleo", released, ON_TIME)
    klass.submit("dan", without_check_cells(fill(released, RIGHT)))
    klass.submit("eve", fill(released, RIGHT), LATE)
    klass.submit("finn", b"not json", ON_TIME)
    klass.submit("gus", fill(released, {"double": "import os\nos._exit(0)"}))
    klass.submit("hedy", fill(released, {**RIGHT, "double": "print('ü', flush=True)\n1/0"}))
    (klass.root / "course" / "submitted" / "ada" / TOY / "notes.txt").write_text("mine")


def without_check_cells(notebook):
    notebook = copy.deepcopy(notebook)
    kept = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    notebook.cells = kept
    return notebook


def hand_in_again(klass: Class) -> None:
    klass.submit("ben", fill(klass.released, RIGHT), ON_TIME)


def due(klass: Class) -> None:
    with Gradebook(f"sqlite:///{klass.root}/course/gradebook.db", "unroll") as gradebook:
        gradebook.update_or_create_assignment(TOY, duedate="2026-05-02 10:00:00 UTC")
    settings = klass.root / "nbgrader_config.py"
    settings.write_text(settings.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Two classes alike, one graded by nbgrader, one by us."""
    root = tmp_path_factory.mktemp("nbgrader")
    release(make_course(root), TOY)
    theirs = Class(root)
    due(theirs)
    hand_in(theirs)
    twin = tmp_path_factory.mktemp("ours")
    shutil.copytree(root, twin, dirs_exist_ok=True)
    ours = Class(twin)
    shutil.copy(root / "nbgrader_config.py", twin)
    for grade_once_more in (None, hand_in_again):
        for klass in (theirs, ours) if grade_once_more else ():
            grade_once_more(klass)
        nbgrader_plugin._judge.cache_clear()
        with pytest.raises(NbGraderException):  # finn
            theirs.autograde()
        grade_class(ours.course, TOY, Options(workers=2))
    return theirs, ours


@pytest.mark.parametrize("table", ["grades", "comments", "students"])
def test_the_gradebooks_are_the_same(twins, table):
    theirs, ours = twins
    assert rows(ours)[table] == rows(theirs)[table]


def test_the_autograded_folders_are_the_same_byte_for_byte(twins):
    theirs, ours = (files(klass) for klass in twins)
    assert ours.keys() == theirs.keys()
    for name in theirs:
        assert ours[name] == theirs[name], name


def test_the_class_has_every_kind_of_submission(twins):
    scores = {row[:2]: row[2] for row in rows(twins[1])["grades"]}
    assert scores["ada", "double"] == 4
    assert scores["ben", "double"] == 4  # handed in again
    assert scores["finn", "double"] is None
    assert scores["gus", "double"] == 0
    late = {row[0]: row[8] for row in rows(twins[1])["grades"]}
    assert (late["ada"], late["eve"]) == (None, 6)
