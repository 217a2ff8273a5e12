"""A student checks their own work: in the notebook, with `unroll check`, and with plain pytest."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from textwrap import dedent

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.preprocessors import Execute
from nbgrader.validator import Validator

import autograder
from autograder.authoring.release import build_source_folder
from autograder.core.errors import UserError
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.selfcheck import CheckFailed, check_namespace, check_notebook
from autograder.students.time_limit import TimeUp, time_limit
from autograder.submission.notebook import read
from tests.kit.toy_course import PUBLIC, TOY, make_course
from tests.submissions.fill import fill

RIGHT = {
    "double": "def double(x):\n    return 2.0 * x",
    "quadruple": "def quadruple(x):\n    return 4.0 * x",
}
HALF = {**RIGHT, "double": "def double(x):\n    return x * x"}


@pytest.fixture
def folder(tmp_path):
    """What a student has: the notebook and its public tests, away from any course."""
    course = make_course(tmp_path / "course")
    return build_source_folder(course, TOY, tmp_path / "student")


def answer(folder, answers):
    path = folder / f"{TOY}.ipynb"
    nbformat.write(fill(nbformat.read(path, as_version=4), answers), path)
    return path


def namespace(source: str):
    space: dict[str, object] = {"__name__": "__main__"}
    exec(source, space)
    return space


def test_check_tells_the_sentence_the_input_got_expected_and_the_likely_cause(folder):
    checked = check_namespace(namespace(HALF["double"]), "double", folder)
    assert checked.unfinished == ("double",)
    shown = repr(checked)
    for part in (
        "double  0 of 1 tests pass",
        "✗ double(1) is 2",
        "→ the result is wrong",
        "double([1.])",
        "likely cause",
        "Look at the factor.",
    ):
        assert part in shown
    html = checked._repr_html_()
    assert "double(1) is 2" in html
    assert "<td" in html


def test_check_leaves_nothing_behind_in_the_student_s_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    check_namespace(namespace(RIGHT["double"]), None, folder)
    assert sorted(folder.rglob("*")) == before


def test_check_of_a_right_function_is_content(folder):
    checked = check_namespace(namespace(RIGHT["double"]), "double", folder)
    assert checked.unfinished == ()
    assert "all tests pass" in repr(checked)


def test_check_without_a_name_checks_all(folder):
    checked = check_namespace(namespace(RIGHT["double"]), None, folder)
    assert checked.unfinished == ("quadruple",)
    assert "`quadruple` is not defined" in repr(checked)


@pytest.mark.parametrize(
    ("name", "message"),
    [("doubel", "did you mean 'double'"), ("xyz", "there are double, quadruple")],
)
def test_an_unknown_exercise_is_told(folder, name, message):
    with pytest.raises(UserError, match=message):
        check_namespace({}, name, folder)


def test_a_folder_without_the_tests_is_told(tmp_path):
    with pytest.raises(
        UserError, match=r"test_public\.py is not in .*open the notebook in its own"
    ):
        check_namespace({}, "double", tmp_path)


def test_a_student_s_text_is_escaped_in_html(folder):
    source = "def double(x):\n    raise ValueError('<script>alert(1)</script>')"
    html = check_namespace(namespace(source), "double", folder)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_plain_call_prints_and_raises_a_short_error(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    space = namespace(HALF["double"])
    space["check"] = autograder.check
    with pytest.raises(CheckFailed, match="double: not all tests pass yet"):
        exec("check('double')", space)
    assert "✗ double(1) is 2" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="did you mean 'double'"):
        exec("check('doubel')", space)


def run_notebook(path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.allow_errors = True
    client.execute()
    return {
        cell.metadata.nbgrader.grade_id: cell.outputs
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


@pytest.mark.filterwarnings("default")
def test_in_a_real_notebook_check_shows_a_table_and_one_line_of_error(folder):
    outputs = run_notebook(answer(folder, HALF))
    table, error = outputs["double"]
    assert "double(1) is 2" in table.data["text/html"]
    assert "double(1) is 2" in table.data["text/plain"]
    assert error.ename == "CheckFailed"
    assert error.traceback == [
        "CheckFailed: double: not all tests pass yet; the table above says why"
    ]
    (table,) = outputs["quadruple"]
    assert "all tests pass" in table.data["text/html"]


@pytest.mark.filterwarnings("default")
def test_nbgrader_s_validate_sees_what_check_sees(folder):
    path = answer(folder, HALF)
    validator = Validator()
    validator.preprocessors = [Execute]
    results = validator.validate(str(path))
    assert [cell["source"] for cell in results["failed"]] == ['check("double")']


def unroll(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_unroll_check_says_the_same_in_a_terminal(folder):
    run = unroll("check", str(answer(folder, HALF)), cwd=folder)
    assert run.returncode == 1
    assert "✗ double(1) is 2" in run.stdout
    assert "1 of 2 exercises pass their public tests." in run.stdout
    answer(folder, RIGHT)
    run = unroll("check", f"{TOY}.ipynb", cwd=folder)
    assert (run.returncode, run.stderr) == (0, "")
    assert "2 of 2 exercises pass" in run.stdout


def test_unroll_check_names_a_cell_that_does_not_run(folder):
    path = answer(folder, {**RIGHT, "double": "def double(x:\n    pass"})
    checked = check_notebook(path)
    assert len(checked.problems) == 1
    assert "SyntaxError" in str(checked.problems[0])
    said = unroll("check", str(path), cwd=folder).stdout
    assert said.startswith("Cells that did not run as they stand\n  cell 6: SyntaxError")


def test_plain_pytest_in_the_folder_says_the_same(folder):
    answer(folder, HALF)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in run.stdout
    assert "double(1) is 2" in run.stdout
    assert "likely cause: Look at the factor." in run.stdout
    assert "assert_close" not in run.stdout


def pytest_in(folder, *options):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_course_s_own_tests_run_against_the_reference(tmp_path):
    course = make_course(tmp_path)
    run = pytest_in(course.tests(TOY), "--import-mode=importlib")
    assert run.returncode == 0, run.stdout
    assert "6 passed" in run.stdout


def test_two_notebooks_beside_the_tests_are_one_too_many(folder):
    (folder / "copy.ipynb").write_bytes((folder / f"{TOY}.ipynb").read_bytes())
    assert "holds several notebooks" in pytest_in(folder).stdout


def test_a_broken_test_of_the_author_s_is_an_error_not_a_failure(folder):
    (folder / "test_public.py").write_text(
        PUBLIC.replace(
            "    assert_close(student.double(np.ones(1))", "    1 / 0, (student.double(1)"
        )
    )
    answer(folder, RIGHT)
    assert "GraderError" in pytest_in(folder).stdout


@pytest.mark.parametrize("stop", ["exit()", "import sys\nsys.exit()", "import os\nos._exit(0)"])
def test_a_cell_that_exits_is_told_and_the_check_goes_on(folder, stop):
    path = answer(folder, RIGHT)
    content = nbformat.read(path, as_version=4)
    content.cells.append(nbformat.v4.new_code_cell(stop))
    nbformat.write(content, path)
    run = unroll("check", str(path), cwd=folder)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"cell {len(content.cells)}: " in run.stdout
    assert "2 of 2 exercises pass" in run.stdout
    run = pytest_in(folder)
    assert run.returncode == 0, run.stdout
    assert "2 passed" in run.stdout
    assert f"cell {len(content.cells)}: " in run.stdout


LATE = "`double` does not return within 0.5 s: look for a loop that never ends"
ENDLESS = {**RIGHT, "double": "def double(x):\n    while True:\n        pass"}
STUBBORN = (
    "def double(x):\n    while True:\n        try:\n            while True:\n                pass\n"
    "        except:\n            pass"
)


@pytest.fixture
def quick(monkeypatch):
    """The grader's limits, for tests that wait for them."""
    limits = Limits(call_seconds=0.5, cell_seconds=0.5)
    monkeypatch.setattr("autograder.selfcheck.Limits", lambda: limits)
    monkeypatch.setattr("autograder.sandbox.host.session.Limits", lambda: limits)
    monkeypatch.setattr("autograder.students.local_sandbox.Limits", lambda: limits)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "source", [ENDLESS["double"], STUBBORN, "import time\ndef double(x):\n    time.sleep(60)"]
)
def test_a_function_that_never_returns_is_told_in_the_notebook(folder, source):
    assert LATE in repr(check_namespace(namespace(source), "double", folder))


