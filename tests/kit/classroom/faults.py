"""A class's run killed at random moments: ``python -m tests.kit.classroom.faults [MOMENTS] [LOG]``.

Each moment has a class of its own. The grader and all its processes are killed there (SIGKILL); the
same command then finishes, and what it leaves must equal what an undisturbed run does.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.authoring.release import release
from autograder.classroom.run import ledger_of, records_folder
from autograder.sandbox.host.kernel import descendants
from tests.kit.toy_class import RIGHT, WRONG, Class, files, rows
from tests.kit.toy_course import TOY, make_course
from tests.submissions.fill import fill

SEED = 20260501
STUDENTS = 23


def path_without_sandbox(folder: Path) -> str:
    """A PATH on which the first bubblewrap is not allowed to do its work."""
    folder.mkdir()
    bwrap = folder / "bwrap"
    bwrap.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace, likely because the kernel "
        "does not allow non-privileged user namespaces.' >&2\nexit 1\n"
    )
    bwrap.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def hand_in(klass: Class, students: int) -> None:
    """Right, wrong and untouched answers in turn, and one who needs a person."""
    sheets = (RIGHT, WRONG, {})
    for number in range(students):
        klass.submit(f"s{number:02}", fill(klass.released, sheets[number % 3]))
    klass.submit("unlucky", b"not json")


def command(klass: Class, *prefix: str, **settings) -> subprocess.Popen:
    """The run, in a process group of its own; ``prefix`` goes before the command."""
    line = [*prefix, sys.executable, "-m", "autograder", "grade", TOY, "--workers", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(line, cwd=klass.root, start_new_session=True, **pipes, **settings)


def left(klass: Class) -> dict[str, object]:
    """All that a run leaves: gradebook, autograded files, reports; not how long it took."""
    folder = records_folder(klass.course, TOY)
    names = ("reports.jsonl", "exercises.csv", "problems.csv")
    data = {name: (folder / name).read_text() for name in names}
    return {**rows(klass), "files": files(klass), **data}


def kill_after(klass: Class, seconds: float, started: bool = True) -> set[int]:
    """Kill a run with all its group, ``seconds`` after it began (``started``: began to write).

    Returns the processes that outlive it by 10 s: sandboxes have sessions of their own, and must
    notice.
    """
    run = command(klass)
    if started:
        wait_until_writing(klass, run)
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.wait(seconds)
    family = descendants(run.pid)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)
    deadline = time.monotonic() + 10
    while any(map(_lives, family)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return set(filter(_lives, family))


def wait_until_writing(klass: Class, run: subprocess.Popen) -> None:
    while run.poll() is None and not list((klass.root / "course").glob("autograded/s*")):
        time.sleep(0.005)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def noted(klass: Class) -> int:
    """How many submissions the records know the outcome of."""
    if not (records_folder(klass.course, TOY) / "ledger.db").exists():
        return 0
    with ledger_of(klass.course, TOY) as ledger:
        return len(ledger.records()) + len(ledger.problems())


def main(moments: int, log: Path) -> None:
    draw = random.Random(SEED)
    unequal = survivors = 0
    with tempfile.TemporaryDirectory() as name, open(log, "w") as file:

        def say(line: str) -> None:
            print(line, flush=True)
            print(line, file=file, flush=True)

        template = Path(name, "template")
        release(make_course(template), TOY)
        klass = Class(template)
        hand_in(klass, STUDENTS)
        undisturbed = Class(Path(shutil.copytree(template, Path(name, "undisturbed"))))
        start = time.monotonic()
        run = command(undisturbed)
        wait_until_writing(undisturbed, run)
        before = time.monotonic() - start
        run.communicate()
        after = time.monotonic() - start - before
        expected = left(undisturbed)
        say(
            f"undisturbed: {before:.1f} s until it writes, {after:.1f} s until its end; seed {SEED}"
        )
        for number in range(1, moments + 1):
            klass = Class(Path(shutil.copytree(template, Path(name, str(number)))))
            started = number % 3 > 0
            since = "it began to write" if started else "it began"
            moment = draw.uniform(0, after if started else before)
            alive = kill_after(klass, moment, started)
            known = noted(klass)
            _, complaint = command(klass).communicate()
            equal = not complaint and left(klass) == expected
            unequal += not equal
            survivors += len(alive)
            say(
                f"{number:3}: killed {moment:5.2f} s after {since}, {known:2} of {STUDENTS + 1} "
                f"noted, {len(alive)} processes left; then "
                f"{'equal' if equal else 'NOT EQUAL ' + complaint}"
            )
            shutil.rmtree(klass.root)
        say(f"{moments} kills: {moments - unequal} gradebooks equal, {survivors} processes left")
    sys.exit(bool(unequal or survivors))


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 30,
        Path(sys.argv[2] if len(sys.argv) > 2 else os.devnull),
    )
