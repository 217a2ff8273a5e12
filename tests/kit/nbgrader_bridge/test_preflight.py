"""The course's own mistakes: refused once, before anything is written, in all ways to grade."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.plugins import CsvExportPlugin

from autograder.authoring.release import release
from autograder.classroom import pool
from autograder.classroom.run import Counts, Options, grade_class, records_folder
from autograder.cli import main
from autograder.core.errors import AuthorError, GraderError
from autograder.nbgrader_bridge import preflight
from tests.kit.classroom.faults import path_without_sandbox
from tests.kit.nbgrader_bridge.mistakes import (
    AT_QUADRUPLE,
    GRADEBOOKS,
    HALF_TEST,
    MISTAKES,
    RELEASE,
    SOLUTION,
    TAKE_BACK,
    TESTS,
    added,
    body,
    change,
    hidden,
)
from tests.kit.toy_class import RIGHT, WRONG, Class, files
from tests.kit.toy_course import LIMITS, QUESTIONS, TOY, make_course
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend

ON_TIME, LATER = "2026-05-01 10:00:00 UTC", "2026-05-02 10:00:00 UTC"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A class that is graded, with scores and comments that a person gave."""
    root = tmp_path_factory.mktemp("template")
    release(make_course(root, questions=QUESTIONS), TOY)
    klass = Class(root)
    for student, answers in {"ada": RIGHT, "ben": WRONG, "cleo": {}}.items():
        klass.submit(student, fill(klass.released, answers), ON_TIME)
    assert grade(klass) == Counts(total=3, graded=3)
    with gradebook_of(klass) as gradebook:
        gradebook.find_grade("double", TOY, TOY, "ben").manual_score = 3.5
        gradebook.find_comment("double-solution", TOY, TOY, "cleo").manual_comment = "Well begun."
        gradebook.db.commit()
    return root


