"""A cell that is no answer costs nothing, and the cause is told where something did not run."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.core.course import find_course
from autograder.core.results import Status
from autograder.judging.judge import load_judge
from autograder.sandbox.host.limits import Limits
from autograder.submission.notebook import read_node
from tests.submissions.fill import SHEETS, submission

A1 = "a1_activations"
COURSE = find_course(Path(__file__))
NUMPY = "import numpy as np"
RELU = "def relu(x):\n    return np.maximum(np.asarray(x, dtype=float), 0.0)"
NOT_TOLD = {"bash", "html", "javascript", "sql", "an export", "a download"}


def cells(name: str) -> dict[str, str]:
    """The cells of a file, by their titles."""
    text = (Path(__file__).parent / "cells" / f"{name}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^--- (.*)\n", text, flags=re.MULTILINE)[1:]
    return {title: cell.strip("\n") for title, cell in zip(parts[::2], parts[1::2], strict=True)}


def of(name: str):
    return pytest.mark.parametrize("title", cells(name))


@pytest.fixture(scope="module")
def judge():
    """The judge of a1, of two exercises: what a cell costs, it costs all."""
    whole = load_judge(COURSE, A1, limits=Limits(cell_seconds=2.0, call_seconds=2.0))
    some = tuple(each for each in whole.suite.exercises if each.name in ("sigmoid", "relu"))
    return replace(whole, suite=replace(whole.suite, exercises=some), quiz=None)


def handed_in(first=NUMPY, relu=RELU, more=()):
    """Right answers, where one cell imports NumPy for all, as released."""
    notebook = submission(COURSE.release(A1) / f"{A1}.ipynb", SHEETS / A1 / "complete.py")
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.source == NUMPY:
            cell.source = first
        elif name == "relu-solution":
            cell.source = relu
        elif name == "sigmoid-solution":
            cell.source = cell.source.removeprefix(NUMPY)
    notebook.cells += map(nbformat.v4.new_code_cell, more)
    return notebook


def report_on(judge, notebook, **metadata):
    notebook.metadata.update(metadata)
    return judge.grade(read_node(notebook))


def problems(report):
    return [str(problem) for problem in report.problems]


def lost(report):
    return [
        f"{test.name}: {test.failure}"
        for result in report.exercises
        for test in result.tests
        if test.score < test.points
    ]


def assert_costs_nothing(judge, notebook):
    report = report_on(judge, notebook)
    assert not lost(report), problems(report)
    return report


@of("first")
def test_a_first_cell_costs_nothing(judge, title):
    report = assert_costs_nothing(judge, handed_in(first=f"{cells('first')[title]}\n{NUMPY}"))
    assert len(report.problems) <= 1  # a cause is told once


@of("above")
def test_what_stands_above_an_answer_costs_nothing(judge, title):
    report = assert_costs_nothing(judge, handed_in(relu=f"{cells('above')[title]}\n{RELU}"))
    assert len(report.problems) <= 1


@of("inside")
def test_what_an_answer_does_besides_costs_nothing(judge, title):
    source = "def relu(x):\n" + textwrap.indent(cells("inside")[title], "    ")
    assert assert_costs_nothing(judge, handed_in(relu=source)).problems == ()


@of("last")
def test_a_last_cell_costs_nothing_and_is_named_where_it_stopped(judge, title):
    report = assert_costs_nothing(judge, handed_in(more=[cells("last")[title]]))
    assert len(report.problems) == (title not in NOT_TOLD)
    assert all(problem.startswith("cell 63: ") for problem in problems(report))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("exit()", "calls `exit()`, which does nothing here"),
        ("quit(3)", "calls `quit()`, which does nothing here"),
        ("%run other.py", "runs other.py, which the grader does not have"),
        ("input()", "EOFError: EOF when reading a line: nobody answers `input()` here"),
        ("open('x')", "FileNotFoundError: [Errno 2] No such file or directory: 'x': the grader"),
        ("from . import f", "ImportError: attempted relative import"),
        (
            "import numpy.randm",
            "ModuleNotFoundError: No module named 'numpy.randm': the",
        ),
        ("while True: pass", "did not finish within 2 s and was skipped"),
    ],
)
def test_the_cause_is_told(judge, cell, said):
    (problem,) = problems(report_on(judge, handed_in(more=[cell])))
    assert problem.startswith(f"cell 63: {said}")


def sentence_on(judge, relu, first=NUMPY):
    """What is said of a relu that earns nothing, while sigmoid earns all."""
    report = report_on(judge, handed_in(first, relu))
    sigmoid, result = report.exercises
    assert (sigmoid.score, result.score) == (10, 0)
    (said,) = {test.failure.summary for test in result.tests}
    return said


@pytest.mark.parametrize(
    "source",
    [
        "from scipy import special\ndef relu(x):\n    return special.softplus(x)",
        "import scipy.special as sp\ndef relu(x):\n    return x * sp.expit(x)",
        "def relu(x):\n    from scipy.special import expit\n    return np.array(expit(x))",
        "from scipy import *\ndef relu(x):\n    return special.expit(x)",
        "import scipy\ndef relu(x):\n    if scipy.special.expit(x) > 0.5:\n        return x",
        "import scipy\ndef relu(x):\n    return float(scipy.special.expit(x))",
        "import scipy\ndef relu(x):\n    return [scipy.y for y in scipy.special.expit(x)]",
        "import scipy\ndef relu(x):\n    y = np.zeros(3)\n    y[0] = scipy.special.expit(1)\n",
        "import scipy\ndef relu(x):\n    return {'y': (1, [scipy.special.expit(x)])}",
        "import scipy\ndef relu(x):\n    return range(len(scipy.special.expit(x)))",
        "import scipy\ndef relu(x):\n    x = x + 0\n    x += scipy.special.expit(x)\n    return x",
        "import scipy\ndef relu(x):\n    return np.where(True, scipy.special.expit(x), x)",
        "import scipy\ndef relu(x):\n    return next(scipy.special.expit(x))",
        "import scipy\nrelu = scipy.special.expit",
        "import scipy\ndef relu(x):\n    return scipy.special.expit(x).astype(float)",
        "import scipy\ndef relu(x):\n    return scipy.vmap(lambda y: max(y, 0))",
        "import scipy\nrelu = scipy.differentiate.derivative(np.abs)",
        "import scipy\nclass Relu(scipy.Base):\n    pass\nrelu = Relu()",
    ],
)
def test_data_of_an_absent_package_earn_nothing_and_name_it(judge, source):
    said = sentence_on(judge, source)
    assert said.startswith("`relu` uses scipy, which the grader does not have: NumPy only")


def test_a_stand_in_that_is_given_to_a_function_is_named(judge):
    report = report_on(
        load_judge(COURSE, A1),
        handed_in(
            more=[
                "import torch\ndef numerical_gradient(f, x, df, h=1e-5):\n"
                "    return f(torch.tensor(x))"
            ]
        ),
    )
    result = next(each for each in report.exercises if each.name == "numerical_gradient")
    assert result.score == 0
    assert "uses torch, which the grader does not have" in result.tests[0].failure.summary


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("import nunpy as npy", "nunpy, which the grader does not have: did you mean `numpy`?"),
        ("import Numpy as npy", "Numpy, which the grader does not have: did you mean `numpy`?"),
        ("import maths as npy", "maths, which the grader does not have: did you mean `math`?"),
        ("from helpers import npy", "helpers, which the grader does not have: if it is a file"),
        ("import my.own as npy", "my, which the grader does not have: if it is a file of yours"),
    ],
)
def test_a_misspelt_module_and_a_file_of_the_student_s_are_named(judge, source, hint):
    relu = f"{source}\ndef relu(x):\n    return npy.maximum(x, 0)"
    assert hint in sentence_on(judge, relu)
    (problem,) = problems(report_on(judge, handed_in(relu=relu)))
    assert problem.startswith(f"cell 17: imports {hint}")


def test_newer_syntax_is_told_with_both_versions(judge):
    relu = f"d = {{'a': 1}}\nprint(f'{{d['a']}}')\n{RELU}"
    report = report_on(judge, handed_in(relu=relu), language_info={"version": "3.99.1"})
    (problem,) = [each for each in problems(report) if each.startswith("cell 17")]
    assert "SyntaxError" in problem
    assert "the notebook was written with Python 3.99.1, the grader has 3." in problem
    for version in ("3.9.1", "three", None, ["3"]):
        report = report_on(judge, handed_in(relu=relu), language_info={"version": version})
        assert "written with" not in "".join(problems(report))


@pytest.mark.parametrize(
    ("header", "use"),
    [
        ("%%writefile mine.py", "from mine import relu"),
        ("%%writefile mine.py", "import mine\nrelu = mine.relu"),
        ("%%writefile mine.py", "from mine import *"),
        ("%%file mine.py", "%run mine.py"),
        ("%%writefile mine.py", "%run -i 'mine.py'"),
        (
            "%%writefile /content/mine.py",
            "import sys; sys.path.append('x')\nfrom mine import relu",
        ),
        ("%%writefile own/mine.py", "from own.mine import relu"),
        (
            "%%writefile mine.py",
            "import importlib, mine\nrelu = importlib.reload(mine).relu",
        ),
    ],
)
def test_a_file_that_a_cell_writes_can_be_imported(judge, header, use):
    notebook = handed_in(relu=f"{header}\nimport numpy as np\n{RELU}", more=[use])
    assert lost(report_on(judge, notebook)) == []


def test_a_file_written_in_two_parts_is_one(judge):
    parts = ["%%writefile mine.py\nimport numpy as np", f"%%writefile -a mine.py\n{RELU}"]
    notebook = handed_in(relu="pass", more=[*parts, "from mine import relu"])
    assert lost(report_on(judge, notebook)) == []


def test_an_error_in_a_written_file_names_the_cell_and_the_line(judge):
    written = "%%writefile mine.py\ndef relu(x):\n    return y"
    report = report_on(judge, handed_in(relu=written, more=["from mine import relu"]))
    said = report.exercises[1].tests[0].failure.summary
    assert "(cell 17 (mine.py), line 2: return y)" in said


def test_what_exists_is_never_bound_anew(judge):
    below = "def relu(x):\n    return x\n\nimport math as np\nnp, new = 1, 2\n"
    report = assert_costs_nothing(judge, handed_in(more=[f"1 / 0\n{below}"]))
    assert problems(report)[0].endswith("Still defined from the lines below: `new`")


@pytest.mark.parametrize(
    ("stop", "is_taken"),
    [
        ("1 / 0", True),
        ("raise KeyError('x')", True),
        ("open('x')", True),
        ("with open('x') as f:\n    text = f.read()", True),
        ("import sys\nsys.exit()", False),
        ("raise SystemExit", False),
        ("import os\nos._exit(1)", False),
        ("while True:\n    pass", False),
        ("import time\ntime.sleep(60)", False),
        ("import signal, os\nos.abort()", False),
    ],
)
def test_nothing_is_taken_from_a_cell_that_ran_out_of_time_crashed_or_exited(judge, stop, is_taken):
    report = report_on(judge, handed_in(relu=f"{stop}\n{RELU}"))
    assert (report.exercises[1].status is Status.PASSED) == is_taken
    assert problems(report)[0].startswith("cell 17: ")


def test_what_stands_in_a_block_below_its_failing_line_is_taken(judge):
    inside = textwrap.indent(f"1 / 0\n{RELU}", 8 * " ")
    relu = f"if __name__ == '__main__':\n    try:\n{inside}\n    finally:\n        pass"
    assert_costs_nothing(judge, handed_in(relu=relu))


def test_a_definition_that_lacked_a_name_is_tried_again(judge):
    relu = (
        "def relu(x, zero=np.zeros(())):\n    return np.maximum(np.asarray(x, dtype=float), zero)"
    )
    report = assert_costs_nothing(judge, handed_in(f"1 / 0\n{NUMPY}", relu))
    (problem,) = problems(report)
    assert (
        "Still defined from the lines below: `np`. Cells that stopped without it: 12, 17" in problem
    )


def test_constants_are_taken_and_what_has_to_be_computed_is_not(judge):
    relu = "1 / 0\nZERO = -0.5 * 0\nOTHER = print()\n" + RELU.replace("0.0", "ZERO")
    report = assert_costs_nothing(judge, handed_in(relu=relu))
    assert problems(report)[0].split("lines below: ")[1].startswith("`ZERO`, `relu`")


def test_what_hangs_when_it_is_taken_up_costs_itself_alone(judge):
    endless = "1 / 0\ndef slow(n):\n    while True: pass\n@slow\ndef other():\n    pass"
    assert_costs_nothing(judge, handed_in(more=[endless], relu=f"1 / 0\n{RELU}"))


def test_the_cause_is_told_once_in_a_report_of_few_lines(judge):
    from autograder.report import plain, report_text

    report = report_on(judge, handed_in(first="import sys\nsys.exit(3)\n" + NUMPY))
    text = plain(report_text(report))
    assert text.count("SystemExit: 3") == 1
    assert text.index("SystemExit: 3") < text.index("sigmoid")
    assert len(text.splitlines()) < 60
