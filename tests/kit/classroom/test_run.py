"""Grading a class: what is graded again, what a stop costs, and who is told what."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.authoring.release import release
from autograder.classroom.lock import locked
from autograder.classroom.run import Counts, Options, grade_class, ledger_of, records_folder
from autograder.core.errors import AuthorError, GraderError, UserError
from autograder.nbgrader_bridge.folders import Folders
from autograder.nbgrader_bridge.gradebook import GradebookWriter
from autograder.sandbox.host.kernel import descendants
from tests.kit.toy_class import RIGHT, WRONG, Class
from tests.kit.toy_course import HIDDEN, TOY, make_course, write_tests
from tests.kit.waiting import wait_until
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend


STOPPED = "unroll: stopped: grades so far are saved. Run the same command again to resume\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A class of three, graded once."""
    root = tmp_path_factory.mktemp("template")
    release(make_course(root), TOY)
    klass = Class(root)
    klass.submit("ada", fill(klass.released, RIGHT))
    klass.submit("ben", fill(klass.released, WRONG))
    klass.submit("cleo", klass.released)
    assert grade(klass) == Counts(total=3, graded=3)
    return root


@pytest.fixture
def klass(template, tmp_path):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Class(tmp_path)


def grade(klass: Class, **options) -> Counts:
    return grade_class(klass.course, TOY, Options(**{"workers": 1, **options}))


def data(klass: Class, name: str = "reports.jsonl") -> str:
    return (records_folder(klass.course, TOY) / name).read_text()


def results(klass: Class) -> list[dict]:
    """The reports, without what they were made with: a comment in a test file changes that."""
    found = [json.loads(line) for line in data(klass).splitlines()]
    return [{key: value for key, value in each.items() if key != "provenance"} for each in found]


def problems(klass: Class) -> dict[str, str]:
    with ledger_of(klass.course, TOY) as ledger:
        return dict(ledger.problems())