@pytest.mark.usefixtures("quick")
def test_it_is_told_in_another_thread_too(folder):
    with ThreadPoolExecutor(1) as pool:
        own = namespace(ENDLESS["double"])
        checked = pool.submit(check_namespace, own, "double", folder).result()
    assert LATE in repr(checked)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("can_fork", [True, False])
def test_it_is_told_of_a_notebook_file(folder, monkeypatch, can_fork):
    if not can_fork:
        monkeypatch.delattr("os.fork")
    assert LATE in repr(check_notebook(answer(folder, ENDLESS)))


def test_a_limit_of_time_leaves_the_alarm_clock_as_it_was():
    with time_limit(60):
        with pytest.raises(TimeUp), time_limit(0.01):
            time.sleep(5)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


CELLS = """
    import matplotlib.pyplot as plt
    plt.rcParams["a"] = 1
    from pandas import *
    await __import__("asyncio").sleep(0)
    %time import numpy as np
    x = open("data.csv")
    while True:
        pass
    exit()
    help(len)
    1 / 0
"""


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("line", dedent(CELLS.replace("True:\n        ", "True: ")).split("\n"))
@pytest.mark.parametrize("can_fork", [True, False])
def test_a_notebook_runs_as_it_will_in_the_grader(folder, monkeypatch, can_fork, line):
    path = answer(folder, RIGHT)
    content = nbformat.read(path, as_version=4)
    content.cells[2].source = f"{line}\nimport numpy as np"
    nbformat.write(content, path)
    if not can_fork:
        monkeypatch.delattr("os.fork")
    checked = check_notebook(path)
    assert checked.unfinished == ()
    told = [str(each).replace("stopped", "skipped") for each in checked.problems]
    with Sandbox(read(path).cells, limits=Limits(cell_seconds=0.5)) as sandbox:
        assert told == [*map(str, sandbox.problems)]


