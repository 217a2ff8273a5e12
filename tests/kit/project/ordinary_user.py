"""Programs run as a user without rights, whoever runs the tests."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534
PROJECT = Path(__file__).resolve().parents[3]
NEEDED = sorted({PROJECT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()})


@contextmanager
def ordinary_home() -> Iterator[Path]:
    """A home folder that belongs to the user that run_as_ordinary_user stands for."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield Path(folder)


def run_as_ordinary_user(script: str, home: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a bash script, which ends at its first error; root turns into nobody for it."""
    line = ["bash", "-e", "-c", script]
    if os.geteuid() == 0:
        line = _as_nobody(line, home)
    path = f"{Path(sys.prefix) / 'bin'}:{os.defpath}"
    settings = {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8"}
    return subprocess.run(line, cwd=cwd, env=settings, capture_output=True, text=True, check=False)


def _as_nobody(line: list[str], home: Path) -> list[str]:
    """The line that runs ``line`` as nobody.

    Python or the project may lie below a folder that is root's alone, ``/root`` say. Then the line
    gets a view of the file system in which nothing else is below that folder, and it is open.
    """
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *line]
    behind = {path: closed for path in NEEDED if (closed := _closed_above(path))}
    if not behind:
        return drop
    keep = {path: home / f".{number}" for number, path in enumerate(behind)}
    view = [f"mkdir -p {kept}; mount --bind {path} {kept}" for path, kept in keep.items()]
    view += [f"mount -t tmpfs -o mode=755 none {closed}" for closed in set(behind.values())]
    view += [f"mkdir -p {path}; mount --bind {kept} {path}" for path, kept in keep.items()]
    return ["unshare", "--mount", "sh", "-e", "-c", "; ".join([*view, f"exec {shlex.join(drop)}"])]


def _closed_above(path: Path) -> Path | None:
    """The topmost folder above ``path`` that others may not enter."""
    return next((each for each in reversed(path.parents) if not each.stat().st_mode & 0o001), None)
