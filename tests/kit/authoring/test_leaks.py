"""No key of a question for marks is in anything that reaches students, nor in the sandbox.

Run with ``-s`` to see the list of what was read.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from autograder.authoring.validate import secret_lines
from autograder.core.course import EXERCISE_FILES, QUESTIONS, SHARED_FILES, find_course
from autograder.judging.quiz import PUBLIC, load_graded, secret_texts
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.students.remote import remote_student
from autograder.submission.notebook import Cell

PROJECT = Path(__file__).resolve().parents[3]
COURSE = find_course(PROJECT)
QUIZZES = {name: load_graded(COURSE.questions(name), PUBLIC) for name in COURSE.assignments}
# What asks and marks, and holds no question.
MACHINERY = ("quiz/engine/", "quiz/export/", "autograder/judging/quiz.py")
TELLING = 30  # characters from which on a line is somebody's, not everybody's


def keys():
    """Every line of a reason or an explanation, as it is and as JSON has it."""
    for name, quiz in QUIZZES.items():
        for line in secret_texts(quiz):
            if len(line.strip()) >= TELLING:
                yield name, line.strip()
                yield name, line.strip().replace("\\", "\\\\").replace('"', '\\"')


def search(place, files):
    """Look for each key in each file; print what was read."""
    found = []
    for name, content in files:
        print(f"{place}: {name} ({len(content)} bytes)")
        text = content.decode("utf-8", "replace")
        found += [(name, assignment, key) for assignment, key in keys() if key in text]
        if "is_right" in text and not name.startswith(MACHINERY):
            found.append((name, "", "is_right"))
    assert found == []


def test_no_key_is_in_a_released_file():
    files = sorted(path for path in (PROJECT / "assignments").rglob("*") if path.is_file())
    released = [path for path in files if "__pycache__" not in path.parts]
    assert len(released) == 3 * len(COURSE.assignments)
    search("assignments", [(path.name, path.read_bytes()) for path in released])


def test_no_key_and_no_prompt_of_a_question_for_marks_is_in_the_wheel(wheel):
    archive = zipfile.ZipFile(wheel)
    files = [(name, archive.read(name)) for name in archive.namelist()]
    search("wheel", files)
    everything = b"\n".join(content for _, content in files).decode()
    for quiz in QUIZZES.values():
        for item in quiz.items.values():
            lines = [line for line in item.prompt.splitlines() if len(line) >= 2 * TELLING]
            assert not [line for line in lines if line in everything]
    assert not [name for name, _ in files if name.endswith((QUESTIONS, "claims.toml"))]


WALK = """
import os
answers = {}
for folder, folders, names in os.walk("/"):
    if folder.startswith(("/usr", "/lib", "/proc", "/sys", "/dev")) or "python3." in folder:
        continue
    for name in names:
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            answers[path] = file.read(1_000_000) if not name.endswith(".so") else b""
    if len(answers) > 5000:
        raise RuntimeError("too much to read")
answers = {path: data for path, data in answers.items() if "/numpy/" not in path or "quiz" in path}
"""
FIND = f"""
import os
SECRETS = {(QUESTIONS, *EXERCISE_FILES, *SHARED_FILES, "seed", "gradebook.db")}
answers = [
    os.path.join(folder, name)
    for folder, _, names in os.walk("/")
    for name in names
    if name in SECRETS
]
"""


def inside(source):
    """The value of ``answers`` after a cell that ran in the sandbox."""
    with (
        Sandbox([Cell(1, source)], limits=Limits(cell_seconds=60)) as sandbox,
        remote_student(sandbox) as student,
    ):
        assert sandbox.problems == ()
        return student.read_value("answers")


def test_no_key_is_in_a_file_that_the_sandbox_shows():
    files = inside(WALK)
    assert any(path.endswith("wire/codec.py") for path in files)
    search("sandbox", sorted(files.items()))
    assert inside(FIND) == []


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_the_secrets_of_an_assignment_are_many_enough_to_search_for(assignment):
    secrets = dict(secret_lines(COURSE, assignment))
    assert len(secrets[f"tests/{assignment}/{QUESTIONS}"]) >= 20
