"""What students install: the kit without any answer, and enough of it to check their work."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from autograder.authoring.validate import secret_lines
from autograder.core.course import find_course

PROJECT = Path(__file__).resolve().parent.parent
COURSE = find_course(PROJECT)


def test_the_wheel_holds_the_kit_and_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"autograder", "quiz", wheel.name.rpartition("-py3")[0] + ".dist-info"}


def test_the_wheel_carries_the_licence_and_its_types(wheel):
    archive = zipfile.ZipFile(wheel)
    info = wheel.name.rpartition("-py3")[0] + ".dist-info"
    assert archive.read(f"{info}/licenses/LICENSE") == (PROJECT / "LICENSE").read_bytes()
    assert {"autograder/py.typed", "quiz/py.typed"} <= set(archive.namelist())
    assert "License-Expression: MIT" in archive.read(f"{info}/METADATA").decode()


def test_no_line_of_a_solution_or_hidden_test_is_in_the_wheel(wheel):
    archive = zipfile.ZipFile(wheel)
    content = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    for assignment in COURSE.assignments:
        for source, lines in secret_lines(COURSE, assignment):
            if "hidden" in source:  # the kit may say the rest, too
                lines = {line for line in lines if "student." in line}
            assert [line for line in lines if line in content] == [], source


def test_a_student_with_the_wheel_alone_can_check(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import autograder\n"
        f"assert autograder.__file__.startswith({str(tmp_path)!r})\n"
        "import numpy as np\n"
        "def relu(x): return np.maximum(x, 0.0)\n"
        "autograder.check('relu')\n"
        "import quiz.engine.terminal\n"
        "from quiz.engine import load_topic\n"
        "print(load_topic('vanishing')[0].variant().prompt)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=COURSE.release("a1_activations"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "relu  all tests pass" in run.stdout
    assert "Is it forgotten?" in run.stdout