def test_check_says_what_the_grader_says_of_a_package_that_it_lacks(folder, monkeypatch, tmp_path):
    (tmp_path / "scipy").mkdir()
    (tmp_path / "scipy/__init__.py").write_text(
        "import numpy as np\n"
        "def twice(x):\n    return 2.0 * x\n"
        "def plot(x):\n    pass\n"
        "twice_all = np.frompyfunc(twice, 1, 1)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "scipy", raising=False)
    for source in (
        "import scipy\ndef double(x):\n    return scipy.twice(x)",
        "from scipy import twice as double",
        "from scipy import twice_all\ndef double(x):\n    return twice_all(x).astype(float)",
        "import scipy\nclass Doubler:\n    def of(self, x):\n        return scipy.twice(x)\n"
        "def double(x):\n    return scipy.twice(Doubler().of(x)) / 2",
        "from scipy import twice\ndef f(x):\n    return twice(x)\ndef double(x):\n    return f(x)",
        "def double(x):\n    from scipy import twice\n    return twice(x)",
        "def double(x):\n    import scipy as s\n    return s.twice(x)",
        "import scipy\ndef double(x, f=scipy.twice):\n    return f(x)",
        "import scipy\ndef make(f):\n    def inner(x):\n        return f(x)\n    return inner\n"
        "double = make(scipy.twice)",
    ):
        checked = check_namespace(namespace(source), "double", folder)
        assert checked.unfinished == ("double",), source
        shown = repr(checked)
        assert "`double` uses scipy, which the grader does not have: NumPy only" in shown
        assert "`double` uses scipy, which the grader does not have" in shown
    own_object = (
        "class Factor:\n    def __init__(self, value):\n        self.value = value\n"
        "import scipy\nfactor = Factor(2.0)\n"
        "def double(x):\n    scipy.plot(x)\n    return factor.value * x"
    )
    assert check_namespace(namespace(own_object), "double", folder).unfinished == ()
    fallback = (
        "def double(x):\n    try:\n        import scipy\n    except ImportError:\n"
        "        return 2.0 * x\n    return scipy.twice(x)"
    )
    drawing = "import scipy\ndef double(x):\n    scipy.plot(x)\n    return 2.0 * x"
    path = tmp_path / "own.py"
    path.write_text(fallback)
    space: dict[str, object] = {}
    exec(compile(fallback, path, "exec"), space)
    assert check_namespace(space, "double", folder).unfinished == ()
    own = namespace(drawing)
    assert check_namespace(own, "double", folder).unfinished == ()
    assert own["scipy"] is sys.modules["scipy"]