@pytest.fixture
def klass(template, tmp_path, monkeypatch):
    shutil.copytree(template, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return Class(tmp_path / "course")


def grade(klass: Class, **options) -> Counts:
    return grade_class(klass.course, TOY, Options(workers=1, limits=LIMITS, **options))


def grade_file(klass: Class):
    path = klass.root / "course" / "submitted" / "ada" / TOY / f"{TOY}.ipynb"
    return CliRunner().invoke(main, ["grade", TOY, str(path), str(path)])


def gradebook_of(klass: Class) -> Gradebook:
    return Gradebook(f"sqlite:///{klass.root}/course/gradebook.db", "unroll")


def export(klass: Class) -> str:
    path = klass.root / "grades.csv"
    plugin = CsvExportPlugin()
    plugin.to = str(path)
    with gradebook_of(klass) as gradebook:
        plugin.export(gradebook)
    return path.read_text()


def state(klass: Class) -> dict[str, object]:
    """All that a run may write: nbgrader's export, its gradebook, autograded files, records."""
    folder = records_folder(klass.course, TOY)
    with sqlite3.connect(folder / "ledger.db") as database:
        ledger = [*database.iterdump()]
    data = {path.name: path.read_bytes() for path in folder.glob("*.[cj]s*")}
    gradebook = (klass.root / "course" / "gradebook.db").read_bytes()
    return {
        "export": export(klass), "gradebook": gradebook, "files": files(klass), "ledger": ledger,
        **data,
    }  # fmt: skip


def refused(klass: Class) -> str:
    with pytest.raises(AuthorError) as caught:
        grade(klass)
    return str(caught.value)


@pytest.mark.parametrize("name", [*MISTAKES, *(f"gradebook: {name}" for name in GRADEBOOKS)])
def test_a_mistake_of_the_course_is_refused_and_every_score_stays(klass, capsys, name):
    mistake, message = MISTAKES.get(name) or GRADEBOOKS[name.removeprefix("gradebook: ")]
    klass.submit("ada", fill(klass.released, WRONG), LATER)
    klass.submit("dan", fill(klass.released, RIGHT), LATER)
    mistake(klass)
    before = state(klass)
    said = refused(klass)
    assert re.search(message, said)
    assert str(klass.root) not in said
    assert "/tmp" not in said
    assert state(klass) == before
    with pytest.raises(NbGraderException, match="a0_toy was not graded: see above"):
        klass.autograde()
    log = capsys.readouterr().err
    assert log.count(said.splitlines()[0]) == log.count("ERROR") == 1
    assert state(klass) == before


@pytest.mark.parametrize("name", MISTAKES)
def test_single_notebooks_are_refused_with_the_same_message(klass, name):
    mistake, message = MISTAKES[name]
    mistake(klass)
    run = grade_file(klass)
    message = message.replace("the gradebook", f"assignments/{TOY}/{TOY}.ipynb")
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr.startswith("unroll: the course is not in order: ")
    assert re.search(message.partition(": .*" + TAKE_BACK)[0], run.stderr)


def test_force_does_not_get_past_a_mistake(klass, capsys):
    body("np.ones(1)")(klass)
    before = state(klass)
    with pytest.raises(AuthorError):
        grade(klass, force=True)
    with pytest.raises(NbGraderException):
        klass.autograde(force=True)
    assert state(klass) == before


ADVISED = [MISTAKES[name] for name in ("points", "test removed", "question's points")]


@pytest.mark.parametrize("mistake", [*ADVISED, MISTAKES["released notebook"], *GRADEBOOKS.values()])
def test_the_advice_mends_it(klass, mistake):
    mistake[0](klass)
    assert RELEASE in refused(klass)
    assert CliRunner().invoke(main, ["release", TOY]).exit_code == 0
    assert grade(klass).done == 3
    klass.autograde(force=True)


def test_added_cells_are_refused_by_release_too_and_the_advice_begins_anew(klass):
    before = files_of_release(klass), state(klass)
    added(klass)
    run = CliRunner().invoke(main, ["release", TOY])
    assert run.exit_code == 1
    assert (
        f"{TOY} was not released: its cells differ from the gradebook's (half, half-s" in run.stderr
    )
    assert TAKE_BACK in run.stderr
    assert (files_of_release(klass), state(klass)) == before
    remove = re.search("`nbgrader (db assignment remove [^`]*)`", refused(klass))[1]
    nbgrader = [sys.executable, "-m", "nbgrader", *remove.split()]
    subprocess.run(nbgrader, cwd=klass.root, check=True, capture_output=True)
    assert CliRunner().invoke(main, ["release", TOY]).exit_code == 0
    assert grade(klass) == Counts(total=3, graded=3)
    assert klass.scores("ada")["half"] == 0


def files_of_release(klass: Class) -> dict[str, bytes]:
    folder = klass.root / "assignments" / TOY
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_several_mistakes_are_told_at_once_and_not_all_of_many(klass):
    hidden("assert_close, assert_form, assert_pure, ", "")(klass)
    said = refused(klass)
    assert [line.count("raises NameError") for line in said.splitlines()] == [1, 1, 1, 1, 0]
    assert said.endswith(f"\n{preflight.NOTHING_DONE}")
    many = "".join(
        HALF_TEST.replace("_half", f"_{i}").replace('"half"', '"double"') for i in range(9)
    )
    with open(klass.root / TESTS / "double" / "test_hidden.py", "a") as file:
        file.write(many.replace("points=1", "points=0"))
    assert "\n  … and 8 more\n" in refused(klass)


def test_a_reference_that_never_returns_is_refused(klass):
    change(SOLUTION, "return double(double(x))", "while True: pass")(klass)
    assert re.search(
        AT_QUADRUPLE + "the reference solution fails test_quad.* `quadruple` does not return",
        refused(klass),
    )


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "import os; os._exit(0)",
            "the process that judged the reference solution died: check whether a test",
        ),
        (
            "while True: pass",
            "the reference solution was not judged within 10 s: check for a test that never",
        ),
        ("raise MemoryError", "the reference solution cannot be judged: .*ran out of memory"),
    ],
)
def test_what_may_be_the_machine_s_fault_is_told_as_that(klass, monkeypatch, statement, message):
    monkeypatch.setattr(pool, "_EXAMINATION_SECONDS", 10.0)
    body(statement)(klass)
    before = state(klass)
    with pytest.raises(GraderError, match=message):
        grade(klass)
    assert state(klass) == before


def test_the_reference_is_judged_once_for_as_long_as_nothing_changes(klass, monkeypatch):
    def forbidden(*_):
        raise AssertionError("judged again")

    assert grade_file(klass).exit_code == 0
    klass.autograde()
    monkeypatch.setattr(pool.LocalPool, "examine", forbidden)
    monkeypatch.setattr(preflight, "examine", forbidden)
    assert grade(klass) == Counts(total=3, unchanged=3)
    assert grade_file(klass).exit_code == 0
    klass.submit("ada", fill(klass.released, WRONG), LATER)
    klass.autograde()
    hidden("x is left unchanged", "x is left as it was")(klass)
    with pytest.raises(AssertionError, match="judged again"):
        grade(klass)


