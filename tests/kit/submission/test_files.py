"""Hostile and innocent files, by every way in: what becomes of them, and that nobody else pays."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.authoring.release import release
from autograder.classroom.run import ledger_of, records_folder
from autograder.cli import main
from autograder.submission import notebook
from tests.kit.toy_class import RIGHT, WRONG, Class
from tests.kit.toy_course import TOY, make_course
from tests.submissions.fill import fill
from tests.submissions.hostile.files import (
    LEFT_OUT,
    NOTEBOOK,
    PERSON,
    TAKEN,
    FileCase,
    course_seed,
)

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend

SEED = "the seed of a course, which nobody may have"
NEIGHBOURS = ("ada", "zoe")  # the first and the last
FULL = {"double": 4, "quadruple": 2}
SECONDS = 240  # far more than any run takes; without the gate some never end
BY_STUDENT = os.fsdecode(b"not \xff utf8"), "two\nlines", "red\x1b[31m", "x" * 200


def ids(case: FileCase) -> str:
    return case.name


def run(*line: object, cwd: Path) -> subprocess.CompletedProcess:
    """A command of somebody who may not read what is unreadable, even where root runs the tests."""
    drop = "-dac_override,-dac_read_search"
    prefix = [] if os.geteuid() else ["setpriv", "--bounding-set", drop, "--inh-caps", drop]
    return subprocess.run(
        [*prefix, *map(str, line)],
        cwd=cwd,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=SECONDS,
        check=False,
    )


@dataclass(frozen=True)
class Graded:
    """A class of all cases, each a student's, and what its grading left."""

    klass: Class
    said: subprocess.CompletedProcess
    problems: dict[str, str]
    left_out: dict[str, str]

    def autograded(self, student: str) -> Path:
        return self.klass.root / "course" / "autograded" / student / TOY


def submitted(klass: Class, student: str) -> Path:
    return klass.root / "course" / "submitted" / student / TOY


def hand_in(root: Path) -> Class:
    """A class in which all cases are handed in, and honest neighbours."""
    release(make_course(root, seed=f"{SEED}\n"), TOY)
    klass = Class(root)
    for name in NEIGHBOURS:
        klass.submit(name, fill(klass.released, RIGHT), "2026-05-01 12:00:00.000001 UTC")
    for case in (*PERSON, *LEFT_OUT, *TAKEN):
        klass.submit(case.name, fill(klass.released, WRONG))
        case.plant(submitted(klass, case.name))
    for name in BY_STUDENT:
        klass.submit(name, fill(klass.released, WRONG))
    return klass


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return hand_in(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="module")
def graded(template):
    """The class, graded by ``unroll grade``."""
    said = run(sys.executable, "-m", "autograder", "grade", TOY, cwd=template.root)
    assert said.returncode == 1, said.stderr
    with ledger_of(template.course, TOY) as ledger:
        problems = dict(ledger.problems())
    with open(records_folder(template.course, TOY) / "left_out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    left_out = {
        who: "\n".join(row["left_out"] for row in rows if row["student"] == who)
        for who in {row["student"] for row in rows}
    }
    return Graded(template, said, problems, left_out)


@pytest.mark.parametrize("case", PERSON, ids=ids)
def test_what_cannot_be_graded_is_listed_with_its_reason(graded, case):
    assert case.says in graded.problems[case.name]
    assert not graded.autograded(case.name).exists()
    assert set(graded.klass.scores(case.name).values()) == {None}


@pytest.mark.parametrize("case", LEFT_OUT, ids=ids)
def test_a_file_that_does_not_pass_is_told_and_costs_no_grade(graded, case):
    assert case.says in graded.left_out[case.name]
    assert case.name not in graded.problems
    assert graded.klass.scores(case.name) == {"double": 1, "quadruple": 2}
    assert len(graded.left_out[case.name]) < 1_000


@pytest.mark.parametrize("case", TAKEN, ids=ids)
def test_what_innocent_students_have_is_taken_over(graded, case):
    assert case.name not in graded.problems
    assert case.name not in graded.left_out
    assert graded.klass.scores(case.name) == {"double": 1, "quadruple": 2}
    folder = submitted(graded.klass, case.name)
    handed_in = {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not {".ipynb_checkpoints", "__pycache__"} & set(path.parts)
    }
    for name, content in handed_in.items():
        if name.suffix != ".ipynb":
            assert (graded.autograded(case.name) / name).read_bytes() == content


@pytest.mark.parametrize("name", BY_STUDENT, ids=["bytes", "lines", "colours", "long"])
def test_a_student_whose_name_nothing_can_hold_is_listed(graded, name):
    shown = {student: why for student, why in graded.problems.items() if "rename it" in why}
    assert len(shown) == len(BY_STUDENT)
    assert all(student.isprintable() for student in shown)


def test_every_neighbour_is_graded_and_nobody_has_the_seed(graded):
    for name in NEIGHBOURS:
        assert graded.klass.scores(name) == FULL
    assert_without_seed(graded.klass.root / "course" / "autograded")
    assert not {*graded.problems, *graded.left_out} & set(NEIGHBOURS)
    assert all(c.isprintable() or c == "\n" for c in graded.said.stdout + graded.said.stderr)
    assert SEED not in graded.said.stdout + "".join(graded.problems.values())
    assert "graded without" in graded.said.stdout
    assert "more in left_out.csv" in graded.said.stdout


def test_what_has_too_many_files_keeps_those_of_nbgrader(graded):
    names = {path.name for path in graded.autograded("very_many_files").iterdir()}
    assert names >= {NOTEBOOK, "timestamp.txt"}
    assert "many" not in names