def command(klass: Class, *arguments: str, **settings) -> subprocess.Popen:
    line = [sys.executable, "-m", "autograder", "grade", TOY, "--workers", "1", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(line, cwd=klass.root, **pipes, **settings)


def test_what_is_graded_is_not_graded_again_unless_forced(klass):
    before = data(klass), data(klass, "seconds.csv")
    assert grade(klass) == Counts(total=3, unchanged=3)
    assert (data(klass), data(klass, "seconds.csv")) == before
    assert grade(klass, force=True) == Counts(total=3, graded=3)
    assert data(klass) == before[0]


@pytest.mark.parametrize("workers", [1, 3])
def test_reports_and_exercises_are_the_same_for_any_number_of_workers(klass, workers):
    before = data(klass), data(klass, "exercises.csv")
    shutil.rmtree(records_folder(klass.course, TOY))
    assert grade(klass, workers=workers).graded == 3
    assert (data(klass), data(klass, "exercises.csv")) == before


def test_a_submission_handed_in_again_is_graded_again(klass):
    klass.submit("ben", fill(klass.released, RIGHT))
    assert grade(klass) == Counts(total=3, graded=1, unchanged=2)
    assert klass.scores("ben") == {"double": 4, "quadruple": 2}


@pytest.mark.parametrize("lost", ["course/autograded/ben", "course/grading"])
def test_what_got_lost_is_made_again(klass, lost):
    shutil.rmtree(klass.root / lost)
    assert grade(klass).graded == (1 if "ben" in lost else 3)
    assert klass.feedback("ben", "double")


def test_a_gradebook_that_lost_its_scores_gets_them_again(klass):
    path = klass.root / "course" / "gradebook.db"
    with sqlite3.connect(path) as database:
        database.execute("update grade set auto_score = null")
    assert grade(klass).graded == 3
    assert klass.scores("ada") == {"double": 4, "quadruple": 2}


def noting(text: str, notes: Path) -> str:
    """The hidden tests, each of which notes in a file that it ran, and in which process."""
    noted = "import os\ndef note(name):\n"
    noted += f"    with open({str(notes)!r}, 'a') as file: print(os.getpid(), name, file=file)\n"
    for name in ("double_agrees", "double_is_pure", "quadruple_agrees"):
        head, _, tail = text.partition(f"def test_{name}")
        signature, _, body = tail.partition('"""\n')
        text = f'{head}def test_{name}{signature}"""\n    note("{name}")\n{body}'
    return text.replace("from hypothesis", noted + "from hypothesis", 1)


def noted(notes: Path) -> set[str]:
    """The tests that ran for submissions: the reference is judged before, in its own process."""
    lines = [line.split() for line in notes.read_text().splitlines()]
    return {name for process, name in lines if process != lines[0][0]}


@pytest.mark.parametrize(
    ("file", "old", "new", "judged"),
    [
        (
            "quadruple/test_hidden.py", "quadruple(x) is 4 x", "quadruple(x) is 4x",
            {"quadruple_agrees"},
        ),
        (
            "double/test_hidden.py", "x is left unchanged", "x is left",
            {"double_agrees", "double_is_pure"},
        ),
        ("quadruple/test_hidden.py", "# the end", "# the very end", set()),
        ("quadruple/misconceptions.py", "Double twice", "Double it twice", {"quadruple_agrees"}),
        ("shared_hidden.py", "OF_ONE = 1", "OF_ONE = 1.0", {"quadruple_agrees"}),
        ("shared_hidden.py", "OF_NONE = 1", "OF_NONE = 1.0", set()),
        (
            "solution", "2.0 * np", "np.float64(2) * np",
            {"double_agrees", "double_is_pure", "quadruple_agrees"},
        ),
    ],
)  # fmt: skip
def test_a_change_grades_exactly_the_exercises_it_bears_on(klass, tmp_path, file, old, new, judged):
    notes = tmp_path / "notes"
    tests = klass.root / "tests" / TOY
    write_tests(klass.root, "test_hidden.py", noting(HIDDEN, notes) + "\n# the end\n")
    (tests / "shared_hidden.py").write_text("OF_ONE = 1\nOF_NONE = 1\n")
    quadruple = tests / "quadruple" / "test_hidden.py"
    quadruple.write_text("from ..shared_hidden import OF_ONE\n" + quadruple.read_text())
    shutil.rmtree(klass.root / "course" / "submitted" / "ben")
    grade(klass)
    notes.unlink()
    path = klass.root / "solutions" / f"{TOY}.py" if file == "solution" else tests / file
    path.write_text(path.read_text().replace(old, new))
    grade(klass)
    assert noted(notes) == judged
    changed = results(klass)
    grade(klass, force=True)
    assert results(klass) == changed


def test_a_test_file_that_is_astray_is_told_before_anything_is_graded(klass):
    (klass.root / "tests" / TOY / "double" / "helpers.txt").touch()
    with pytest.raises(AuthorError, match=rf"tests/{TOY}/double/helpers\.txt is misplaced"):
        grade(klass, force=True)


def test_what_needs_a_person_is_listed_and_stops_nobody(klass):
    klass.submit("dan", b"not json")
    klass.submit("gil", fill(klass.released, RIGHT))
    shutil.copytree(
        klass.root / "course" / "submitted" / "gil", klass.root / "course" / "submitted" / "eve"
    )
    eve = klass.root / "course" / "submitted" / "eve" / TOY
    (eve / f"{TOY}.ipynb").rename(eve / "mine.ipynb")
    klass.submit("finn", fill(klass.released, RIGHT), "the day before yesterday")
    assert grade(klass) == Counts(total=7, graded=1, unchanged=3, problems=3)
    found = problems(klass)
    assert found.pop("dan").startswith("a0_toy.ipynb is not a notebook: it is not JSON")
    assert found == {
        "eve": "a0_toy.ipynb is missing; there is mine.ipynb",
        "finn": "timestamp.txt holds no date (the day before yesterday): "
        "put the time of submission there, like 2026-05-01 12:00:00 UTC",
    }
    eve = "eve,a0_toy.ipynb is missing; there is mine.ipynb,needs a person"
    assert eve in data(klass, "problems.csv").splitlines()
    assert klass.scores("eve") == {"double": None, "quadruple": None}
    assert not (klass.root / "course" / "autograded" / "eve" / TOY).exists()


def file_in_the_way(klass, student):
    (klass.root / "course" / "autograded" / student).write_text("")


def looping_link(klass, student):
    (klass.root / "course" / "autograded" / student).symlink_to(student)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [(file_in_the_way, "autograded/mo/a0_toy cannot be written: Not a directory"),
     (looping_link, "autograded/mo/a0_toy cannot be written: Too many levels of symbolic links")],
)  # fmt: skip
def test_a_folder_that_cannot_be_written_is_one_student_s_problem(klass, spoil, why):
    for name in ("mo", "zoe"):
        klass.submit(name, fill(klass.released, RIGHT))
    spoil(klass, "mo")
    assert grade(klass) == Counts(total=5, graded=1, unchanged=3, problems=1)
    assert why in problems(klass)["mo"]
    assert klass.scores("zoe") == {"double": 4, "quadruple": 2}
    (klass.root / "course" / "autograded" / "mo").unlink()
    assert grade(klass) == Counts(total=5, graded=1, unchanged=4)