def test_a_note_that_cannot_be_kept_costs_a_second_look_and_nothing_else(klass):
    path = records_folder(klass.course, TOY) / "in_order"
    path.write_bytes(b"\xff")
    assert grade(klass).unchanged == 3
    path.unlink()
    path.mkdir()
    assert grade(klass).unchanged == 3


def problems(klass: Class) -> dict[str, tuple[str, str]]:
    with open(records_folder(klass.course, TOY) / "problems.csv", newline="") as file:
        return {row["student"]: (row["problem"], row["status"]) for row in csv.DictReader(file)}


def test_a_submission_that_cannot_be_graded_now_keeps_its_score_and_is_stale(klass):
    before = export(klass), files(klass)
    klass.submit("ada", b"not json", LATER)
    assert grade(klass) == Counts(total=3, stale=1, unchanged=2)
    assert (export(klass), files(klass)) == before
    problem, status = problems(klass)["ada"]
    assert problem.startswith(f"{TOY}.ipynb is not a notebook")
    assert status == "stale: it keeps its earlier score"
    lines = (records_folder(klass.course, TOY) / "reports.jsonl").read_text().splitlines()
    assert [f'"stale": "{TOY}.ipynb is not' in line for line in lines] == [True, False, False]
    assert grade(klass).stale == 1
    klass.submit("ada", fill(klass.released, WRONG), LATER)
    assert grade(klass) == Counts(total=3, graded=1, unchanged=2)
    assert problems(klass) == {}
    assert klass.scores("ada")["double"] == 1


def test_an_old_submission_handed_in_again_heals_a_stale_one_too(klass):
    before = state(klass)
    path = klass.root / "course" / "submitted" / "ada" / TOY / f"{TOY}.ipynb"
    kept = path.read_bytes()
    path.unlink()
    assert grade(klass).stale == 1
    path.write_bytes(kept)
    assert grade(klass).graded == 1
    now = state(klass)
    for part in ("export", "files", "exercises.csv", "reports.jsonl", "problems.csv"):
        assert now[part] == before[part]


def test_the_command_lists_what_is_stale_and_ends_with_status_1(klass):
    klass.submit("ada", b"not json", LATER)
    line = [sys.executable, "-m", "autograder", "grade", TOY, "--workers", "1"]
    run = subprocess.run(line, cwd=klass.root, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    assert "0 need a person, 1 stale (with their earlier scores)" in run.stdout
    assert re.search(r"stale +why.*\n(.*\n)*ada +a0_toy.ipynb is not a notebook", run.stdout)


def test_a_new_submission_that_cannot_be_graded_has_no_score_and_needs_a_person(klass):
    klass.submit("dan", b"not json", ON_TIME)
    assert grade(klass) == Counts(total=4, problems=1, unchanged=3)
    assert problems(klass)["dan"][1] == "needs a person"
    assert set(klass.scores("dan").values()) == {None}


def test_in_nbgrader_the_old_score_of_one_that_cannot_be_graded_stays_too(klass):
    """Its autograded folder goes, and its timestamp is the new one: that is nbgrader's way."""
    before = export(klass)
    klass.submit("ada", b"not json", LATER)
    with pytest.raises(NbGraderException):
        klass.autograde()
    assert export(klass) == before.replace("2026-05-01", "2026-05-02", 1)


def test_without_a_sandbox_nbgrader_touches_nothing(klass, tmp_path):
    before = state(klass)
    line = [sys.executable, "-m", "nbgrader", "autograde", TOY, "--force"]
    there = {"env": {**os.environ, "PATH": path_without_sandbox(tmp_path / "bin")}}
    run = subprocess.run(line, cwd=klass.root, capture_output=True, text=True, check=False, **there)
    assert run.returncode == 1
    assert run.stderr.count("this machine cannot isolate student code") == 1
    assert "Traceback" not in run.stderr
    assert state(klass) == before


def test_the_released_notebook_need_not_be_there(klass):
    shutil.rmtree(klass.root / "assignments")
    assert grade(klass) == Counts(total=3, unchanged=3)
    assert grade_file(klass).exit_code == 0