def test_a_second_run_grades_nothing_again(graded):
    said = run(sys.executable, "-m", "autograder", "grade", TOY, cwd=graded.klass.root)
    unchanged = len(NEIGHBOURS) + len(LEFT_OUT) + len(TAKEN)
    assert f"0 graded, {unchanged} unchanged" in said.stdout


def assert_without_seed(folder: Path) -> None:
    holding = [path for path in folder.rglob("*") if path.is_file() and holds_seed(path)]
    assert not holding


def holds_seed(path: Path) -> bool:
    return path.stat().st_size < 10_000_000 and SEED.encode() in path.read_bytes()


@pytest.fixture(scope="module")
def nbgraders(tmp_path_factory):
    """Such a class, graded by ``nbgrader autograde``."""
    klass = hand_in(tmp_path_factory.mktemp("nbgraders"))
    said = run(sys.executable, "-m", "nbgrader", "autograde", TOY, cwd=klass.root)
    assert said.returncode == 1, said.stderr
    return klass, said.stderr


TOO_MANY = ("very_many_files", "very_many_folders")
UNSEEN = ("folder_is", "folder_loops", "folder_of_the_student_is_un", "notebook_among")


@pytest.mark.parametrize("case", LEFT_OUT, ids=ids)
def test_nbgrader_grades_without_what_does_not_pass(nbgraders, case):
    klass, said = nbgraders
    if case.name in TOO_MANY:  # nbgrader would look at each of them, thrice
        assert f"{case.name}'s folder holds more than 2,000 files: remove some, or use" in said
        assert not (klass.root / "course" / "autograded" / case.name / TOY).exists()
    else:
        assert klass.scores(case.name) == {"double": 1, "quadruple": 2}


@pytest.mark.parametrize("case", TAKEN, ids=ids)
def test_nbgrader_grades_the_innocent(nbgraders, case):
    klass, _ = nbgraders
    assert klass.scores(case.name) == {"double": 1, "quadruple": 2}


@pytest.mark.parametrize("case", PERSON, ids=ids)
def test_nbgrader_leaves_ungraded_what_needs_a_person(nbgraders, case):
    klass, said = nbgraders
    assert not (klass.root / "course" / "autograded" / case.name / TOY).exists()
    if not case.name.startswith(UNSEEN):  # nbgrader itself does not find a notebook there
        assert case.says in said


def test_nbgrader_grades_the_neighbours_and_nobody_has_the_seed(nbgraders):
    klass, said = nbgraders
    for name in NEIGHBOURS:
        assert klass.scores(name) == FULL
    assert said.count("is not graded: rename the student") == len(BY_STUDENT)
    assert_without_seed(klass.root / "course" / "autograded")


IN_FILE_MODE = [case for case in PERSON if case.name.startswith("notebook_is")]


def test_a_file_that_cannot_be_graded_costs_no_other_file_its_report(template):
    bad = [submitted(template, case.name) / NOTEBOOK for case in IN_FILE_MODE]
    good = [submitted(template, name) / NOTEBOOK for name in NEIGHBOURS]
    line = ("-m", "autograder", "grade", TOY, "--json", good[0], *bad, good[1])
    said = run(sys.executable, *line, cwd=template.root)
    assert said.returncode == 1
    assert [json.loads(line)["score"] for line in said.stdout.splitlines()] == [6, 6]
    for case, path, complaint in zip(IN_FILE_MODE, bad, said.stderr.splitlines(), strict=True):
        assert f"unroll: not graded: {path} " in complaint
        assert case.says.removeprefix(NOTEBOOK) in complaint


@pytest.mark.parametrize("case", IN_FILE_MODE, ids=ids)
def test_a_check_of_such_a_file_says_what_it_is(template, case, tmp_path):
    if case.name == "notebook_of_a_neighbour":
        pytest.skip("students may follow their own links")
    shutil.copytree(template.root / "assignments" / TOY, tmp_path / "course" / "x" / "y" / TOY)
    folder = tmp_path / "course" / "x" / "y" / TOY
    case.plant(folder)
    said = run(sys.executable, "-m", "autograder", "check", folder / NOTEBOOK, cwd=tmp_path)
    assert said.returncode == 2
    assert "Traceback" not in said.stderr
    assert said.stderr.startswith("unroll: ")


def test_a_student_may_check_through_their_own_link(template, tmp_path):
    folder = shutil.copytree(template.root / "assignments" / TOY, tmp_path / TOY)
    (tmp_path / "link.ipynb").symlink_to(folder / NOTEBOOK)
    said = run(sys.executable, "-m", "autograder", "check", tmp_path / "link.ipynb", cwd=tmp_path)
    assert "0 of 2 exercises pass their public tests" in said.stdout


@pytest.mark.parametrize("error", [RuntimeError("no\x1b[2J"), MemoryError(), RecursionError()])
def test_whatever_is_raised_over_a_file_is_told_and_the_others_are_graded(
    template, monkeypatch, error
):
    read = notebook.read

    def failing(path):
        if "ada" in str(path):
            raise error
        return read(path)

    monkeypatch.chdir(template.root)
    monkeypatch.setattr("autograder.submission.notebook.read", failing)
    paths = [str(submitted(template, name) / NOTEBOOK) for name in NEIGHBOURS]
    said = CliRunner().invoke(main, ["grade", TOY, *paths, "--json"])
    assert said.exit_code == 1
    assert json.loads(said.stdout)["score"] == 6
    assert f"unroll: not graded: {paths[0]}: {type(error).__name__}" in said.stderr
    assert "\x1b" not in said.stderr


def test_there_are_cases_of_every_kind():
    assert len(PERSON) > 25
    assert len(LEFT_OUT) > 20
    assert course_seed(Path("/c/course/submitted/x/y")) == Path("/c/course/seed")