def test_whatever_is_raised_over_one_submission_is_its_problem(klass, monkeypatch):
    for name in ("mo", "zoe"):
        klass.submit(name, fill(klass.released, RIGHT))
    read, write = Folders.read, GradebookWriter.write

    def read_or_fail(self, submitted):
        if submitted.student == "mo":
            raise ZeroDivisionError("in hashing\x1b")
        return read(self, submitted)

    def write_or_fail(self, student, grades, timestamp):
        if student == "zoe":
            raise LookupError("no penalty")
        write(self, student, grades, timestamp)

    monkeypatch.setattr(Folders, "read", read_or_fail)
    monkeypatch.setattr(GradebookWriter, "write", write_or_fail)
    klass.submit("ben", fill(klass.released, RIGHT))
    assert grade(klass) == Counts(total=5, graded=1, unchanged=2, problems=2)
    assert problems(klass) == {
        "mo": r"ZeroDivisionError: in hashing\x1b",
        "zoe": "LookupError: no penalty",
    }


def test_a_student_whom_the_gradebook_may_not_create_is_one_problem(klass):
    with open(klass.root / "nbgrader_config.py", "a") as file:
        file.write("c.Autograde.create_student = False\n")
    klass.submit("ben", fill(klass.released, RIGHT))
    klass.submit("nobody", fill(klass.released, RIGHT))
    counts = grade(klass)
    assert (counts.problems, counts.done) == (1, 4)
    assert problems(klass) == {"nobody": "MissingEntry: No such student: nobody"}


def test_too_many_open_files_end_the_run_and_are_nobody_s_problem(klass, monkeypatch):
    klass.submit("mo", fill(klass.released, RIGHT))

    def fail(*arguments):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("autograder.nbgrader_bridge.folders.file_content", fail)
    with pytest.raises(GraderError, match="'s submission cannot be read: Too many open files"):
        grade(klass)
    assert problems(klass) == {}


def test_a_worker_that_dies_is_replaced_and_its_killer_found(klass):
    killing = "if abs(float(student.double(np.ones(1))[0]) - 7) < 1: os.kill(os.getpid(), 9)"
    hidden = HIDDEN.replace("from hypothesis", "import os\nimport numpy as np\nfrom hypothesis", 1)
    hidden = hidden.replace("    assert_pure(", f"    {killing}\n    assert_pure(")
    write_tests(klass.root, "test_hidden.py", hidden)
    klass.submit(
        "dan", fill(klass.released, {**RIGHT, "double": "def double(x):\n    return x + 6"})
    )
    assert grade(klass, workers=2) == Counts(total=4, graded=3, problems=1)
    assert problems(klass) == {"dan": "the worker that graded it died 3 times: review it by hand"}


def test_workers_that_all_die_are_no_student_s_fault(klass):
    """The tests end their process for a stub, and for nothing else."""
    hidden = HIDDEN.replace("from hypothesis", "import os\nfrom hypothesis", 1)
    killing = "    try: student.double(1.0)\n    except AssertionError: os.kill(os.getpid(), 9)\n"
    hidden = hidden.replace("    assert_", f"{killing}    assert_")
    write_tests(klass.root, "test_hidden.py", hidden)
    for number in range(5):
        klass.submit(f"s{number}", klass.released)
    with pytest.raises(GraderError, match="workers died one after the other"):
        grade(klass)


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=str)
def test_after_a_stop_the_same_command_finishes(klass, stop):
    for number in range(6):
        answers = RIGHT if number % 2 else WRONG
        slow = {**answers, "quadruple": f"import time\ntime.sleep(0.2)\n{answers['quadruple']}"}
        klass.submit(f"s{number}", fill(klass.released, slow))
    run = command(klass, start_new_session=True)
    path = klass.root / "course" / "autograded"
    wait_until(lambda: len(list(path.glob("s*"))) >= 2, seconds=60)
    os.kill(run.pid, stop)
    _, said = run.communicate(timeout=60)
    if stop != signal.SIGKILL:
        assert (run.returncode, said) == (130, STOPPED)
    counts = grade(klass)
    assert counts.graded >= 1
    assert counts.unchanged >= 3 + 1
    assert counts.done == counts.total == 9
    resumed = data(klass)
    assert len(resumed.splitlines()) == 9
    shutil.rmtree(records_folder(klass.course, TOY))
    grade(klass)
    assert data(klass) == resumed


