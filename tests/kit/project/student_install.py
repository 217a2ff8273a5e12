"""Install the wheel in a fresh environment and use it as a student does, on any system.

    python tests/kit/project/student_install.py

It builds the wheel, and with it runs `unroll check` and `pytest` on an untouched notebook and on a
finished one, and answers questions of the quiz. It needs a package index, but nothing outside the
standard library. The workflow runs it on Windows and macOS, too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
ASSIGNMENT = "a1_activations"
COMPLETE = PROJECT / "tests" / "submissions" / ASSIGNMENT / "complete.py"
CONSTRAINTS = PROJECT / ".ci" / "constraints.txt"
# Whatever kind of question comes first, one of these lines answers it; the last one stops.
ANSWERS = "1\nA\n1\nB\n1\nC\n1\nD\n" * 5 + "q\n"

Run = Callable[..., str]


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        environment = install(Path(scratch))
        folder = Path(shutil.copytree(PROJECT / "assignments" / ASSIGNMENT, Path(scratch, "work")))
        run = runner(environment, folder)
        check_untouched(run)
        finish(folder / f"{ASSIGNMENT}.ipynb")
        check_finished(run)
        practise(run)
    print("A student can install, check, test and practise.")


def install(scratch: Path) -> Path:
    """A fresh environment in ``scratch`` with the wheel, built from this project, in it."""
    step("build the wheel and install it")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", scratch / "dist", PROJECT], check=True)
    (wheel,) = (scratch / "dist").glob("*.whl")
    venv.create(scratch / "venv", with_pip=True)
    environment = scratch / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip[0] = shutil.which("python", path=environment)
    subprocess.run([*pip, "install", "--constraint", CONSTRAINTS, wheel], check=True)
    return environment


def runner(environment: Path, folder: Path) -> Run:
    """A function that runs a command of ``environment`` in ``folder`` and returns its output."""
    home = str(folder.parent)  # no progress is read from or left in the user's own home
    variables = {**os.environ, "HOME": home, "XDG_STATE_HOME": home}
    variables.pop("PYTHONPATH", None)

    def run(command: str, *arguments: str, answers: str = "", status: int = 0) -> str:
        step(" ".join([command, *arguments]))
        ran = subprocess.run(
            [shutil.which(command, path=environment), *arguments],
            cwd=folder,
            env=variables,
            input=answers.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
            check=False,
        )
        output = ran.stdout.decode(errors="replace")
        if ran.returncode != status:
            sys.exit(f"{output}\nstatus {ran.returncode} instead of {status}")
        return output

    return run


def check_untouched(run: Run) -> None:
    expect(r"\b0 of \d+ exercises pass", run("unroll", "check", f"{ASSIGNMENT}.ipynb", status=1))
    expect(r"=+ \d+ failed in", run("pytest", status=1))


def check_finished(run: Run) -> None:
    expect(r"\b(\d+) of \1 exercises pass", run("unroll", "check", f"{ASSIGNMENT}.ipynb"))
    expect(r"=+ \d+ passed in", run("pytest"))


def practise(run: Run) -> None:
    expect("First answers", run("unroll", "quiz", "vanishing", answers=ANSWERS))
    program = "from quiz import practice; practice('lstm')"
    expect("First answers", run("python", "-c", program, answers=ANSWERS))


def finish(notebook: Path) -> None:
    """Add a cell with all answers at the end of ``notebook``."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"].append(
        {
            "cell_type": "code",
            "id": "answers",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": COMPLETE.read_text(encoding="utf-8"),
        }
    )
    notebook.write_text(json.dumps(content), encoding="utf-8")


def expect(pattern: str, output: str) -> None:
    if not re.search(pattern, output):
        sys.exit(f"{output}\nexpected: {pattern}")


def step(title: str) -> None:
    print(f"> {title}", flush=True)


if __name__ == "__main__":
    main()
