"""A student's installation: the wheel in an environment of its own runs every notebook.

Nothing of the development environment is in reach there: neither its packages nor its kernels.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.core.course import find_course
from tests.submissions.fill import solved

COURSE = find_course(Path(__file__).parent)
WHEELHOUSE = Path(sys.prefix) / "wheelhouse"
OF_NOTEBOOKS = ("ipykernel", "nbclient")  # what runs a notebook, be it JupyterLab or a test


@dataclass(frozen=True)
class Student:
    """A student's home folder, with the environment that the course is installed in."""

    home: Path

    @property
    def bin(self) -> Path:
        return self.home / "env" / "bin"

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables; none comes from whoever runs the tests."""
        return {"HOME": str(self.home), "PATH": f"{self.bin}:{os.defpath}", "LANG": "C.UTF-8"}

    def run(self, program: str, *arguments: str | Path, cwd: Path) -> str:
        """What a program of the environment prints; it must end well and not complain."""
        run = subprocess.run(
            [self.bin / program, *arguments],
            cwd=cwd,
            env=self.settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


@pytest.fixture(scope="module")
def student(wheel, tmp_path_factory):
    if not (WHEELHOUSE / "ready").is_file():
        pytest.fail(f"{WHEELHOUSE} is not filled: run `make wheelhouse`")
    found = Student(tmp_path_factory.mktemp("student"))
    venv.create(found.home / "env", symlinks=True)
    line = [sys.executable, "-m", "pip", "--python", found.bin / "python", "install", "-q"]
    source = ["--no-compile", "--no-index", "--find-links", WHEELHOUSE]
    settings = {**found.settings, "PIP_CONFIG_FILE": os.devnull}
    subprocess.run([*line, *source, wheel, *OF_NOTEBOOKS], env=settings, check=True)
    return found


def test_the_kernel_sees_nothing_but_the_students_environment(student, tmp_path):
    asked = "import autograder, json, sys; print(json.dumps([autograder.__file__, *sys.path]))"
    nbformat.write(new_notebook(cells=[new_code_cell(asked)]), tmp_path / "where.ipynb")
    student.run(
        "jupyter", "execute", "--inplace", "--kernel_name=python3", "where.ipynb", cwd=tmp_path
    )
    (cell,) = nbformat.read(tmp_path / "where.ipynb", as_version=4).cells
    package, *path = json.loads(cell.outputs[0].text)
    assert Path(package).is_relative_to(student.home / "env")
    packages = [entry for entry in path if "site-packages" in entry or "dist-packages" in entry]
    assert len(packages) == 1
    assert str(COURSE.root) not in path


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_every_notebook_runs_and_draws_and_passes_with_the_reference(student, assignment, tmp_path):
    folder = tmp_path / assignment
    shutil.copytree(COURSE.release(assignment), folder)
    path = folder / f"{assignment}.ipynb"
    nbformat.write(solved(assignment), path)

    student.run("jupyter", "execute", "--inplace", path.name, cwd=folder)  # fails where a cell does
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code")
    assert len([each for each in outputs if "image/png" in each.get("data", {})]) >= 2
    assert not [each for each in outputs if each.get("name") == "stderr"]

    checks = [cell.source for cell in cells if cell.source.startswith('check("')]
    said = student.run("unroll", "check", path.name, cwd=folder)
    assert f"{len(checks)} of {len(checks)} exercises pass their public tests." in said
    assert " passed" in student.run("pytest", cwd=folder)


def test_practice_works(student, tmp_path):
    program = (
        "import quiz.engine.terminal\n"
        "from quiz.engine import load_topic\n"
        "print(load_topic('vanishing')[0].variant().prompt)"
    )
    assert "Is it forgotten?" in student.run("python", "-c", program, cwd=tmp_path)


def test_all_that_notebooks_and_public_tests_import_is_required_by_the_wheel(student, tmp_path):
    sources = []
    for folder in map(COURSE.release, COURSE.assignments):
        sources += [path.read_text() for path in folder.glob("*.py")]
        for path in folder.glob("*.ipynb"):
            cells = nbformat.read(path, as_version=4).cells
            sources += [cell.source for cell in cells if cell.cell_type == "code"]
    assert not_required(sources, student, tmp_path) == set()


def test_all_that_the_wheel_imports_is_required_by_it_or_by_an_extra(student, wheel, tmp_path):
    archive = zipfile.ZipFile(wheel)
    sources = [archive.read(name) for name in archive.namelist() if name.endswith(".py")]
    extras = ("cluster", "export", "instructor")
    assert not_required(sources, student, tmp_path, extras) == set()


def not_required(
    sources: Iterable[str | bytes], student: Student, cwd: Path, extras: tuple[str, ...] = ("",)
) -> set[str]:
    """The modules of others that are imported, and that no requirement of the wheel's brings."""
    program = (
        "import importlib.metadata as of, json\n"
        "print(json.dumps([of.packages_distributions(), of.requires('unroll-course')]))"
    )
    distributions, required = json.loads(student.run("python", "-c", program, cwd=cwd))
    names = {
        canonicalize_name(each.name)
        for each in map(Requirement, required)
        if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    }
    modules = {module for source in sources for module in imported(source)}
    return {
        module
        for module in modules - sys.stdlib_module_names - {"autograder", "quiz"}
        if names.isdisjoint(map(canonicalize_name, distributions.get(module, [module])))
    }


def imported(source: str | bytes) -> Iterator[str]:
    """The top names of the modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