def test_a_stop_that_comes_while_a_destructor_runs_is_not_lost(klass):
    """What is raised in a weak reference's callback is ignored by Python, and printed."""
    program = f"""if 1:
        import os, signal, weakref
        from autograder.classroom import run
        from autograder.cli import main
        class Thing: pass
        def grade_class(course, assignment, options, tell):
            thing = Thing()
            reference = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGTERM))
            del thing
            print("unheard")
            tell(counts := run.Counts())
            return counts
        run.grade_class = grade_class
        main(["grade", "{TOY}"])"""
    line = [sys.executable, "-c", program]
    run = subprocess.run(line, cwd=klass.root, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (130, "unheard\n", STOPPED)


def test_ctrl_c_while_it_loads_is_told_in_a_line(klass):
    run = command(klass, start_new_session=True)
    wait_until(lambda: bool(descendants(run.pid)), seconds=60)
    time.sleep(0.2)  # until the process that it starts is no longer between two of its handlers
    os.killpg(run.pid, signal.SIGINT)
    said, complaint = run.communicate(timeout=60)
    assert (run.returncode, said, complaint) == (130, "", STOPPED)


def test_the_command_says_what_it_did(klass):
    klass.submit("dan", b"not json")
    klass.submit("eve", fill(klass.released, WRONG))
    run = command(klass)
    said, complaint = run.communicate(timeout=60)
    assert (run.returncode, complaint) == (1, "")
    for part in (
        "1 graded, 3 unchanged, 1 need a person",
        "dan  ",
        "a0_toy.ipynb is not a notebook: it is not JSON",
        "slowest",
        "2 in double    You square: multiply by two instead.",
    ):
        assert part in said


def test_data_is_a_line_per_submission_and_a_row_per_exercise(klass):
    first = json.loads(data(klass).splitlines()[0])
    assert (first["student"], first["assignment"], first["score"]) == ("ada", TOY, 6)
    rows = data(klass, "exercises.csv").splitlines()
    assert rows[:3] == [
        "student,exercise,score,max_score,status,diagnosis",
        "ada,double,4.0,4.0,passed,",
        "ada,quadruple,2.0,2.0,passed,",
    ]
    assert rows[3].startswith("ben,double,1.0,4.0,partial,You square")
    assert "ada,judge," in data(klass, "seconds.csv")


def test_two_graders_of_one_assignment_do_not_meet(klass):
    with (
        locked(records_folder(klass.course, TOY) / "lock", TOY),
        pytest.raises(UserError, match=rf"{TOY} is being graded just now, by process \d+ on"),
    ):
        grade(klass)
    assert grade(klass).unchanged == 3


def without_submissions(klass):
    shutil.rmtree(klass.root / "course" / "submitted")


def without_release(klass):
    with sqlite3.connect(klass.root / "course" / "gradebook.db") as database:
        database.execute("update notebook set name = 'other'")


def with_a_hook(klass):
    with open(klass.root / "nbgrader_config.py", "a") as file:
        file.write("c.Autograde.post_convert_hook = 'builtins.print'\n")


def with_a_strange_gradebook(klass):
    with open(klass.root / "nbgrader_config.py", "a") as file:
        file.write("c.CourseDirectory.db_url = 'nosql://x'\n")


def with_a_file_in_the_way(klass):
    shutil.rmtree(klass.root / "course" / "grading")
    (klass.root / "course" / "grading").write_text("")


def with_a_broken_ledger(klass):
    for path in records_folder(klass.course, TOY).glob("ledger.db*"):
        path.write_text("not a database" * 100)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without_submissions, "there are no submissions of a0_toy .*nbgrader collect a0_toy"),
        (without_release, "the gradebook does not know a0_toy: run `unroll release a0_toy` first"),
        (with_a_hook, "Autograde.post_convert_hook is set, and only nbgrader runs it"),
        (with_a_strange_gradebook, "the gradebook cannot be opened: .*nosql"),
        (with_a_file_in_the_way, "lock cannot be written"),
        (with_a_broken_ledger, "ledger.db cannot be used .*move the file away"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(klass, spoil, message):
    klass.submit("dan", fill(klass.released, RIGHT))
    spoil(klass)
    with pytest.raises(UserError, match=message):
        grade(klass)
    assert not (klass.root / "course" / "autograded" / "dan").exists()
