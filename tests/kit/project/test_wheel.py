"""What students install: the kit, without any answer."""

from __future__ import annotations

import zipfile
from pathlib import Path

from autograder.authoring.validate import secret_lines
from autograder.core.course import find_course

PROJECT = Path(__file__).resolve().parents[3]
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
